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

export function hasLingering({ lingering, suite }: LedgerPool): boolean {
  return lingering !== undefined || suite?.lingering !== undefined;
}

/** Lingering seats of a pool and of its suite whose time is over. */
export function lingeredOut(
  { lingering, suite }: LedgerPool,
  now: EpochMs,
): readonly HeldCheckout[] {
  return [...(lingering?.over(now) ?? []), ...(suite?.lingering?.over(now) ?? [])];
}
