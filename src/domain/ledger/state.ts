import type { EpochMs } from '../../base/clock.ts';
import type { DeadlineHeap } from '../../base/deadline-heap.ts';
import type { Borrowed } from './borrowed-seats.ts';
import type { CheckoutSlots } from './checkout-slots.ts';
import type { ClockWatch } from './clock-watch.ts';
import type { HeldCheckout, LedgerPool } from './holdings.ts';
import type { LingeringSeats } from './lingering-seats.ts';
import type { Memo } from './memo.ts';
import type { Feature, SessionId } from './model.ts';
import type { PagedTable } from './paged-table.ts';
import type { Queue } from './queue.ts';
import type { QuietSession } from './quiet-sessions.ts';
import type { Sessions } from './sessions.ts';

export interface LedgerOptions {
  /** The vendor daemon's name. */
  readonly vendor: string;
  /** IANA name of the server's zone, where START and expiry days begin; absent: the host's own. */
  readonly timeZone?: string;
  /** The first checkout's handle; 101 unless told, as vendor daemons are seen to give. */
  readonly firstHandle?: number;
  /** Feature names differ by letter case too, as a few vendor daemons announce. */
  readonly caseSensitive?: boolean;
  /** How long a silent client keeps its seats; two hours unless told. */
  readonly sessionTimeoutSeconds?: number;
  /** How far clocks may be apart, a client's and the server's, or the server's and its own; a day unless told. */
  readonly clockToleranceSeconds?: number;
  /** False where a borrowed seat cannot be given back before its time. */
  readonly earlyReturn?: boolean;
  /** Requests that may wait at a time; `limits.queueEntriesMax` unless told. */
  readonly queueEntriesMax?: number;
  /** Names of the license server's own host, where FLOAT_OK seats may not be used. */
  readonly serverHosts?: readonly string[];
}

/**
 * What comes to its end without anybody's doing: an idle seat, the lingering seats of a pool, a borrowed
 * seat, a silent session.
 */
export type Lapsing = HeldCheckout | LingeringSeats | Borrowed | QuietSession;

/**
 * Of one moment: a seat is taken back as idle before its session is given up, whatever was waited for first. So the
 * same seats lapse in the same order after a reread, which waits for them anew.
 */
export const lapseRanks = {
  idle: 0,
  lingering: 1,
  borrow: 1,
  session: 2,
} as const satisfies Record<Lapsing['lapses'], number>;

/**
 * Everything a vendor daemon knows of seats. Made by `createLedger`, changed by `record` and, on a
 * reread, by `replaceDefinitions`; everyone else only looks, best through `snapshot`.
 */
export interface Ledger {
  readonly options: LedgerOptions;
  /** By `featureKey`, in license-file order. */
  readonly features: Map<string, LedgerFeature>;
  /** The same features by the very text a client asked with: spares the folding. */
  spellings: Memo<LedgerFeature>;
  /** By `PoolDefinition.id`. */
  readonly pools: Map<string, LedgerPool>;
  /** Every checkout, by handle. */
  readonly checkouts: PagedTable<HeldCheckout>;
  /** Their objects, and those for checkouts to come. */
  readonly slots: CheckoutSlots;
  readonly sessions: Sessions;
  /** When pools change by themselves. */
  readonly standings: DeadlineHeap<LedgerPool>;
  /** When seats and sessions do. */
  readonly lapses: DeadlineHeap<Lapsing>;
  /** Sessions with seats whose clients are idle or silent. */
  readonly quiet: Map<SessionId, QuietSession>;
  /** Requests that wait for seats. */
  readonly queue: Queue;
  /** Checkouts that are borrowed. */
  borrows: number;
  readonly clock: ClockWatch;
  /** Scans are counted from here. */
  readonly startedAt: EpochMs;
  /** From here up to, not including, the first standing's end, every pool stands as recorded. */
  steadySince: EpochMs;
  steadyUntil: EpochMs;
  nextHandle: number;
}

export interface LedgerFeature extends Feature {
  /** The pool that is tried first; each leads to its `sibling`. */
  readonly first: LedgerPool;
  readonly pools: readonly LedgerPool[];
}

export type { LedgerPool } from './holdings.ts';

/** The text under which a feature is filed: case is folded unless the vendor tells cases apart. */
export function featureKey(options: LedgerOptions, name: string): string {
  return options.caseSensitive === true ? name : name.toLowerCase();
}

/** True when every pool stands as recorded at this moment. */
export function isSteady(ledger: Ledger, now: EpochMs): boolean {
  return ledger.steadySince <= now && now < ledger.steadyUntil;
}

/** The feature a client means, or undefined when this daemon has none of that name. */
export function findFeature(ledger: Ledger, name: string): LedgerFeature | undefined {
  const known = ledger.spellings.get(name);
  if (known !== undefined) return known;
  const feature = ledger.features.get(featureKey(ledger.options, name));
  if (feature !== undefined) ledger.spellings.set(name, feature);
  return feature;
}
