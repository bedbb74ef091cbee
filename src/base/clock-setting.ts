import { type Clock, type EpochMs, ManualClock, systemClock } from './clock.ts';
import { KnownError, unreachable } from './errors.ts';
import { ScaledClock } from './scaled-clock.ts';
import { parseTime } from './time-words.ts';

/** How a clock is to be; plain data, so that it travels to other processes. */
export type ClockSetting =
  | { readonly kind: 'real' }
  /** Stands still at `at`; absent: at the whole second in which it is made. */
  | { readonly kind: 'manual'; readonly at?: EpochMs }
  /** Runs `factor` times as fast: shows `at` [the machine's time] when the machine shows `since` [when it is made]. */
  | {
      readonly kind: 'scaled';
      readonly factor: number;
      readonly at?: EpochMs;
      readonly since?: EpochMs;
    };

/** A pace beyond these is no clock: a day in 86 ms, or an hour in six weeks. */
const FACTOR_MAX = 1_000_000;
const FACTOR_MIN = 0.001;

/**
 * Reads `real`, `manual`, `x60`, `x0.5`; the latter two with `@2030-01-07T09:00` begin at that time, which is of
 * `timeZone` unless it names its own.
 * @throws KnownError USAGE for anything else; `where` says what was read.
 */
export function parseClock(text: string, where: string, timeZone?: string): ClockSetting {
  const match = /^(real|manual|x(\d{1,9}(?:\.\d{1,9})?))(?:@(.*))?$/i.exec(text);
  const [, word = '', factorText, time] = match ?? [];
  if (match === null || (word.toLowerCase() === 'real' && time !== undefined)) {
    const got = text.length > 60 ? `${text.slice(0, 57)}...` : text;
    throw new KnownError(
      'USAGE',
      `${where}: expected real, manual, manual@2030-01-07T09:00 or x60, got "${got}"`,
    );
  }
  const at = time === undefined ? {} : { at: parseTime(time, where, timeZone) };
  if (word.toLowerCase() === 'real') return { kind: 'real' };
  if (word.toLowerCase() === 'manual') return { kind: 'manual', ...at };
  const factor = Number(factorText);
  if (factor >= FACTOR_MIN && factor <= FACTOR_MAX) return { kind: 'scaled', factor, ...at };
  const text2 = `${where}: expected a factor from ${FACTOR_MIN} to ${FACTOR_MAX}, got ${factorText}`;
  throw new KnownError('USAGE', text2);
}

/** The clock that is set so. */
export function makeClock(setting: ClockSetting): Clock {
  switch (setting.kind) {
    case 'real':
      return systemClock;
    case 'manual':
      return new ManualClock(setting.at ?? Math.floor(systemClock.now() / 1_000) * 1_000);
    case 'scaled': {
      const { factor, at: start, since } = setting;
      return new ScaledClock({
        factor,
        ...(start === undefined ? {} : { start }),
        ...(since === undefined ? {} : { since }),
      });
    }
    default:
      return unreachable(setting);
  }
}

/** Has a scaled clock agree with the one whose setting this is; one that stands still is moved there instead. */
export function adoptSetting(clock: Clock, setting: ClockSetting): void {
  if (setting.kind !== 'scaled' || !(clock instanceof ScaledClock)) return;
  const { factor, at: start = clock.now(), since } = setting;
  if (since !== undefined) clock.join({ factor, start, since });
}

/** How another clock must be set to agree with this one from now on. One that nobody here made counts as real. */
export function settingOf(clock: Clock): ClockSetting {
  if (clock instanceof ManualClock) return { kind: 'manual', at: clock.now() };
  if (clock instanceof ScaledClock) {
    const { factor, start, since } = clock.pace;
    return { kind: 'scaled', factor, at: start, since };
  }
  return { kind: 'real' };
}
