import type {
  LedgerEvent,
  ReturnReason,
  SeatReturned,
  SeatTaken,
} from '../domain/ledger/events.ts';
import type { Client, Pool } from '../domain/ledger/model.ts';

/** Events of a page: a server that sees few keeps little room. A power of two. */
const PAGE_EVENTS = 4_096;
const PAGE_BITS = 12;
/** Numbers kept of a seat that went out or came back, in this order. */
const AT = 0;
const HANDLE = 1;
const SESSION = 2;
const COUNT = 3;
/** Seats by which the pool's use grew, or fell. */
const CHANGE = 4;
const NUMBERS = 5;
/** Texts and objects kept of it, in this order. The last says what happened: taken, or why it came back. */
const CLIENT = 0;
const POOL = 1;
const FEATURE = 2;
const DATA = 3;
const VERSION = 4;
const OUTCOME = 5;
const REFERENCES = 6;

const taken = 'taken';

/**
 * A seat that goes out or comes back is two of three events, a hundred thousand times a second. Kept as objects, each
 * would outlive the young generation and be copied twice; kept as numbers and references to what lives on anyway, it
 * costs the collector nothing (a tenth of the server's time under load).
 */
class Page<Other> {
  readonly numbers = new Float64Array(PAGE_EVENTS * NUMBERS);
  readonly references: unknown[] = new Array(PAGE_EVENTS * REFERENCES).fill(undefined);
  /** Events of other kinds, whole; undefined where there is a seat's, or none. */
  readonly others: (Other | undefined)[] = new Array(PAGE_EVENTS).fill(undefined);
}

/** Places for `size` events, each of which keeps the one that was put there last. */
export class EventRing<Other> {
  #pages: Page<Other>[] = [];

  /** Keeps `event` at a place from 0; places are first used in order. */
  put(place: number, event: LedgerEvent | Other): void {
    const page = this.#pageOf(place);
    const at = place & (PAGE_EVENTS - 1);
    const { kind } = event as LedgerEvent;
    if (kind === 'seatTaken' && isPlain(event as SeatTaken)) {
      const { added, version } = event as SeatTaken;
      putSeat(page, at, event as SeatTaken, added);
      page.references[at * REFERENCES + VERSION] = version;
      page.references[at * REFERENCES + OUTCOME] = taken;
      page.others[at] = undefined;
    } else if (kind === 'seatReturned' && typeof (event as SeatReturned).pool === 'object') {
      const { freed, reason } = event as SeatReturned;
      putSeat(page, at, event as SeatReturned, freed);
      page.references[at * REFERENCES + OUTCOME] = reason;
      page.others[at] = undefined;
    } else page.others[at] = event as Other;
  }

  /** What a place keeps. */
  get(place: number): LedgerEvent | Other {
    const page = this.#pageOf(place);
    const at = place & (PAGE_EVENTS - 1);
    return page.others[at] ?? seatAt(page, at);
  }

  /** A place keeps nothing any more, and nothing alive. */
  forget(place: number): void {
    const page = this.#pageOf(place);
    const at = place & (PAGE_EVENTS - 1);
    page.others[at] = undefined;
    page.references.fill(undefined, at * REFERENCES, (at + 1) * REFERENCES);
  }

  clear(): void {
    this.#pages = [];
  }

  #pageOf(place: number): Page<Other> {
    const number = place >>> PAGE_BITS;
    const page = this.#pages[number] ?? new Page<Other>();
    this.#pages[number] = page;
    return page;
  }
}

/** With a pool, not its name, and nothing that only some seats have. */
function isPlain(event: SeatTaken): boolean {
  return (
    typeof event.pool === 'object' &&
    event.borrow === undefined &&
    event.ticket === undefined &&
    event.suiteHandle === undefined &&
    event.componentHandle === undefined
  );
}

function putSeat(page: Page<unknown>, at: number, event: SeatTaken | SeatReturned, change: number) {
  const { numbers, references } = page;
  const number = at * NUMBERS;
  numbers[number + AT] = event.at;
  numbers[number + HANDLE] = event.handle;
  numbers[number + SESSION] = event.session;
  numbers[number + COUNT] = event.count;
  numbers[number + CHANGE] = change;
  const reference = at * REFERENCES;
  references[reference + CLIENT] = event.client;
  references[reference + POOL] = event.pool;
  references[reference + FEATURE] = event.feature;
  references[reference + DATA] = event.data;
}

/** The event as it was, but for what it counted against. */
function seatAt({ numbers, references }: Page<unknown>, at: number): SeatTaken | SeatReturned {
  const number = (what: number): number => numbers[at * NUMBERS + what]!;
  const reference = (what: number): unknown => references[at * REFERENCES + what];
  const outcome = reference(OUTCOME) as typeof taken | ReturnReason;
  const who = {
    at: number(AT),
    handle: number(HANDLE),
    session: number(SESSION),
    client: reference(CLIENT) as Client,
    pool: reference(POOL) as Pool,
    feature: reference(FEATURE) as string,
  };
  const count = number(COUNT);
  const data = reference(DATA) as string;
  const change = number(CHANGE);
  if (outcome !== taken) {
    return { kind: 'seatReturned', ...who, count, data, reason: outcome, freed: change };
  }
  const version = reference(VERSION) as string;
  return { kind: 'seatTaken', ...who, version, count, data, added: change, draws: undefined };
}
