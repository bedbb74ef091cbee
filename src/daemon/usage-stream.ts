import { limits } from '../base/limits.ts';
import { idleSeats, listedReservations } from '../domain/ledger/reservations.ts';
import type { LedgerFeature, LedgerPool } from '../domain/ledger/state.ts';
import { messages } from '../wire/messages/index.ts';
import { holdersOf } from './holders.ts';
import type { Peer, Stream } from './peer.ts';

/** Bytes of records written before other connections get their turn. */
const PIECE_BYTES = 16 * 1024;

/** What is recorded once for each of some seats. */
interface SeatRecord {
  readonly seats: number;
  readonly user: string;
  readonly host: string;
  readonly display: string;
  readonly version: string;
  readonly since: number;
  readonly handle: number;
}

/** Seats of a feature that are out, or reserved and idle: as many usage records follow, at most the limit. */
export function usageRecords(feature: LedgerFeature): number {
  const seats = feature.pools.reduce((sum, pool) => sum + pool.used + idleSeats(pool), 0);
  return Math.min(seats, limits.usageRecordsMax);
}

/**
 * The usage records of a feature in pieces, so that a long list neither fills memory nor holds up other clients.
 * It walks the living ledger and keeps no more than its place, for a client may take minutes to read it; and it
 * writes exactly as many records as the client was told. Who comes meanwhile stands in for who went; when more
 * went than came, the last record is repeated.
 */
export class UsageStream implements Stream {
  readonly #records: Iterator<SeatRecord>;
  readonly #time: number;
  /** Records that are due. */
  #due: number;
  #record: SeatRecord = nobody;
  /** How often the record is to be written still. */
  #repeats = 0;

  /** `due` records of `feature`; `time` in Unix seconds. */
  constructor(feature: LedgerFeature, due: number, time: number) {
    this.#records = recordsOf(feature);
    this.#due = due;
    this.#time = time;
  }

  next(peer: Peer): boolean {
    const until = peer.out.length + PIECE_BYTES;
    while (this.#due > 0 && peer.out.length < until) {
      if (this.#repeats === 0) this.#advance();
      this.#write(peer);
      this.#repeats--;
      this.#due--;
    }
    return this.#due > 0;
  }

  #advance(): void {
    const step = this.#records.next();
    if (!step.done) this.#record = step.value;
    this.#repeats = step.done ? this.#due : step.value.seats;
  }

  #write(peer: Peer): void {
    const { user, host, display, version, since, handle } = this.#record;
    messages.usage.write(
      peer.out,
      { user, host, display, version, mark: undefined, since, handleHigh: 0, handle },
      this.#time,
    );
  }
}

const nobody: SeatRecord = {
  ...{ seats: 0, user: '', host: '', display: '', version: '' },
  ...{ since: 0, handle: 0 },
};

function* recordsOf({ pools }: LedgerFeature): Generator<SeatRecord> {
  for (const pool of pools) yield* recordsOfPool(pool);
}

/**
 * The records of one pool. A reservation is `G` and the name it is for, all else empty or zero: the only form
 * that public clients know is a group's, so that every kind of reservation takes it.
 */
function* recordsOfPool(pool: LedgerPool): Generator<SeatRecord> {
  for (const { checkout, seats } of holdersOf(pool)) {
    const { client, version, handle } = checkout;
    const { user, host, display } = client;
    const since = Math.floor(checkout.since / 1000);
    yield { seats, user, host, display, version, since, handle };
  }
  for (const { client, count } of listedReservations(pool)) {
    yield { ...nobody, seats: count, user: `G${client.name}` };
  }
}
