import type { EpochMs } from '../../base/clock.ts';
import { limits } from '../../base/limits.ts';
import type { CheckoutCommand } from './commands.ts';
import { copyAround } from './copies.ts';
import { isWaitable } from './denials.ts';
import type { LedgerEvent } from './events.ts';
import type { HeldCheckout, LedgerPool } from './holdings.ts';
import { record } from './ledger.ts';
import type { Client } from './model.ts';
import { oldestFirst, poolsInTheWay } from './oldest-first.ts';
import { perform, serveQueue } from './performance.ts';
import { returnAll } from './returns.ts';
import { findFeature, type Ledger } from './state.ts';
import { trialOf } from './trials.ts';
import type { PoolTry } from './tries.ts';
import type { Waiting } from './waiting-lines.ts';

/** What would come of a refused request if it were one that waits. */
export interface ExplainedQueue {
  /** Where it would stand: 1 is next, in the shortest of its lines. */
  readonly position: number;
  /** The pools in whose lines it would stand, as far as told, and how many wait for each now. */
  readonly lines: readonly ExplainedLine[];
  /** Lines that are left out here. */
  readonly linesLeftOut: number;
  /** The first of those before it, in that shortest line. */
  readonly before: readonly ExplainedWaiting[];
  /** What would serve it, if whoever is before it stays. */
  readonly served: ExplainedServing;
}

export interface ExplainedLine {
  readonly feature: string;
  readonly version: string;
  readonly waiting: number;
}

export interface ExplainedWaiting {
  readonly user: string;
  readonly host: string;
  readonly count: number;
  readonly since: EpochMs;
}

/** Checkouts that would have to come back one after the other, always the oldest. */
export type ExplainedServing =
  | {
      readonly by: 'returns';
      readonly count: number;
      /** The first of them. */
      readonly returns: readonly ExplainedReturn[];
    }
  /** No checkout that comes back would; `behind` stands before it and is never served, where there is such. */
  | { readonly by: 'nothing'; readonly behind?: ExplainedWaiting }
  /** There are too many to think it through. */
  | { readonly by: 'unknown' };

export interface ExplainedReturn {
  readonly user: string;
  readonly host: string;
  /** Absent for one that waits before the request and would have its seats by then. */
  readonly handle?: number;
  /** When it comes back by itself at the latest: it lingers, or is borrowed. */
  readonly until?: EpochMs;
}

/** Lines, people before it and returns that are told. */
const TOLD_MAX = 10;

/**
 * Serves the queue in thought: has the request wait in a copy of the ledger, and one checkout after the other come
 * back there, until the request has its seats. Undefined when it would not be made to wait: no pool is only busy, or
 * the queue is full. `tries` are those of the request, which none of them granted; handles from `firstHandle` on are
 * nobody's yet.
 */
export function explainedQueue(
  ledger: Ledger,
  request: CheckoutCommand,
  now: EpochMs,
  { tries, firstHandle }: { readonly tries: readonly PoolTry[]; readonly firstHandle: number },
): ExplainedQueue | undefined {
  const busy = new Set(tries.filter(({ row }) => isWaitable(row)).map(busyPool));
  if (busy.size === 0 || request.borrowUntil !== undefined || ledger.queue.isFull) return undefined;
  const pools = [...busy];
  const shortest = pools.reduce((best, pool) =>
    waitingFor(pool) < waitingFor(best) ? pool : best,
  );
  return {
    position: waitingFor(shortest) + 1,
    lines: pools.slice(0, TOLD_MAX).map((pool) => {
      return { feature: pool.feature, version: pool.version, waiting: waitingFor(pool) };
    }),
    linesLeftOut: Math.max(0, pools.length - TOLD_MAX),
    before: [...firstOf(shortest)],
    served: serving(ledger, request, now, firstHandle),
  };
}

