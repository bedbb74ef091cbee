import type { EpochMs } from '../../base/clock.ts';
import type { Deadline } from '../../base/deadline-heap.ts';
import type { DupGroup } from '../license/model.ts';
import type { PoolDefinition } from '../license/pool-definition.ts';
import type { BorrowRules } from '../options/borrow-rules.ts';
import type { PoolRules } from '../options/rules.ts';
import type { Borrowed, BorrowedSeats } from './borrowed-seats.ts';
import type { CheckoutSlots } from './checkout-slots.ts';
import type { ClockWatch } from './clock-watch.ts';
import { sharedFields } from './dup-groups.ts';
import type { Draw, SeatTaken } from './events.ts';
import { Handful } from './handfuls.ts';
import type { Lingering, LingeringSeats } from './lingering-seats.ts';
import type { MaxLimit } from './max-limits.ts';
import {
  type Checkout,
  type CheckoutList,
  type Client,
  none,
  type Pool,
  type SeatGroup,
  type SessionId,
} from './model.ts';
import type { PagedTable } from './paged-table.ts';
import { RemoteSessions } from './remote-sessions.ts';
import type { Reservation } from './reservations.ts';
import type { SerialSeats } from './serial-seats.ts';
import { type Phase, type Standing, standingAt, type Term } from './standings.ts';
import type { SuiteCount } from './suite-holds.ts';
import type { WaitingLine } from './waiting-lines.ts';

/**
 * A pool as the ledger keeps it. What every request looks at lies in its own fields, copied from
 * definition and standing, and those fields lie together at its beginning: with thousands of features each
 * further object is one more cache miss, and so is each further line of this one.
 */
export class LedgerPool implements Pool {
  // What every checkout and check-in reads.
  /** The rows of the denial table that concern it: see `reasonsOf`. */
  reasons: readonly number[] = [];
  /** As last recorded; so is `capacity`. */
  phase: Phase = 'expired';
  readonly version: string;
  /** The client's fields that make checkouts one; undefined when every checkout counts. */
  readonly sharing: DupGroup | undefined;
  /** The pool whose seats go out with those of this one, a suite's component. */
  suite: LedgerPool | undefined = undefined;
  capacity = 0;
  /** Seats that the license lines issue: the capacity without overdraft. */
  issued = 0;
  used = 0;
  /** MINIMUM: a checkout of fewer seats takes as many. */
  minimum = 1;
  /** Those that wait for its seats; absent while nobody does. */
  waiting: WaitingLine | undefined = undefined;
  /** Absent until the first seat lingers. */
  lingering: LingeringSeats | undefined = undefined;
  /** How long a seat stays out when its client has left it; 0: not at all. */
  lingerMs = 0;
  /** Something counts its seats beside the pool itself: see `countsSeats`. */
  drawn = false;
  /** The feature's name, as its first line spells it. */
  feature: string;
  /** The chain of its checkouts, oldest first: the slots of both ends, and how many there are. */
  first = none;
  last = none;
  size = 0;
  /** The pool of the same feature that is tried next. */
  sibling: LedgerPool | undefined = undefined;

  // What only some look at.
  readonly checkouts: PoolCheckouts;
  definition: PoolDefinition;
  counted: boolean;
  hostids: readonly string[] | undefined;
  platforms: readonly string[] | undefined;
  /** Platforms on which nodes and CPUs do not share. */
  seatPerNode: readonly string[] | undefined;
  /** Of a SUITE_RESERVED package and its components: counts what each holder of the suite has. */
  suiteCount: SuiteCount | undefined = undefined;
  /** Whose seats its users take, with whatever other feature of it. */
  serial: SerialSeats | undefined = undefined;
  /** Those that use it, which ONE_TS_OK asks for. */
  readonly remoteSessions = new RemoteSessions();
  /** FLOAT_OK: the license server's own names, in lower case, where its seats may not be used. */
  barredHosts: ReadonlySet<string> | undefined = undefined;
  /** As last recorded. */
  standing: Standing = standingAt([], 0, 0);
  readonly groups = new Map<string, SharedSeats>();
  terms: readonly Term[] = [];
  /** What the options file says of it; undefined when it says nothing. */
  rules: PoolRules | undefined = undefined;
  /** One a MAX line, in file order; one line's is shared with the feature's other pools. */
  maxLimits: readonly MaxLimit[] = [];
  /** In file order. */
  reservations: readonly Reservation[] = [];
  /** The same as `reasons` for a request to borrow. */
  borrowReasons: readonly number[] = [];
  /** How long a seat may be idle before it is taken back; undefined: for ever. */
  timeoutMs: number | undefined = undefined;
  /** Who may borrow its seats; undefined when the license does not allow it. */
  borrow: BorrowRules | undefined = undefined;
  /** Absent until the first seat is borrowed. */
  borrowed: BorrowedSeats | undefined = undefined;
  /** When the standing ends, if it does. */
  deadline: Deadline<LedgerPool> | undefined = undefined;
  /** One for all the ledger's pools. */
  readonly clock: ClockWatch;

  constructor(definition: PoolDefinition, ledger: CheckoutsOut & { readonly clock: ClockWatch }) {
    this.clock = ledger.clock;
    this.definition = definition;
    this.feature = definition.feature;
    this.version = definition.version;
    this.counted = definition.counted;
    this.hostids = definition.hostids;
    this.platforms = definition.platforms;
    this.sharing = sharedFields(definition.dupGroup);
    this.seatPerNode = definition.seatPerNode;
    this.checkouts = new PoolCheckouts(this, ledger);
  }

