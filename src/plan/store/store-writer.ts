import { join } from 'node:path';
import type { EpochMs } from '../../base/clock.ts';
import { type Closing, closings, type HistorySink } from '../scan/history.ts';
import { DAY_MS, type WallClock } from '../scan/wall-clock.ts';
import type { Packing } from './packing.ts';
import { partitionFolder, type TablePart } from './table-part.ts';
import type { TableName } from './tables.ts';

/** Months that are kept open at a time: time runs on, and only long sessions reach back. */
const OPEN_PARTS_MAX = 24;
/** Days whose folders are kept ready. */
const DAYS_KEPT_MAX = 1_000;
/** Clocks on the wall differ from UTC by whole quarters of an hour: in one of them is never a midnight. */
const QUARTER_MS = 15 * 60_000;
/** And by less than this at all: so far from where a month begins and ends, any clock shows that month. */
const OFFSET_MS_MAX = 16 * 3_600_000;

export interface StorePlace {
  /** The store's folder. */
  readonly folder: string;
  readonly site: string;
  /** What the names of the files begin with: those of one log have one key. */
  readonly key: string;
}

/** Where the last row of a table was put, for those of the same month as far as that is seen without a clock. */
class LastPart {
  readonly table: TableName;
  part: TablePart | undefined = undefined;
  from = Number.NaN;
  to = Number.NaN;

  constructor(table: TableName) {
    this.table = table;
  }

  /** `part` is that of all instants around `at` that are sure to be of its month. */
  keep(part: TablePart, at: EpochMs): void {
    this.part = part;
    const date = new Date(at);
    const [year, month] = [date.getUTCFullYear(), date.getUTCMonth()];
    this.from = Date.UTC(year, month, 1) + OFFSET_MS_MAX;
    this.to = Date.UTC(year, month + 1, 1) - OFFSET_MS_MAX;
    if (at >= this.from && at < this.to) return;
    this.from = Math.floor(at / QUARTER_MS) * QUARTER_MS;
    this.to = this.from + QUARTER_MS;
  }
}

/** Writes what a log tells into the tables of a store, month by month, as files that readers do not see yet. */
export class StoreWriter implements HistorySink {
  /** Paths of the files within the store, without what hides them. */
  readonly parts: string[] = [];
  readonly rows = { events: 0, sessions: 0, steps: 0 };
  readonly #open = new Map<string, TablePart>();
  readonly #events = new LastPart('events');
  readonly #sessions = new LastPart('sessions');
  readonly #steps = new LastPart('steps');
  /** By day. */
  readonly #folders = new Map<number, Record<TableName, string>>();
  readonly #place: StorePlace;
  readonly #wall: WallClock;
  readonly #packing: Packing;

  constructor(place: StorePlace, wall: WallClock, packing: Packing) {
    this.#place = place;
    this.#wall = wall;
    this.#packing = packing;
  }

  event(
    at: EpochMs,
    kind: number,
    feature: number,
    client: number,
    count: number,
    reason: number,
    line: number,
  ): void {
    const part = this.#part(this.#events, at);
    const row = part.newRow();
    const { fields } = part;
    fields[0]![row] = at;
    fields[1]![row] = kind;
    fields[2]![row] = feature;
    fields[3]![row] = client;
    fields[4]![row] = count;
    fields[5]![row] = reason;
    fields[6]![row] = line;
  }

  session(
    since: EpochMs | undefined,
    until: EpochMs,
    feature: number,
    client: number,
    count: number,
    closing: Closing,
  ): void {
    const part = this.#part(this.#sessions, since ?? until);
    const row = part.newRow();
    const { fields } = part;
    fields[0]![row] = since ?? Number.NaN;
    fields[1]![row] = until;
    fields[2]![row] = feature;
    fields[3]![row] = client;
    fields[4]![row] = count;
    fields[5]![row] = closings.indexOf(closing);
  }

  step(at: EpochMs, feature: number, inUse: number): void {
    const part = this.#part(this.#steps, at);
    const row = part.newRow();
    const { fields } = part;
    fields[0]![row] = at;
    fields[1]![row] = feature;
    fields[2]![row] = inUse;
  }

  /** Writes what waits; all files are there then. @throws KnownError PLAN_STORE */
  async finish(): Promise<void> {
    for (const [folder, part] of this.#open) {
      this.#write(folder, part);
      await this.#packing.listen();
    }
    this.#open.clear();
    await this.#packing.settled();
  }

  /** Most rows belong where the row before did. */
  #part(last: LastPart, at: EpochMs): TablePart {
    const { part } = last;
    if (part !== undefined && at >= last.from && at < last.to && !part.isFull) return part;
    const found = this.#partOf(last.table, at);
    last.keep(found, at);
    return found;
  }

  #partOf(table: TableName, at: EpochMs): TablePart {
    const folder = this.#folderOf(table, at);
    let part = this.#open.get(folder);
    if (part?.isFull) {
      this.#write(folder, part);
      part = undefined;
    }
    if (part === undefined) {
      part = this.#packing.newPart(table);
      this.#open.set(folder, part);
      if (this.#open.size > OPEN_PARTS_MAX) this.#writeOldest();
    }
    return part;
  }

  /** The day of most rows is that of the row before, or of one not long ago. */
  #folderOf(table: TableName, at: EpochMs): string {
    const wall = this.#wall.wallAt(at);
    const day = Math.floor(wall / DAY_MS);
    let folders = this.#folders.get(day);
    if (folders === undefined) {
      const { site } = this.#place;
      folders = {
        events: partitionFolder('events', site, wall),
        sessions: partitionFolder('sessions', site, wall),
        steps: partitionFolder('steps', site, wall),
      };
      if (this.#folders.size >= DAYS_KEPT_MAX) this.#folders.clear();
      this.#folders.set(day, folders);
    }
    return folders[table];
  }

  #writeOldest(): void {
    const [first] = this.#open;
    if (first === undefined) return;
    const [folder, part] = first;
    this.#open.delete(folder);
    this.#write(folder, part);
  }

  #write(folder: string, part: TablePart): void {
    const name = `${this.#place.key}-${this.parts.length}.parquet`;
    this.rows[part.table] += part.size;
    this.parts.push(join(folder, name));
    for (const last of [this.#events, this.#sessions, this.#steps]) {
      if (last.part === part) last.part = undefined;
    }
    this.#packing.pack(join(this.#place.folder, folder, hidden(name)), part);
  }
}

/** Readers of such folders pass over names that begin with a dot. */
export function hidden(name: string): string {
  return `.${name}.part`;
}
