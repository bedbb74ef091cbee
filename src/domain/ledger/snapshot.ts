import type { EpochMs } from '../../base/clock.ts';
import type { Expiry } from '../license/model.ts';
import type { PoolPackage } from '../license/pool-definition.ts';
import type { ClientType } from '../options/model.ts';
import { nextDeadline } from './deadlines.ts';
import { dupGroupText } from './dup-groups.ts';
import type { HeldCheckout, LedgerPool } from './holdings.ts';
import type { SessionId } from './model.ts';
import { idleSeats, type ListedReservation, listedReservations } from './reservations.ts';
import type { Phase } from './standings.ts';
import type { Ledger, LedgerFeature } from './state.ts';
import { listedQueue, type Waiting } from './waiting-lines.ts';

/**
 * The ledger as plain data, for lmstat, the control plane and tests; shares nothing that changes.
 */
export interface LedgerSnapshot {
  readonly vendor: string;
  readonly nextHandle: number;
  readonly nextDeadline: EpochMs | null;
  readonly features: readonly FeatureSnapshot[];
}

export interface FeatureSnapshot {
  readonly name: string;
  /** False when every pool is uncounted: lmstat then prints no totals. */
  readonly counted: boolean;
  /** Seats of the counted pools together: those there are with overdraft, and those out. */
  readonly capacity: number;
  readonly used: number;
  /** Seats reserved and idle: in use, though nobody has them. */
  readonly reserved: number;
  readonly pools: readonly PoolSnapshot[];
}

export interface PoolSnapshot {
  readonly id: string;
  readonly feature: string;
  readonly vendor: string;
  readonly version: string;
  readonly counted: boolean;
  readonly phase: Phase;
  readonly capacity: number;
  /** How much of the capacity is overdraft. */
  readonly overdraft: number;
  readonly used: number;
  /** Idle reservations, in the order of the options file. */
  readonly reservations: readonly ReservationSnapshot[];
  /** Of its lines, the one that lasts longest. */
  readonly expiry: Expiry;
  /** As DUP_GROUP= spells it. */
  readonly dupGroup: string;
  readonly hostids?: readonly string[];
  readonly platforms?: readonly string[];
  readonly vendorString?: string;
  readonly serialNumber?: string;
  /** The package that its seats belong to, as `PoolDefinition.package`. */
  readonly package?: PoolPackage;
  readonly checkouts: readonly CheckoutSnapshot[];
  /** Requests that wait for its seats, or for its first of several pools' seats, first come first. */
  readonly queued: readonly QueuedSnapshot[];
}

/** A request that waits. */
export interface QueuedSnapshot {
  readonly handle: number;
  readonly session: SessionId;
  readonly user: string;
  readonly host: string;
  readonly display: string;
  readonly version: string;
  readonly count: number;
  readonly since: EpochMs;
}

/** Seats that a RESERVE line or a SUITE_RESERVED package holds and nobody uses. */
export interface ReservationSnapshot {
  readonly count: number;
  readonly type: ClientType;
  readonly name: string;
}

/** Why and how long a seat stays out though no session holds it. */
export interface StaySnapshot {
  readonly kind: 'linger' | 'borrow';
  readonly since: EpochMs;
  readonly until: EpochMs;
}

/** One granted checkout, oldest first in its pool. */
export interface CheckoutSnapshot {
  readonly handle: number;
  readonly session: SessionId;
  readonly user: string;
  readonly host: string;
  readonly display: string;
  readonly platform: string;
  readonly pid: number;
  readonly project: string;
  readonly address: string;
  readonly version: string;
  readonly count: number;
  readonly data: string;
  readonly since: EpochMs;
  /** Set when no session holds it any more. */
  readonly stay?: StaySnapshot;
  /** It uses seats of an older checkout's group (LAG "lmstat": those are not listed). */
  readonly shared: boolean;
  /** The handle of what went out with it: of a suite's seats, or of the component that took them. */
  readonly companion?: number;
}

/** Linear in pools and checkouts. */
export function snapshot(ledger: Ledger): LedgerSnapshot {
  return {
    vendor: ledger.options.vendor,
    nextHandle: ledger.nextHandle,
    nextDeadline: nextDeadline(ledger) ?? null,
    features: [...ledger.features.values()].map(featureSnapshot),
  };
}

function featureSnapshot({ name, pools }: LedgerFeature): FeatureSnapshot {
  const counted = pools.filter(({ definition }) => definition.counted);
  return {
    name,
    counted: counted.length > 0,
    capacity: counted.reduce((sum, { capacity }) => sum + capacity, 0),
    used: counted.reduce((sum, { used }) => sum + used, 0),
    reserved: counted.reduce((sum, pool) => sum + idleSeats(pool), 0),
    pools: pools.map(poolSnapshot),
  };
}

function poolSnapshot(pool: LedgerPool): PoolSnapshot {
  const { id, feature, vendor, version, counted, dupGroup } = pool.definition;
  const { hostids, platforms, vendorString, serialNumber } = pool.definition;
  return {
    id,
    feature,
    vendor,
    version,
    counted,
    phase: pool.phase,
    capacity: pool.capacity,
    overdraft: pool.capacity - pool.issued,
    used: pool.used,
    reservations: listedReservations(pool).map(reservationSnapshot),
    expiry: longestExpiry(pool),
    dupGroup: dupGroupText(dupGroup),
    ...(hostids && { hostids: [...hostids] }),
    ...(platforms && { platforms: [...platforms] }),
    ...(vendorString !== undefined && { vendorString }),
    ...(serialNumber !== undefined && { serialNumber }),
    ...(pool.definition.package && { package: { ...pool.definition.package } }),
    checkouts: [...pool.checkouts.values()].map(checkoutSnapshot),
    queued: [...listedQueue(pool)].map(queuedSnapshot),
  };
}

function longestExpiry({ definition, terms }: LedgerPool): Expiry {
  let longest = 0;
  terms.forEach((term, index) => {
    if (term.until > terms[longest]!.until) longest = index;
  });
  const { expiry } = definition.lines[longest]!;
  return expiry.kind === 'date' ? { ...expiry, date: { ...expiry.date } } : { ...expiry };
}

function reservationSnapshot({ client, count }: ListedReservation): ReservationSnapshot {
  const { type, name } = client;
  return { count, type, name };
}

function checkoutSnapshot(checkout: HeldCheckout): CheckoutSnapshot {
  const { handle, session, client, version, count, data, since, stay } = checkout;
  const { user, host, display, platform, pid, project, address } = client;
  const shared = !checkout.isFirstOfGroup;
  return {
    ...{ handle, session, user, host, display, platform, pid, project, address },
    ...{ version, count, data, since, shared },
    ...(stay && { stay: { kind: stay.kind, since: stay.since, until: stay.until } }),
    ...(checkout.companion && { companion: checkout.companion.handle }),
  };
}

function queuedSnapshot({ handle, request, since }: Waiting): QueuedSnapshot {
  const { session, client, version, count } = request;
  const { user, host, display } = client;
  return { handle, session, user, host, display, version, count, since };
}
