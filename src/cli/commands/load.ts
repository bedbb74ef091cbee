import { randomBytes } from 'node:crypto';
import type { Argv, CommandModule } from 'yargs';
import { KnownError } from '../../base/errors.ts';
import { limits } from '../../base/limits.ts';
import { parseDuration, parseTime } from '../../base/time-words.ts';
import { clientContext } from '../../client/context.ts';
import type { Shard } from '../../domain/workload/model.ts';
import { workloadOfFlags } from '../../load/flag-workload.ts';
import { type LoadOptions, runLoad } from '../../load/load-run.ts';
import { parseThreshold } from '../../report/thresholds.ts';
import { withExamples } from '../examples.ts';
import { wholeNumber } from '../flag-values.ts';
import { type LoadArguments, loadFlags } from '../load-flags.ts';
import { LoadProgress } from '../load-progress.ts';
import { tellOutcome } from '../load-results.ts';
import { mergeCommand } from './load-merge.ts';

/** `fauxlm load`: sessions of checkout, hold and check-in against a license server, measured. */
export const loadCommand: CommandModule<object, LoadArguments> = {
  command: 'load [profile]',
  describe: 'put load on a license server and measure it',
  builder: ((yargs: Argv) =>
    withExamples(
      loadFlags(
        yargs
          .command(mergeCommand as CommandModule)
          .positional('profile', { type: 'string', describe: 'a *.profile.yaml file' }),
      ),
      [
        [
          'load -c 27000@localhost --feature solve --rate 200/s --hold exp:500ms --duration 30s',
          'two hundred sessions a second, half a second each on average',
        ],
        [
          "load -c 27000@localhost --feature solve --users 50 --think exp:2s --threshold 'p99<5ms'",
          'fifty users, each with a break between its sessions',
        ],
      ],
    ).epilogue(epilogue)) as never,
  handler: async (argv) => {
    const options = optionsOf(argv);
    process.stderr.write(`fauxlm load: seed ${options.seed}\n`);
    const progress = new LoadProgress(process.stderr);
    const end = onSignals(options.interrupted);
    try {
      const outcome = await runLoad({ ...options, onProgress: (at) => progress.tell(at) });
      progress.end();
      process.exitCode = tellOutcome(outcome, argv);
    } finally {
      progress.end();
      end();
    }
  },
};

const epilogue = [
  'Response time counts from when a checkout was to be asked for, service time from when it was.',
  'Exit status: 4 a threshold is broken, 5 inconclusive (the generator was late, or too few samples),',
  '3 nobody there, 124 the deadline. Thresholds: p50 ... p99.99, max, mean of the response, the same behind',
  'service_ acquire_ queue_ checkin_ connect_ poll_; denied, failed, late ... as shares or counts;',
  'granted_rate, failover_gap.',
].join('\n');

/** @throws KnownError USAGE */
function optionsOf(argv: LoadArguments): Omit<LoadOptions, 'onProgress'> {
  if (argv.c === undefined)
    throw new KnownError('USAGE', 'expected -c, the license server, got none');
  const startAt = argv['start-at'];
  const interrupted = new AbortController();
  controllers.set(interrupted.signal, interrupted);
  return {
    name: 'load',
    workload: workloadOfFlags({ ...argv, queue: queueWord(argv.queue) }),
    seed: argv.seed ?? randomBytes(4).toString('hex'),
    shard: argv.shard === undefined ? { index: 0, of: 1 } : parseShard(argv.shard),
    server: argv.c,
    context: clientContext(),
    thresholds: (argv.threshold ?? []).map(parseThreshold),
    precise: argv.precise,
    ...(argv.workers === undefined
      ? {}
      : { workers: wholeNumber('--workers', argv.workers, 1, limits.loadWorkersMax) }),
    ...(startAt === undefined ? {} : { startAt: parseTime(startAt, '--start-at') }),
    ...(argv.deadline === undefined
      ? {}
      : { deadlineMs: parseDuration(argv.deadline, '--deadline') }),
    abortEarly: argv['abort-early'],
    interrupted: interrupted.signal,
  };
}

function queueWord(queue: string | boolean | undefined): string | undefined {
  return typeof queue === 'string' ? queue : undefined;
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

const controllers = new WeakMap<AbortSignal, AbortController>();

/** Ctrl-C ends a run early and still tells what it came to; the second one ends the process. */
function onSignals(interrupted: AbortSignal): () => void {
  const signals = ['SIGINT', 'SIGTERM'] as const;
  const listener = (): void => {
    for (const signal of signals) process.off(signal, listener);
    controllers.get(interrupted)?.abort();
  };
  for (const signal of signals) process.once(signal, listener);
  return () => {
    for (const signal of signals) process.off(signal, listener);
  };
}
