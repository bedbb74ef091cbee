import { createHash } from 'node:crypto';
import type { ClientContext } from '../client/context.ts';
import type { Shard, Workload } from '../domain/workload/model.ts';
import { expectedSessions } from '../domain/workload/sessions.ts';
import type { PlanFacts } from '../report/bundle.ts';
import { intervalOf, RunRecord } from '../report/run-record.ts';
import { type Outcome, outcomeOf } from '../report/summary.ts';
import { type Expected, isHopeless, type Threshold } from '../report/thresholds.ts';
import { Crew, workersFor } from './crew.ts';
import type { ShardOrder, ShardProgress } from './running-shard.ts';
import { serverAheadMs } from './server-clock.ts';
import { findServer, noUser } from './server-finding.ts';

export interface LoadOptions extends ShardOrder {
  readonly name: string;
  /** `27000@localhost` */
  readonly server: string;
  readonly context: ClientContext;
  readonly thresholds: readonly Threshold[];
  /** Threads that share the load; absent: as many as its rate needs. */
  readonly workers?: number;
  /** The run is stopped then, whatever it does. */
  readonly deadlineMs?: number;
  /** Whether it ends as soon as a threshold cannot be kept any more. */
  readonly abortEarly: boolean;
  readonly interrupted: AbortSignal;
  readonly onProgress: (progress: Progress) => void;
}

/** What is known of a run that goes on. */
export interface Progress extends ShardProgress {
  readonly durationMs: number;
}

/** How often thresholds are looked at. */
const LOOK_MS = 250;

/**
 * Runs a load, or one shard of it, to its end.
 * @throws KnownError USAGE, NET_UNREACHABLE or NET_TIMEOUT before anything has begun.
 */
export async function runLoad(options: LoadOptions): Promise<Outcome> {
  const deadline = new AbortController();
  const timer = deadlineTimer(options.deadlineMs, () => deadline.abort());
  try {
    return await runUntil(deadline.signal, options);
  } finally {
    clearTimeout(timer);
  }
}

async function runUntil(deadline: AbortSignal, options: LoadOptions): Promise<Outcome> {
  const { workload, server, context, interrupted, thresholds } = options;
  const { workers = workersFor(workload) } = options;
  const causeOf = (): 'deadline' | 'interrupted' | undefined =>
    deadline.aborted ? 'deadline' : interrupted.aborted ? 'interrupted' : undefined;
  const ending = Promise.race([aborted(deadline), aborted(interrupted)]);
  const requests = workload.mix.flatMap(({ bundle }) => bundle);
  const found = await Promise.race([findServer(server, requests, context), ending]);
  const plan = planFacts(options);
  if (found === undefined) {
    const record = new RunRecord(intervalOf(workload.durationMs));
    return outcomeOf(
      { plan, parts: [], record, ended: 'nothing had begun' },
      thresholds,
      causeOf(),
    );
  }
  const ahead = options.shard.of > 1 ? serverAheadMs(found, context) : undefined;
  const crew = new Crew(options, workers, found, context);
  const code = await Promise.race([crew.ready, ending]);
  if (code === 0) crew.start();
  else crew.abandon();
  const watch = new Watch(crew, options);
  void aborted(deadline).then(() => crew.abandon());
  void aborted(interrupted).then(() => crew.stop());
  const { record, parts: plain } = await crew.done.finally(() => watch.end());
  if (code !== 0 && code !== undefined) throw noUser(server, code);
  const aheadMs = await Promise.race([ahead, ending]);
  const parts =
    aheadMs === undefined ? plain : plain.map((part) => ({ ...part, serverAheadMs: aheadMs }));
  const ended = watch.ended ?? causeOf();
  return outcomeOf({ plan, parts, record, ...(ended ? { ended } : {}) }, thresholds, causeOf());
}

/** Looks at a run every so often: tells of it, and ends it when a threshold is lost. */
class Watch {
  ended: string | undefined;
  readonly #timer: NodeJS.Timeout;

  constructor(crew: Crew, options: LoadOptions) {
    const { workload, shard, thresholds, abortEarly } = options;
    const expected = expectedOf(workload, shard);
    this.#timer = setInterval(() => {
      const progress = crew.progress;
      options.onProgress({ ...progress, durationMs: workload.durationMs });
      if (!abortEarly || this.ended !== undefined) return;
      const lost = thresholds.find((each) => isHopeless(each, progress.record, expected));
      if (lost === undefined) return;
      this.ended = `${lost.text} cannot be kept any more`;
      crew.stop();
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

/** What shards of one run have in common: the hash is of the whole workload. */
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
