import { randomBytes } from 'node:crypto';
import { KnownError } from '../base/errors.ts';
import { limits } from '../base/limits.ts';
import { parseDuration, parseTime, renderDuration } from '../base/time-words.ts';
import { clientContext } from '../client/context.ts';
import { excessOf, excessText } from '../domain/workload/bounds.ts';
import { type Shard, WHOLE, type Workload } from '../domain/workload/model.ts';
import { scaled } from '../domain/workload/scaling.ts';
import { workloadOfFlags } from '../load/flag-workload.ts';
import type { LoadOptions } from '../load/load-run.ts';
import { type Profile, readProfile } from '../load/profile.ts';
import { parseThreshold } from '../report/thresholds.ts';
import { wholeNumber } from './flag-values.ts';
import type { LoadArguments } from './load-flags.ts';

/** What a command adds to the options of a run. */
export type GivenOptions = Omit<LoadOptions, 'onProgress' | 'interrupted'>;

/**
 * What the command line and its profile say.
 * @throws KnownError USAGE, LOAD_PROFILE, FILE_UNREADABLE
 */
export function loadOptions(argv: LoadArguments): GivenOptions {
  const profile = argv.profile === undefined ? undefined : readProfile(argv.profile);
  const server = argv.c ?? profile?.server;
  if (server === undefined) {
    const why = 'a load goes to no server of the environment by itself';
    throw new KnownError('USAGE', `expected -c, the license server, got none: ${why}`);
  }
  return {
    name: profile?.name ?? 'load',
    workload: feasible(
      scaled(workloadOf(argv, profile), {
        scale: factor('--scale', argv.scale),
        pace: factor('--pace', argv.pace?.replace(/^x/, '')),
      }),
    ),
    ...seedAndShard(argv, profile?.seed),
    server,
    context: clientContext(),
    thresholds: [...(profile?.thresholds ?? []), ...(argv.threshold ?? []).map(parseThreshold)],
    abortEarly: argv['abort-early'],
    ...howOptions(argv),
  };
}

/** Shards of seeds of their own are no parts of one run, which is told before it and not at the merge. */
function seedAndShard(argv: LoadArguments, ofProfile: string | undefined) {
  const shard = argv.shard === undefined ? WHOLE : parseShard(argv.shard);
  const seed = argv.seed ?? ofProfile;
  if (seed === undefined && shard.of > 1) {
    throw new KnownError('USAGE', '--shard: expected --seed, the same for all shards, got none');
  }
  return { shard, seed: seed ?? randomBytes(4).toString('hex') };
}

function howOptions(argv: LoadArguments) {
  const { workers, deadline, precise } = argv;
  const startAt = argv['start-at'];
  return {
    precise,
    ...(startAt === undefined ? {} : { startAt: parseTime(startAt, '--start-at') }),
    ...(deadline === undefined ? {} : { deadlineMs: parseDuration(deadline, '--deadline') }),
    ...(workers === undefined
      ? {}
      : { workers: wholeNumber('--workers', workers, 1, limits.loadWorkersMax) }),
  };
}

/** What to tell of a begin that is over, as of a shard that comes late; nothing of one to come. */
export function lateBegin(startAt: number | undefined, now: number): string {
  if (startAt === undefined || startAt > now) return '';
  const late = renderDuration(Math.floor((now - startAt) / 1_000) * 1_000);
  const got = `${new Date(startAt).toISOString()}, ${late} ago`;
  return `--start-at: expected a time to come, got ${got}: begins at once`;
}

/** Flags that say what a profile says. */
const workloadFlags = [
  'feature',
  'rate',
  'hold',
  'duration',
  'spacing',
  'users',
  'think',
  'connections',
  'retry',
  'queue',
  'deaths',
] as const;

function workloadOf(argv: LoadArguments, profile: Profile | undefined): Workload {
  if (profile === undefined) return workloadOfFlags(argv);
  const flag = workloadFlags.find((name) => argv[name] !== undefined);
  if (flag === undefined) return profile.workload;
  const text = `--${flag}: expected it without a profile, or --scale and --pace with one, got both`;
  throw new KnownError('USAGE', text);
}

/** A profile's amounts are looked at where it is read; those that a factor makes are here. @throws KnownError USAGE */
function feasible(workload: Workload): Workload {
  const excess = excessOf(workload);
  if (excess === undefined) return workload;
  throw new KnownError('USAGE', `--scale: expected ${excessText(excess)}`);
}

/** `0.1`, `1/10`, `60`. @throws KnownError USAGE */
function factor(flag: string, text: string | undefined): number {
  if (text === undefined) return 1;
  const [, above = '', below = '1'] =
    /^(\d{1,6}(?:\.\d{1,6})?)(?:\/(\d{1,6}))?$/.exec(text.trim()) ?? [];
  const value = above === '' ? Number.NaN : Number(above) / Number(below);
  if (Number.isFinite(value) && value > 0) return value;
  throw new KnownError(
    'USAGE',
    `${flag}: expected a factor such as 0.1, 1/10 or 60, got "${text}"`,
  );
}

/** `0/4`: counted from 0. @throws KnownError USAGE */
export function parseShard(text: string): Shard {
  const [, index = '', of = ''] = /^(\d{1,6})\/(\d{1,6})$/.exec(text) ?? [];
  const shard = { index: Number(index), of: Number(of) };
  const isOne = index !== '' && shard.of >= 1 && shard.of <= limits.loadShardsMax;
  if (isOne && shard.index < shard.of) return shard;
  const expected = `I/N, I from 0 and below N, such as 0/4; N is at most ${limits.loadShardsMax}`;
  throw new KnownError('USAGE', `--shard: expected ${expected}, got "${text}"`);
}
