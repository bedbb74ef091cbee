import type { EpochMs } from '../../base/clock.ts';
import type { DupGroup } from '../license/model.ts';
import type { ClientTest } from '../options/client-tests.ts';
import type { OptionsRule } from '../options/model.ts';
import { sharingKey } from './dup-groups.ts';
import type { LedgerPool } from './holdings.ts';
import type { Client } from './model.ts';
import type { Reserving } from './reservations.ts';
import type { SerialHolders } from './serial-holders.ts';

/** The RESERVE lines about one client, user or group, for whatever features of a serial number. */
export interface SerialReserve {
  readonly matches: ClientTest;
  readonly parts: readonly ReservePart[];
  /** Those whom it is for, and who have seats of the serial number. */
  readonly holders: SerialHolders;
}

interface ReservePart {
  readonly pool: LedgerPool;
  readonly line: OptionsRule;
  readonly count: number;
}

/** What a serial number has for a while: from `since` up to, not including, `until`. */
interface Room {
  readonly capacity: number;
  /** The capacity without overdraft. */
  readonly issued: number;
  /** Seats of each of its reserves. */
  readonly reserved: readonly number[];
  readonly since: EpochMs;
  readonly until: EpochMs;
}

interface Parts {
  readonly room?: Room | undefined;
  readonly serialNumber: string;
  readonly sharing: DupGroup;
  readonly pools: readonly LedgerPool[];
  readonly reserves: readonly SerialReserve[];
  readonly holders: SerialHolders;
}

/**
 * The seats of a serial number whose features share them: as many as the feature with most has. Who has one, by the
 * vendor's rule of sharing, uses all its features with it. An idle reservation of a feature holds one, too, until
 * somebody whom it is for has one.
 * Source: Intel, "How does floating license checkout work?". unverified: that the feature with most counts, and
 * what RESERVE comes to.
 */
export class SerialSeats {
  readonly serialNumber: string;
  readonly sharing: DupGroup;
  /** In the order in which they were defined; at least one. */
  readonly pools: readonly LedgerPool[];
  readonly reserves: readonly SerialReserve[];
  readonly holders: SerialHolders;
  #room: Room | undefined;

  constructor({ serialNumber, sharing, pools, reserves, holders, room }: Parts) {
    this.#room = room;
    this.serialNumber = serialNumber;
    this.sharing = sharing;
    this.pools = pools;
    this.reserves = reserves;
    this.holders = holders;
  }

  /** Its holders, and those of each of its reserves. */
  get counts(): readonly SerialHolders[] {
    return [this.holders, ...this.reserves.map(({ holders }) => holders)];
  }

  /** With whom a client's seats count. */
  keyOf(client: Client, data: string): string {
    const { seatPerNode } = this.pools[0]!;
    return sharingKey({ sharing: this.sharing, seatPerNode }, client, data) ?? '';
  }

  /** Worked out anew only when a line of it has started or expired. */
  roomAt(now: EpochMs): Room {
    const known = this.#room;
    if (known !== undefined && known.since <= now && now < known.until) return known;
    const room = roomOf(this, now);
    this.#room = room;
    return room;
  }

  /** What is reserved at a moment, and what of it those have whom it is for. */
  reservationsAt(now: EpochMs): readonly Reserving[] {
    if (this.reserves.length === 0) return [];
    const { reserved } = this.roomAt(now);
    return this.reserves.map(({ matches, holders }, index) => {
      return { rule: { matches, count: reserved[index]! }, used: holders.seats };
    });
  }

  /** The same with other holders: a picture, for asking what would be. */
  withHolders(change: (holders: SerialHolders) => SerialHolders): SerialSeats {
    const reserves = this.reserves.map((each) => ({ ...each, holders: change(each.holders) }));
    const holders = change(this.holders);
    return new SerialSeats({ ...this.#parts, reserves, holders, room: this.#room });
  }

  /** The same without some lines of the options file. */
  withoutLines(lines: ReadonlySet<OptionsRule>): SerialSeats {
    const reserves = this.reserves.map((each) => {
      return { ...each, parts: each.parts.filter(({ line }) => !lines.has(line)) };
    });
    return new SerialSeats({ ...this.#parts, reserves });
  }

  get #parts(): Parts {
    const { serialNumber, sharing, pools, reserves, holders } = this;
    return { serialNumber, sharing, pools, reserves, holders };
  }
}

function roomOf({ pools, reserves }: SerialSeats, now: EpochMs): Room {
  const capacity = new MostOfFeature();
  const issued = new MostOfFeature();
  const issuedBy = new Map<LedgerPool, number>();
  let since = -Infinity;
  let until = Infinity;
  for (const pool of pools) {
    const standing = pool.standingAt(now);
    const ownIssued = standing.capacity - standing.overdraft;
    capacity.add(pool, standing.capacity);
    issued.add(pool, ownIssued);
    issuedBy.set(pool, ownIssued);
    since = Math.max(since, standing.since);
    until = Math.min(until, standing.until);
  }
  const reserved = reserves.map(({ parts }) => {
    const total = new MostOfFeature();
    const left = new Map(issuedBy);
    for (const { pool, count } of parts) {
      const own = Math.min(count, left.get(pool)!);
      left.set(pool, left.get(pool)! - own);
      total.add(pool, own);
    }
    return total.most;
  });
  return { capacity: capacity.most, issued: issued.most, reserved, since, until };
}

/** Adds up by feature, and tells the most of any. */
class MostOfFeature {
  readonly #sums = new Map<string, number>();
  most = 0;

  add({ feature }: LedgerPool, seats: number): void {
    const sum = (this.#sums.get(feature) ?? 0) + seats;
    this.#sums.set(feature, sum);
    this.most = Math.max(this.most, sum);
  }
}
