import {
  type Cancel,
  type Clock,
  type EpochMs,
  isMovable,
  type MovableClock,
} from '../base/clock.ts';
import { type ClockSetting, settingOf } from '../base/clock-setting.ts';
import { KnownError } from '../base/errors.ts';
import { limits } from '../base/limits.ts';
import { parseDuration, parseTime } from '../base/time-words.ts';
import { ClockMover } from './clock-mover.ts';
import { ClockTurns } from './clock-turns.ts';
import type { LogFiles } from './log-files.ts';
import type { Traffic } from './traffic.ts';

/** Another process whose clock follows the server's. */
export interface ClockFollower {
  /** When its earliest appointment is, as far as it has told; undefined when it has none. */
  readonly next: EpochMs | undefined;
  /**
   * Moves its clock; resolves when it says that all that follows has happened, or when it is gone. With `setting`
   * it goes on from there as that says. Ends where it has come to when it is aborted.
   */
  moveTo(target: EpochMs, options?: FollowOptions): Promise<void>;
}

export interface FollowOptions {
  readonly setting?: ClockSetting;
  readonly aborted?: AbortSignal | undefined;
}

export interface ServerClockOptions {
  readonly clock: Clock;
  readonly traffic: Traffic;
  readonly logs: LogFiles;
  /** Of times that name no zone; the machine's when undefined. */
  readonly timeZone: string | undefined;
  /** The processes that follow now. */
  readonly followers: () => readonly ClockFollower[];
  /** Told when time went back: readers of the log must hear of it. */
  readonly wentBack: () => void;
}

/**
 * A server's clock, in all its processes: what it shows, and how it is moved. Moves are made one after another. With
 * daemons in processes of their own the clocks go in step: that process moves whose appointment is next, up to the
 * next one of another, so that everything happens in the order of its time.
 */
export class ServerClock implements Clock {
  readonly #options: ServerClockOptions;
  readonly #start: EpochMs;
  readonly #turns = new ClockTurns();

  constructor(options: ServerClockOptions) {
    this.#options = options;
    this.#start = options.clock.now();
  }

  now(): EpochMs {
    return this.#options.clock.now();
  }

  schedule(at: EpochMs, task: () => void): Cancel {
    return this.#options.clock.schedule(at, task);
  }

  /** When something falls due next, in any process; undefined when nothing does, or on the machine's clock. */
  get next(): EpochMs | undefined {
    const { clock, followers } = this.#options;
    const all = [isMovable(clock) ? clock.next : undefined, ...followers().map(({ next }) => next)];
    const known = all.filter((at) => at !== undefined);
    return known.length === 0 ? undefined : Math.min(...known);
  }

  get setting(): ClockSetting {
    return settingOf(this.#options.clock);
  }

  /**
   * Moves time forward, by a duration such as `30d` or `1h30m`, or by milliseconds. Each thing that falls due on
   * the way happens at its own time; connected clients count as alive throughout. Resolves to the new time when
   * what follows at once has happened, too.
   * @throws KnownError USAGE for what is no duration; CLOCK_REAL on the machine's clock; CLOCK_RESET when the server is
   * reset before that
   */
  async advance(by: string | number): Promise<EpochMs> {
    const ms = typeof by === 'string' ? parseDuration(by, 'by') : wholeMs(by);
    return this.inTurn((aborted) => this.#moveTo(this.now() + ms, aborted));
  }

  /**
   * Sets the time: an ISO 8601 text, `+1h30m` from now, or milliseconds. Forward is as `advance`; back runs
   * nothing, as a system clock that is set back.
   * @throws KnownError as `advance`; also for a time more than `limits.durationMsMax` ahead
   */
  async set(to: string | EpochMs): Promise<EpochMs> {
    if (typeof to === 'string' && to.startsWith('+')) return this.advance(to.slice(1));
    const target =
      typeof to === 'string' ? parseTime(to, 'to', this.#options.timeZone) : wholeMs(to);
    return this.inTurn(async (aborted) => {
      const before = this.now();
      await this.#moveTo(target, aborted);
      if (target < before) this.#options.wentBack();
      await this.#options.logs.flushed();
      return this.now();
    });
  }

  /** Back to the time at which the server began; nothing on the machine's clock. Only from within `interrupt`. */
  async restart(): Promise<void> {
    if (isMovable(this.#options.clock)) await this.#moveTo(this.#start);
  }

  /** Takes a step while nobody else moves the clock. Throws as `ClockTurns.take` does. */
  inTurn<T>(step: (aborted: AbortSignal) => Promise<T>): Promise<T> {
    return this.#turns.take(step);
  }

  /** Takes a step before all moves of the clock, which are given up. */
  interrupt<T>(step: () => Promise<T>): Promise<T> {
    return this.#turns.interrupt(step);
  }

  async #moveTo(target: EpochMs, aborted?: AbortSignal): Promise<EpochMs> {
    const clock = this.#movable();
    const ahead = target - clock.now();
    if (target < 0 || target > limits.clockMsMax || ahead > limits.durationMsMax) {
      const text = 'clock: expected a time of the years 1970 to 9999, at most 100 years ahead';
      throw new KnownError('USAGE', `${text}, got ${timeText(target)}`);
    }
    await this.#moveInStep(new ClockMover(clock, this.#options), target, aborted);
    return this.now();
  }

  #movable(): MovableClock {
    const { clock } = this.#options;
    if (isMovable(clock)) return clock;
    const text =
      'clock: expected one that can be moved, got the clock of this machine (--clock real)';
    throw new KnownError('CLOCK_REAL', text);
  }

  async #moveInStep(own: ClockMover, target: EpochMs, aborted?: AbortSignal): Promise<void> {
    const { followers } = this.#options;
    if (followers().length > 0) {
      // Each says when its next appointment is.
      await Promise.all(followers().map((each) => each.moveTo(this.now())));
      for (;;) {
        // Of one time, the manager's first, then in the order of the VENDOR lines: sorting is stable.
        const [first, second] = [own, ...followers()]
          .filter(({ next = Number.POSITIVE_INFINITY }) => next <= target)
          .sort((a, b) => a.next! - b.next!);
        if (first === undefined) break;
        await first.moveTo(Math.min(second?.next ?? target, target), { aborted });
        aborted?.throwIfAborted();
      }
    }
    await own.moveTo(target, { aborted });
    const { setting } = this;
    await Promise.all(followers().map((each) => each.moveTo(target, { setting })));
  }
}

function wholeMs(ms: number): number {
  if (Number.isSafeInteger(ms) && ms >= 0) return ms;
  throw new KnownError('USAGE', `clock: expected whole milliseconds from 0 on, got ${ms}`);
}

function timeText(at: number): string {
  return Math.abs(at) <= 8.64e15 ? new Date(at).toISOString() : String(at);
}
