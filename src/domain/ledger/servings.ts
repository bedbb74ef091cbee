import type { EpochMs } from '../../base/clock.ts';
import { forgetIfGone } from './activities.ts';
import type { Chain } from './chains.ts';
import { type Outcome, tryPools } from './checkouts.ts';
import type { Command } from './commands.ts';
import type {
  CheckoutDequeued,
  CheckoutQueued,
  LedgerEvent,
  QueueServed,
  SeatTaken,
} from './events.ts';
import { freedTogether } from './freed-pools.ts';
import type { LedgerPool } from './holdings.ts';
import { neverCheckedOut } from './refusals.ts';
import { decideRelining, noRow, refusedAt } from './relinings.ts';
import { findFeature, type Ledger } from './state.ts';
import { dequeued, type Place, Waiting } from './waiting-lines.ts';

/** Only the session that waits can leave the queue. */
export function decideLeaveQueue(
  ledger: Ledger,
  { session, handle }: Extract<Command, { kind: 'leaveQueue' }>,
  now: EpochMs,
): readonly LedgerEvent[] {
  const waiting = ledger.queue.get(handle);
  if (waiting !== undefined && waiting.request.session === session) {
    return [dequeued(waiting, 'left', now)];
  }
  const refusal = neverCheckedOut;
  return [{ kind: 'checkinRefused', at: now, session, handle, refusal }];
}

/**
 * One step of serving those that wait: the first in the line of a pool where something has come back gets its seats,
 * or is told that they are not to be had any more; else the first of those behind that has seats reserved for it, or
 * shares seats that are out.
 * Of a feature's pools, and of a serial number's whose features share seats, the one whose answer was asked for first
 * goes first. When nobody can be served the events say so. Source: error list, -24 and -35; LAG, "RESERVE".
 * unverified: first come, first served, pool by pool.
 */
export function decideServe(ledger: Ledger, now: EpochMs): readonly LedgerEvent[] {
  const { stale, freed } = ledger.queue;
  if (stale) return decideRelining(ledger, now);
  const [one] = freed;
  if (one === undefined) return [];
  const pools = freedTogether(ledger, one);
  let next: Answer | undefined;
  for (const pool of pools) {
    const answer = answerIn(ledger, pool, now);
    if (answer !== undefined && !(next !== undefined && next.handle < answer.handle)) next = answer;
  }
  if (next !== undefined) return next.events;
  return pools.map(({ definition }) => ({ kind: 'queueServed', at: now, pool: definition.id }));
}

/** What comes of a request that waits under a handle. */
interface Answer {
  readonly handle: number;
  readonly events: readonly LedgerEvent[];
}

/** Of those in a pool's line, the one that can be answered: the first, or one that may overtake. */
function answerIn(ledger: Ledger, { waiting }: LedgerPool, now: EpochMs): Answer | undefined {
  const { all, reserved, shared, holding } = waiting!;
  const first = all.first!.waiting;
  const events = served(ledger, first, now);
  if (events !== undefined) return { handle: first.handle, events };
  let next = firstAnswer(ledger, reserved, now);
  const lines = [
    ...[...shared].map((key) => waiting!.sharersOf(key)),
    ...[...holding].map((key) => waiting!.holdersOf(key)),
  ];
  for (const line of lines) {
    const sharer = firstAnswer(ledger, line, now);
    if (sharer !== undefined && !(next !== undefined && next.handle < sharer.handle)) next = sharer;
  }
  return next;
}

function firstAnswer(ledger: Ledger, line: Chain<Place>, now: EpochMs): Answer | undefined {
  for (const { waiting } of line.values()) {
    const events = served(ledger, waiting, now);
    if (events !== undefined) return { handle: waiting.handle, events };
  }
  return undefined;
}

/** What serving a request comes to; undefined when it goes on waiting. */
function served(ledger: Ledger, waiting: Waiting, now: EpochMs): LedgerEvent[] | undefined {
  const { events, denied, busy } = tryAgain(ledger, waiting, now);
  if (denied !== undefined) {
    if (busy.length > 0) return events.length > 0 ? events : undefined;
    return [...events, refusedAt(waiting, denied, now)];
  }
  const seat = events.at(-1);
  if (seat?.kind !== 'seatTaken') return events;
  const before = events.slice(
    0,
    events.findIndex(({ kind }) => kind === 'seatTaken'),
  );
  const seats = events.slice(before.length, -1);
  return [
    ...before,
    dequeued(waiting, 'granted', now),
    ...seats,
    { ...seat, ticket: waiting.handle } satisfies SeatTaken,
  ];
}

function tryAgain(ledger: Ledger, { request }: Waiting, now: EpochMs): Outcome {
  const feature = findFeature(ledger, request.feature);
  if (feature === undefined) return { events: [], denied: noRow, busy: [] };
  return tryPools(ledger, feature, request, now);
}

export function recordQueued(ledger: Ledger, event: CheckoutQueued): void {
  const waiting = new Waiting(event);
  ledger.queue.add(waiting);
  for (const id of event.pools) waiting.join(ledger.pools.get(id)!);
  ledger.nextHandle = event.handle + 1;
}

export function recordDequeued(ledger: Ledger, event: CheckoutDequeued): void {
  ledger.queue.delete(ledger.queue.get(event.handle)!);
  // What was granted goes out next: the session is known still.
  if (event.reason !== 'granted') forgetIfGone(ledger, event.session);
}

export function recordServed({ queue, pools }: Ledger, { pool }: QueueServed): void {
  const served = pools.get(pool)!;
  const { shared, holding } = served.waiting!;
  shared.clear();
  for (const key of holding) if (served.serial?.holders.seatsOf(key) === 0) holding.delete(key);
  queue.freed.delete(served);
}