/** The pool whose seats are out: of a suite's component that has some, the suite's. */
function busyPool({ pool, suiteTrial }: PoolTry): LedgerPool {
  return suiteTrial === undefined ? pool : pool.suite!;
}

function waitingFor({ waiting }: LedgerPool): number {
  return waiting?.all.size ?? 0;
}

function* firstOf({ waiting }: LedgerPool): Generator<ExplainedWaiting> {
  let told = 0;
  for (const place of waiting?.all.values() ?? []) {
    if (told++ === TOLD_MAX) return;
    yield explainedWaiting(place.waiting);
  }
}

function explainedWaiting({ request, since }: Waiting): ExplainedWaiting {
  const { user, host } = request.client;
  return { user, host, count: request.count, since };
}

function serving(
  ledger: Ledger,
  request: CheckoutCommand,
  now: EpochMs,
  firstHandle: number,
): ExplainedServing {
  const bounds = { poolsMax: limits.thoughtPoolsMax, seatsMax: limits.thoughtSeatsMax };
  const copy = copyAround(ledger, findFeature(ledger, request.feature)!, now, bounds);
  if (copy === undefined) return { by: 'unknown' };
  return new Thought(copy, firstHandle, now).serve(request);
}

/** Works on a copy: what it does there is nobody's business. */
class Thought {
  readonly #ledger: Ledger;
  /** From here on handles are those of the thought. */
  readonly #firstHandle: number;
  readonly #now: EpochMs;
  #ticket: number | undefined;
  /** What became of the request. */
  #end: 'granted' | 'refused' | undefined;

  constructor(ledger: Ledger, firstHandle: number, now: EpochMs) {
    this.#ledger = ledger;
    this.#firstHandle = firstHandle;
    this.#now = now;
  }

  serve(request: CheckoutCommand): ExplainedServing {
    const events = perform(this.#ledger, { ...request, queue: 'return' }, this.#now, this.#hear);
    const last = events.at(-1);
    if (last?.kind !== 'checkoutQueued') return { by: 'unknown' };
    this.#ticket = last.handle;
    const pools = last.pools.map((id) => this.#ledger.pools.get(id)!);
    const returns: ExplainedReturn[] = [];
    let count = 0;
    while (this.#end === undefined) {
      const [oldest] = oldestFirst([...this.#inTheWay(pools, request)]);
      if (oldest === undefined) break;
      count++;
      if (returns.length < TOLD_MAX) returns.push(this.#told(oldest));
      for (const event of returnAll([oldest], 'checkin', this.#now)) record(this.#ledger, event);
      serveQueue(this.#ledger, this.#now, this.#hear);
    }
    return this.#end === 'granted' ? { by: 'returns', count, returns } : this.#nothing(pools);
  }

  /** The pools whose seats would have to come back: of those in whose lines it stands, or of their serial numbers. */
  #inTheWay(pools: readonly LedgerPool[], request: CheckoutCommand): ReadonlySet<LedgerPool> {
    const trials = pools.map((pool) => trialOf(pool, request, this.#now, false));
    return new Set(trials.flatMap(poolsInTheWay));
  }

  #nothing(pools: readonly LedgerPool[]): ExplainedServing {
    const [first] = pools.flatMap(({ waiting }) => waiting?.all.first ?? []);
    if (first === undefined || first.handle === this.#ticket) return { by: 'nothing' };
    return { by: 'nothing', behind: explainedWaiting(first.waiting) };
  }

  readonly #hear = (event: LedgerEvent): void => {
    if (event.kind !== 'checkoutDequeued' || event.handle !== this.#ticket) return;
    this.#end = event.reason === 'granted' ? 'granted' : 'refused';
  };

  #told({ client, handle, stay }: HeldCheckout): ExplainedReturn {
    const { user, host }: Client = client;
    return {
      ...{ user, host },
      ...(handle < this.#firstHandle && { handle }),
      ...(stay !== undefined && { until: stay.until }),
    };
  }
}
