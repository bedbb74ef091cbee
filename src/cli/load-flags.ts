import type { Argv } from 'yargs';

/** The command line of `fauxlm load` and of its searches. */
export interface LoadArguments {
  readonly profile: string | undefined;
  readonly c: string | undefined;
  readonly feature: readonly string[] | undefined;
  readonly rate: string | undefined;
  readonly hold: string | undefined;
  readonly duration: string | undefined;
  readonly spacing: 'poisson' | 'uniform' | undefined;
  readonly users: string | undefined;
  readonly think: string | undefined;
  readonly connections: 'held' | 'fresh' | undefined;
  readonly retry: string | undefined;
  readonly queue: string | undefined;
  readonly deaths: string | undefined;
  readonly scale: string | undefined;
  readonly pace: string | undefined;
  readonly threshold: readonly string[] | undefined;
  readonly 'abort-early': boolean;
  readonly seed: string | undefined;
  readonly shard: string | undefined;
  readonly 'start-at': string | undefined;
  readonly workers: string | undefined;
  readonly precise: boolean;
  readonly deadline: string | undefined;
  readonly bundle: string | undefined;
  readonly 'json-file': string | undefined;
  readonly html: string | undefined;
  readonly junit: string | undefined;
  readonly ndjson: string | undefined;
  readonly json: boolean;
}

/** A flag with a text behind it. */
function word(describe: string) {
  return { type: 'string', requiresArg: true, describe } as const;
}

const whatFlags = {
  c: { ...word('the license server, such as 27000@localhost'), alias: 'license-path' },
  feature: {
    ...word('what to check out: NAME, NAME:COUNT, or A+B together; again for a mix of them'),
    array: true,
    nargs: 1,
  },
  rate: word('sessions that begin each second, whatever becomes of the others: 200/s, 90/m'),
  hold: word('how long each is held: 50ms, exp:500ms, lognormal:10m,1.2, uniform:1s,3s [1s]'),
  duration: word('how long sessions begin [10s]'),
  spacing: { choices: ['poisson', 'uniform'] as const, describe: 'of the arrivals [poisson]' },
  users: word('who sessions belong to in turn; with --think, who begins them [64]'),
  think: word('closed load: each user waits so long after a session and begins the next'),
  connections: {
    choices: ['held', 'fresh'] as const,
    describe: 'a connection per user, or per session as applications have it [held]',
  },
  retry: word('who is denied asks again: AFTER or AFTER,ATTEMPTS such as 30s or exp:5s,10'),
  queue: word('who is denied waits in the queue, so long at most: forever, 30s, exp:1m'),
  deaths: word('share of the sessions that end without check-in, such as 2%'),
  scale: word('so many times the rates, users and monitors: 0.1, 1/10'),
  pace: word('so many times as quick, with as much in use: x60 is an hour in a minute'),
} as const;

const howFlags = {
  seed: word('of everything that chance decides [a new one, told]'),
  shard: word('do only part I of N, from 0, such as 0/4; merge the bundles of all'),
  'start-at': word('begin at this time, as all shards do, such as 2030-01-07T09:00:00Z'),
  workers: word('threads that share the load [as many as the rate needs]'),
  precise: {
    type: 'boolean',
    default: false,
    describe: 'begin sessions to the microsecond, at the cost of a busy processor',
  },
  deadline: word('stop at once after so long, with exit status 124'),
} as const;

const resultFlags = {
  threshold: {
    ...word('a bound such as p99<5ms, denied<1%, failover_gap<3s: exit status 4 when broken'),
    array: true,
    nargs: 1,
  },
  'abort-early': {
    type: 'boolean',
    default: true,
    describe: 'end when a threshold cannot be kept any more',
  },
  bundle: word('write the result for merge and compare'),
  'json-file': word('write counts, quantiles and the bundle as JSON'),
  html: word('write a page with charts that loads nothing'),
  junit: word('write the thresholds as JUnit XML'),
  ndjson: word('write what happened each second, a line of JSON each'),
  json: { type: 'boolean', default: false, describe: 'print JSON instead of the table' },
} as const;

/** Flags that say what to do, for who does it without a server. */
export function workloadFlags(yargs: Argv): Argv {
  const { c: _, connections: __, ...rest } = whatFlags;
  return yargs.options({ ...rest, seed: howFlags.seed });
}

/** Flags that say what to do, how, and what to make of it. */
export function loadFlags(yargs: Argv): Argv<LoadArguments> {
  return yargs
    .options(whatFlags)
    .options(howFlags)
    .options(resultFlags) as unknown as Argv<LoadArguments>;
}

/** Of a command with commands in it: those take only what they say themselves. */
export function ownFlags(yargs: Argv<LoadArguments>): Argv<LoadArguments> {
  const names = [whatFlags, howFlags, resultFlags].flatMap((flags) => Object.keys(flags));
  // Its types lack the second.
  const { global } = yargs as unknown as { global(names: string[], isGlobal: boolean): unknown };
  global.call(yargs, ['profile', ...names], false);
  return yargs;
}

/** Flags that only say what to make of results that are there. */
export function resultOptions(yargs: Argv): Argv {
  return yargs.options(resultFlags).hide('abort-early').hide('bundle');
}
