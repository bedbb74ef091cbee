import { createHash } from 'node:crypto';
import type { ClientContext } from '../client/context.ts';
import { readStatus } from '../client/status.ts';
import type { Shard, Workload } from '../domain/workload/model.ts';
import { expectedSessions } from '../domain/workload/sessions.ts';
import type { Bundle, PlanFacts } from '../report/bundle.ts';
import type { RunRecord } from '../report/run-record.ts';
import { type Outcome, outcomeOf } from '../report/summary.ts';
import { type Expected, isHopeless, type Threshold } from '../report/thresholds.ts';
import { renderLmstat } from '../text/lmstat.ts';
import { LiveTarget } from './live-target.ts';
import { ShardRun } from './run-shard.ts';
import { findServer, noUser, parseServer } from './server-finding.ts';

export interface LoadOptions {
  readonly name: string;
  readonly workload: Workload;
  readonly seed: string;
  readonly shard: Shard;
  /** `27000@localhost` */
  readonly server: string;
  readonly context: ClientContext;
  readonly thresholds: readonly Threshold[];
  readonly precise: boolean;
  readonly startAt?: number;
  /** The run is stopped then, whatever it does. */
  readonly deadlineMs?: number;
  /** Whether it ends as soon as a threshold cannot be kept any more. */
  readonly abortEarly: boolean;
  readonly interrupted: AbortSignal;
  readonly onProgress: (progress: Progress) => void;
}

/** What is known of a run that goes on. */
export interface Progress {
  readonly atMs: number;
  readonly durationMs: number;
  readonly record: RunRecord;
  readonly active: number;
}

/** How often thresholds are looked at. */
const LOOK_MS = 250;

/**
 * Runs a load, or one shard of it, to its end.
 * @throws KnownError USAGE, NET_UNREACHABLE or NET_TIMEOUT before anything has begun.
 */
export async function runLoad(options: LoadOptions): Promise<Outcome> {
  const { workload, server, context } = options;
  const found = await findServer(server, workload, context);
  const target = new LiveTarget(found, context, pollOf(options));
  const run = new ShardRun({ ...options, target });
  const deadline = new AbortController();
  const timer = deadlineTimer(options.deadlineMs, () => deadline.abort());
  const code = await Promise.race([
    run.ready,
    aborted(deadline.signal),
    aborted(options.interrupted),
  ]);
  if (code !== 0 && code !== undefined) throw noUser(server, code);
  if (code === 0) run.start();
  else run.abandon();
  const watch = new Watch(run, options);
  deadline.signal.addEventListener('abort', () => run.abandon());
  options.interrupted.addEventListener('abort', () => run.stop());
  const { record, part } = await run.done;
  watch.end();
  clearTimeout(timer);
  const cause = deadline.signal.aborted
    ? 'deadline'
    : options.interrupted.aborted
      ? 'interrupted'
      : undefined;
  const ended = watch.ended ?? cause;
  const plan = planFacts(options);
  const bundle: Bundle = { plan, parts: [part], record, ...(ended ? { ended } : {}) };
  return outcomeOf(bundle, options.thresholds, cause);
}

/** Looks at a run every so often: tells of it, and ends it when a threshold is lost. */
class Watch {
  ended: string | undefined;
  readonly #timer: NodeJS.Timeout;

  constructor(run: ShardRun, options: LoadOptions) {
    const expected = expectedOf(options.workload, options.shard);
    this.#timer = setInterval(() => {
      options.onProgress({ ...run.progress, record: run.record });
      if (!options.abortEarly || this.ended !== undefined) return;
      const lost = options.thresholds.find((each) => isHopeless(each, run.record, expected));
      if (lost === undefined) return;
      this.ended = `${lost.text} cannot be kept any more`;
      run.stop();
    }, LOOK_MS);
  }

  end(): void {
    clearInterval(this.#timer);
  }
}

/** How much can still come, generously: what is drawn by chance may be more than is expected. */
export function expectedOf(workload: Workload, { of }: Shard): Expected {
  const mean = expectedSessions(workload);
  if (mean === undefined) return { sessions: undefined, checkouts: undefined };
  const share = mean / of;
  const sessions = Math.ceil(share + 6 * Math.sqrt(share) + 6);
  const hasRetries = workload.mix.some(({ retry }) => retry !== undefined);
  const bundle = Math.max(1, ...workload.mix.map((kind) => kind.bundle.length));
  return { sessions, checkouts: hasRetries ? undefined : sessions * bundle };
}

export function planFacts({ workload, seed, name, server }: LoadOptions): PlanFacts {
  const expected = expectedSessions(workload);
  const { durationMs } = workload;
  return {
    hash: createHash('sha256').update(JSON.stringify(workload)).digest('hex').slice(0, 16),
    seed,
    name,
    server,
    durationMs,
    ...(expected === undefined
      ? {}
      : { expected: Math.round(expected), offered: expected / (durationMs / 1000) }),
  };
}

function deadlineTimer(ms: number | undefined, end: () => void): NodeJS.Timeout | undefined {
  return ms === undefined ? undefined : setTimeout(end, ms);
}

function aborted(signal: AbortSignal): Promise<undefined> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve(undefined);
    signal.addEventListener('abort', () => resolve(undefined), { once: true });
  });
}

/** Asks for the status as lmstat does, and reads all of it. */
function pollOf({
  server,
  context,
}: LoadOptions): (feature: string | undefined) => Promise<boolean> {
  const hosts = parseServer(server);
  return async (feature) => {
    const options = {
      ...context,
      at: context.clock.now(),
      program: 'lmutil' as const,
      usage: 'users' as const,
      ...(feature === undefined ? {} : { feature }),
    };
    const report = await readStatus([{ kind: 'server', hosts }], options);
    for (const piece of renderLmstat(report, { usage: 'all' })) void piece;
    return report.refusal === undefined;
  };
}
