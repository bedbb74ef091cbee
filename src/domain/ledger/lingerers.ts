import type { EpochMs } from '../../base/clock.ts';
import type { HeldCheckout, LedgerPool } from './holdings.ts';
import type { Client } from './model.ts';

/** Which seats are thought to be back already; none, for a decision. */
type IsBack = (seat: HeldCheckout) => boolean;

const noneIsBack: IsBack = () => false;

/**
 * A seat of the pool that the client has left and that still lingers: a client that comes back has it again, not
 * another one. With a DUP_GROUP it is shared anyway. unverified: guides only say that the seat is held.
 */
export function reusable(
  { lingering, sharing, suite }: LedgerPool,
  client: Client,
  count: number,
  isBack: IsBack = noneIsBack,
): HeldCheckout | undefined {
  const shared = sharing !== undefined && (suite === undefined || suite.sharing !== undefined);
  if (shared || lingering === undefined) return undefined;
  for (const { seat } of lingering.of(client)) {
    if (!isBack(seat)) return seat.count >= count ? seat : undefined;
  }
  return undefined;
}

export function hasLingering(pool: LedgerPool): boolean {
  return linkedTo(pool).some(({ lingering }) => lingering !== undefined);
}

/** Lingering seats whose time is over, of all pools whose seats a request for one of this pool may need. */
export function lingeredOut(pool: LedgerPool, now: EpochMs): readonly HeldCheckout[] {
  return linkedTo(pool).flatMap(({ lingering }) => lingering?.over(now) ?? []);
}

/** The pool, its suite, and the others of the serial number whose seats they share. */
function linkedTo(pool: LedgerPool): readonly LedgerPool[] {
  const own = pool.suite === undefined ? [pool] : [pool, pool.suite];
  const serial = (pool.suite ?? pool).serial;
  return serial === undefined ? own : [...new Set([...own, ...serial.pools])];
}
