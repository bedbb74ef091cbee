import type { EpochMs } from '../../base/clock.ts';
import type { Refusal } from '../../base/refusal.ts';
import { Borrowed, BorrowedSeats } from './borrowed-seats.ts';
import { taken } from './checkouts.ts';
import type { CheckoutCommand, Command, RestoredBorrow } from './commands.ts';
import type { BorrowConfirmed, LedgerEvent, SeatTaken } from './events.ts';
import type { HeldCheckout } from './holdings.ts';
import { none } from './model.ts';
import { borrowMatchesNothing, earlyReturnNotEnabled } from './refusals.ts';
import { returnAll } from './returns.ts';
import { featureKey, findFeature, type Ledger, type LedgerFeature, lapseRanks } from './state.ts';
import { suiteTrialOf, trialOfCount } from './trials.ts';
import { isVersionAsked } from './versions-asked.ts';

type CommandOf<Kind extends Command['kind']> = Extract<Command, { kind: Kind }>;

/**
 * What the client has borrowed of the feature on this machine already: it gets no second one before the period is
 * over. Source: EUG10 ch. 8 (a borrowed license is renewed only after it has expired).
 */
export function borrowedAlready(
  { pools }: LedgerFeature,
  { client, count, version }: CheckoutCommand,
): HeldCheckout | undefined {
  if (!isVersionAsked(version) || !Number.isInteger(count) || count < 1) return undefined;
  for (const { borrowed } of pools) {
    const seat = borrowed?.find(client, count, version);
    if (seat !== undefined) return seat;
  }
  return undefined;
}

export function confirmed(
  { handle, client, pool, count, stay }: HeldCheckout,
  { session }: CheckoutCommand,
  now: EpochMs,
): BorrowConfirmed {
  const { feature } = pool;
  const { until } = stay!;
  const what = { handle, session, client, pool, feature, count, until };
  return { kind: 'borrowConfirmed', at: now, ...what };
}

/**
 * Everything that the user has borrowed of a feature on that machine comes back before its time, where the vendor
 * allows that. Source: LAG, "lmborrow -return"; error list, -123, -128.
 */
export function decideReturnBorrow(
  ledger: Ledger,
  { session, feature, borrower }: CommandOf<'returnBorrow'>,
  now: EpochMs,
): readonly LedgerEvent[] {
  const refuse = (refusal: Refusal): readonly LedgerEvent[] => [
    { kind: 'checkinRefused', at: now, session, handle: none, refusal },
  ];
  if (ledger.options.earlyReturn === false) return refuse(earlyReturnNotEnabled);
  const pools = findFeature(ledger, feature)?.pools ?? [];
  const seats = pools.flatMap(({ borrowed }) => borrowed?.of(borrower) ?? []);
  if (seats.length === 0) return refuse(borrowMatchesNothing);
  return returnAll(seats, 'returnedEarly', now);
}

/** The host could not write a borrow down: it never happened. Source: error list, -117. */
export function decideGiveUpBorrow(
  ledger: Ledger,
  { handle }: CommandOf<'giveUpBorrow'>,
  now: EpochMs,
): readonly LedgerEvent[] {
  const seat = ledger.checkouts.get(handle);
  return seat?.stay?.kind === 'borrow' ? returnAll([seat], 'borrowFailed', now) : [];
}

/**
 * A seat that was borrowed before the daemon was restarted is out again, even beyond what the license has now: its
 * client may be far away and use it. It is lost if its pool is gone. Sources: public lmstat outputs (the start is the
 * restart, the linger's total stays). unverified: what becomes of it when the license has changed.
 */
export function decideRestore(
  ledger: Ledger,
  { borrow }: CommandOf<'restore'>,
  now: EpochMs,
): readonly LedgerEvent[] {
  const { client, count, until, totalMs } = borrow;
  const pool = poolOf(ledger, borrow);
  if (pool === undefined || until <= now) {
    const { feature } = borrow;
    return [{ kind: 'borrowLost', at: now, client, feature, count, until }];
  }
  const { version, data } = borrow;
  const { feature: name, suite } = pool;
  const what = { session: none, client, feature: name, version, count, data };
  const trial = trialOfCount(pool, { kind: 'checkout', ...what }, count, now, false);
  const suiteTrial = suite && suiteTrialOf(suite, trial, now, false);
  const seats = taken(ledger.nextHandle, { name }, trial, suiteTrial, now, { until, totalMs });
  return 'kind' in seats ? [seats] : seats;
}

/** The pool of that id, or one of the same feature and version. */
function poolOf(ledger: Ledger, { pool, feature, poolVersion }: RestoredBorrow) {
  const same = ledger.pools.get(pool);
  if (same !== undefined) return same;
  const pools = ledger.features.get(featureKey(ledger.options, feature))?.pools ?? [];
  return pools.find(({ version }) => version === poolVersion);
}

/** The seat is out until its end, and no session's. */
export function recordBorrowed(
  ledger: Ledger,
  seat: HeldCheckout,
  { at, borrow }: SeatTaken,
): void {
  const { until, totalMs } = borrow!;
  seat.session = none;
  seat.pool.borrowed ??= new BorrowedSeats();
  seat.pool.borrowed.add(seat);
  const stay = new Borrowed(seat, { since: at, until, totalMs });
  stay.deadline = ledger.lapses.add(until, stay, lapseRanks.borrow);
  seat.stay = stay;
  ledger.borrows++;
}

export function endBorrow(ledger: Ledger, seat: HeldCheckout, { deadline }: Borrowed): void {
  seat.pool.borrowed!.delete(seat);
  ledger.lapses.remove(deadline!);
  ledger.borrows--;
}
