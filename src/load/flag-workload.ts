import { KnownError } from '../base/errors.ts';
import { limits } from '../base/limits.ts';
import { parseDuration } from '../base/time-words.ts';
import type { RetryPolicy, SeatRequest, SessionKind, Workload } from '../domain/workload/model.ts';
import { parseDistribution, parseRate } from '../domain/workload/words.ts';

/** A workload in the words of flags; what is not given has its default. */
export interface WorkloadFlags {
  readonly feature?: readonly string[] | undefined;
  readonly rate?: string | undefined;
  readonly hold?: string | undefined;
  readonly duration?: string | undefined;
  readonly spacing?: 'poisson' | 'uniform' | undefined;
  readonly users?: string | undefined;
  readonly think?: string | undefined;
  readonly connections?: 'held' | 'fresh' | undefined;
  readonly retry?: string | undefined;
  readonly queue?: string | undefined;
  readonly deaths?: string | undefined;
}

const DURATION_MS = 10_000;
/** Who sessions belong to, unless it is said. */
export const USERS = 64;

/** @throws KnownError USAGE naming the flag */
export function workloadOfFlags(flags: WorkloadFlags): Workload {
  const { rate, think, duration, spacing = 'poisson' } = flags;
  const durationMs = duration === undefined ? DURATION_MS : parseDuration(duration, '--duration');
  if (durationMs === 0) throw usage('--duration', 'more than nothing', duration!);
  const users = flags.users === undefined ? USERS : wholeNumber('--users', flags.users);
  if ((rate === undefined) === (think === undefined)) {
    const got = rate === undefined ? 'neither' : 'both';
    const text = `expected --rate (sessions come whatever becomes of others) or --think (users take turns), got ${got}`;
    throw new KnownError('USAGE', text);
  }
  return {
    durationMs,
    sessions:
      think === undefined
        ? {
            kind: 'open',
            spacing,
            phases: [{ kind: 'steady', durationMs, rate: rateOf(rate!, durationMs) }],
          }
        : { kind: 'closed', users, think: parseDistribution(think, '--think'), rampMs: 0 },
    users,
    connections: flags.connections ?? 'held',
    mix: mixOf(flags),
    polls: [],
    storms: [],
    churnPerSecond: 0,
  };
}

function rateOf(text: string, durationMs: number): number {
  const rate = parseRate(text, '--rate');
  if (rate > 0 && (rate * durationMs) / 1000 <= limits.loadArrivalsMax) return rate;
  throw usage('--rate', `more than 0 and at most ${limits.loadArrivalsMax} sessions in all`, text);
}

function mixOf(flags: WorkloadFlags): readonly SessionKind[] {
  const { feature = [], hold, retry, queue, deaths } = flags;
  if (feature.length === 0) throw new KnownError('USAGE', 'expected --feature, got none');
  const shared = {
    weight: 1,
    hold: parseDistribution(hold ?? '1s', '--hold'),
    deaths: deaths === undefined ? 0 : shareOf(deaths, '--deaths'),
    ...(retry === undefined ? {} : { retry: parseRetry(retry, '--retry') }),
    ...(queue === undefined ? {} : { queue: queueOf(queue) }),
  };
  return feature.map((text) => ({ ...shared, name: text, bundle: parseBundle(text, '--feature') }));
}

/** `A`, `A:2`, `A+B:2`. @throws KnownError USAGE */
export function parseBundle(text: string, where: string): readonly SeatRequest[] {
  return text.split('+').map((part) => {
    const [, feature = '', count = '1'] = /^([^:\s]+)(?::(\d{1,7}))?$/.exec(part.trim()) ?? [];
    if (feature !== '' && Number(count) >= 1)
      return { feature, count: Number(count), version: '0.0' };
    throw usage(where, 'a feature such as solve or solve:2, or several with + between them', text);
  });
}

/** `30s`, `exp:5s,10`: the wait, and how many attempts there are in all. @throws KnownError USAGE */
export function parseRetry(text: string, where: string): RetryPolicy {
  const [, after = text, attempts] = /^(.*),(\d{1,6})$/.exec(text) ?? [];
  const isCount = attempts !== undefined && !/^(uniform|lognormal|empirical):[^,]*$/.test(after);
  if (isCount && Number(attempts) < 1)
    throw usage(where, 'a wait and 1 or more attempts in all, such as 30s,10', text);
  return {
    after: parseDistribution(isCount ? after : text, where),
    factor: 1,
    waitMsMax: limits.durationMsMax,
    attemptsMax: isCount ? Number(attempts) : Number.MAX_SAFE_INTEGER,
  };
}

function queueOf(text: string): NonNullable<SessionKind['queue']> {
  return text === 'forever' ? {} : { patience: parseDistribution(text, '--queue') };
}

/** `2%` or `0.02`. @throws KnownError USAGE */
export function shareOf(text: string, where: string): number {
  const match = /^(\d{1,3}(?:\.\d{1,6})?)(%?)$/.exec(text);
  const share = match === null ? Number.NaN : Number(match[1]) / (match[2] === '%' ? 100 : 1);
  if (share >= 0 && share <= 1) return share;
  throw usage(where, 'a share such as 2%', text);
}

function wholeNumber(where: string, text: string): number {
  const value = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
  if (value >= 1 && value <= limits.loadUsersMax) return value;
  throw usage(where, `a whole number from 1 to ${limits.loadUsersMax}`, text);
}

function usage(where: string, expected: string, got: string): KnownError {
  return new KnownError('USAGE', `${where}: expected ${expected}, got "${got.slice(0, 60)}"`);
}