  /**
   * Takes over a definition with the same id: its lines may differ, and what the id does not tell.
   */
  redefine(definition: PoolDefinition, terms: readonly Term[]): void {
    this.definition = definition;
    this.counted = definition.counted;
    this.hostids = definition.hostids;
    this.platforms = definition.platforms;
    this.seatPerNode = definition.seatPerNode;
    this.terms = terms;
    this.minimum = definition.lines.reduce(
      (most, { attributes }) => Math.max(most, attributes.minimum ?? 1),
      1,
    );
  }

  /** When the last of its lines expires. */
  get expiresAt(): EpochMs {
    return this.terms.reduce((latest, { until }) => Math.max(latest, until), -Infinity);
  }

  /** What its lines come to at a moment, from scratch. */
  standingAt(now: EpochMs): Standing {
    return standingAt(this.terms, this.rules?.overdraftMax ?? Infinity, now);
  }

  get dupGroup(): DupGroup {
    return this.definition.dupGroup;
  }
}

/** What a ledger keeps of the checkouts of all pools. */
interface CheckoutsOut {
  readonly checkouts: PagedTable<HeldCheckout>;
  readonly slots: CheckoutSlots;
}

/** A pool's checkouts, oldest first; found by handle through the ledger's table. */
class PoolCheckouts implements CheckoutList {
  readonly #pool: LedgerPool;
  readonly #ledger: CheckoutsOut;

  constructor(pool: LedgerPool, ledger: CheckoutsOut) {
    this.#pool = pool;
    this.#ledger = ledger;
  }

  get size(): number {
    return this.#pool.size;
  }

  get(handle: number): HeldCheckout | undefined {
    const checkout = this.#ledger.checkouts.get(handle);
    return checkout?.pool === this.#pool ? checkout : undefined;
  }

  values(): Generator<HeldCheckout> {
    return this.#ledger.slots.values(this.#pool);
  }
}

/** The seats that checkouts with one DUP_GROUP key share. */
export class SharedSeats extends Handful<HeldCheckout> implements SeatGroup {
  readonly key: string;
  seats = 0;
  /** Of all its seats: they come back together. */
  draws: readonly Draw[] | undefined = undefined;

  constructor(key: string) {
    super();
    this.key = key;
  }

  get checkouts(): Checkout[] {
    return this.toArray();
  }
}

/** In place of a client where there is none any more. */
const nobody: Client = {
  ...{ user: '', host: '', display: '', platform: '', pid: 0, project: '', address: '' },
  hostids: [],
};

/**
 * A checkout as the ledger keeps it. One that is over is used for another (`CheckoutSlots`): nobody may keep one
 * beyond the decision or the step of a walk for which it was looked up. What can be kept is its handle.
 */
export class HeldCheckout implements Checkout {
  /** Its own for good. */
  readonly slot: number;
  /** `none` when it is over. */
  handle: number = none;
  session: SessionId = none;
  pool: LedgerPool;
  client: Client = nobody;
  count = 0;
  version = '';
  data = '';
  /** Undefined when it shares with nobody. */
  shares: SharedSeats | undefined = undefined;
  /** A suite's seats with their component's, and the reverse: they come back together. */
  companion: HeldCheckout | undefined = undefined;
  stay: Lingering | Borrowed | undefined = undefined;
  /** Of its own seats; those it shares are in the group's. */
  draws: readonly Draw[] | undefined = undefined;
  /** When it is taken back because its client does not use it. */
  deadline: Deadline<HeldCheckout> | undefined = undefined;
  // Not a whole number of 31 bits from the beginning, so that it has its place for good.
  since: EpochMs = Number.NaN;

  constructor(pool: LedgerPool, slot: number) {
    this.pool = pool;
    this.slot = slot;
  }

  /** Makes it the one that has just been granted. */
  begin(taken: SeatTaken, pool: LedgerPool, shares: SharedSeats | undefined): void {
    this.handle = taken.handle;
    this.session = taken.session;
    this.client = taken.client;
    this.pool = pool;
    this.count = taken.count;
    this.version = taken.version;
    this.data = taken.data;
    this.since = taken.at;
    this.shares = shares;
  }

  /** Forgets whose it was. */
  end(): void {
    this.handle = none;
    this.session = none;
    this.client = nobody;
    this.version = '';
    this.data = '';
    this.shares = undefined;
    this.draws = undefined;
    this.stay = undefined;
    this.deadline = undefined;
    this.companion = undefined;
  }

  get lapses(): 'idle' {
    return 'idle';
  }

  get group(): SeatGroup {
    return this.shares ?? { key: '', seats: this.count, checkouts: [this] };
  }

  /** True for a suite's seats: nobody was given their handle. */
  get isSuiteSeat(): boolean {
    return this.companion !== undefined && this.companion.pool.suite === this.pool;
  }

  /** True for the oldest of those that share seats, and for one that shares none: lmstat's one. */
  get isFirstOfGroup(): boolean {
    return this.shares === undefined || this.shares.first === this;
  }

  /** Seats the pool's use falls by when this one goes and `others` of its group stay. */
  seatsFreed(others: number): number {
    if (this.shares === undefined) return this.count;
    return others === 0 ? this.shares.seats : 0;
  }
}
