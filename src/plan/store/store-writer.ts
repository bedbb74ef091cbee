import { join } from 'node:path';
import type { EpochMs } from '../../base/clock.ts';
import { type Closing, closings, type HistorySink } from '../scan/history.ts';
import type { LogNames } from '../scan/log-names.ts';
import { logEvents } from '../scan/seat-block.ts';
import { DAY_MS, type WallClock } from '../scan/wall-clock.ts';
import { partitionFolder, TablePart, type TableShape } from './table-part.ts';
import type { Compress } from './zstd.ts';

/** The tables of a store. Their columns are documented in docs/plan.md. */
export const tables = {
  events: [
    ['at', 'timestamp', 0],
    ['kind', 'text', 1],
    ['daemon', 'text', 2],
    ['feature', 'text', 2],
    ['user', 'text', 3],
    ['host', 'text', 3],
    ['count', 'int32', 4],
    ['reason', 'text', 5],
    ['line', 'int64', 6],
  ],
  sessions: [
    ['started_at', 'nullableTimestamp', 0],
    ['ended_at', 'timestamp', 1],
    ['daemon', 'text', 2],
    ['feature', 'text', 2],
    ['user', 'text', 3],
    ['host', 'text', 3],
    ['count', 'int32', 4],
    ['closing', 'text', 5],
  ],
  steps: [
    ['at', 'timestamp', 0],
    ['daemon', 'text', 1],
    ['feature', 'text', 1],
    ['in_use', 'int32', 2],
  ],
} as const satisfies Readonly<Record<string, TableShape>>;

export type TableName = keyof typeof tables;

/** Months that are kept open at a time: time runs on, and only long sessions reach back. */
const OPEN_PARTS_MAX = 24;
/** Days whose folders are kept ready. */
const DAYS_KEPT_MAX = 1_000;
/** Clocks on the wall differ from UTC by whole quarters of an hour: in one of them is never a midnight. */
const QUARTER_MS = 15 * 60_000;

export interface StorePlace {
  /** The store's folder. */
  readonly folder: string;
  readonly site: string;
  /** What the names of the files begin with: those of one log have one key. */
  readonly key: string;
}

/** Where the last row of a table was put, for those of the same quarter of an hour. */
class LastPart {
  readonly table: TableName;
  part: TablePart | undefined = undefined;
  from = Number.NaN;
  to = Number.NaN;

  constructor(table: TableName) {
    this.table = table;
  }
}

/** Writes what a log tells into the tables of a store, month by month, as files that readers do not see yet. */
export class StoreWriter implements HistorySink {
  /** Paths of the files within the store, without what hides them. */
  readonly parts: string[] = [];
  readonly rows = { events: 0, sessions: 0, steps: 0 };
  bytes = 0;
  readonly #open = new Map<string, { readonly table: TableName; readonly part: TablePart }>();
  readonly #events = new LastPart('events');
  readonly #sessions = new LastPart('sessions');
  readonly #steps = new LastPart('steps');
  /** Parts that are written, for others. */
  readonly #spare: Partial<Record<TableName, TablePart | undefined>> = {};
  /** By day. */
  readonly #folders = new Map<number, Record<TableName, string>>();
  readonly #place: StorePlace;
  readonly #names: LogNames;
  readonly #wall: WallClock;
  readonly #compress: Compress;

  constructor(place: StorePlace, names: LogNames, wall: WallClock, compress: Compress) {
    this.#place = place;
    this.#names = names;
    this.#wall = wall;
    this.#compress = compress;
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

  /** Writes what waits. */
  finish(): void {
    for (const [folder, { table, part }] of this.#open) this.#write(folder, table, part);
    this.#open.clear();
  }

  /** Most rows belong where the row before did. */
  #part(last: LastPart, at: EpochMs): TablePart {
    const { part } = last;
    if (part !== undefined && at >= last.from && at < last.to && !part.isFull) return part;
    last.from = Math.floor(at / QUARTER_MS) * QUARTER_MS;
    last.to = last.from + QUARTER_MS;
    last.part = this.#partOf(last.table, at);
    return last.part;
  }

  #partOf(table: TableName, at: EpochMs): TablePart {
    const folder = this.#folderOf(table, at);
    let open = this.#open.get(folder);
    if (open?.part.isFull) {
      this.#write(folder, table, open.part);
      open = undefined;
    }
    if (open === undefined) {
      open = { table, part: this.#spare[table] ?? new TablePart(tables[table]) };
      this.#spare[table] = undefined;
      this.#open.set(folder, open);
      if (this.#open.size > OPEN_PARTS_MAX) this.#writeOldest();
    }
    return open.part;
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
    const [folder, { table, part }] = first;
    this.#open.delete(folder);
    this.#write(folder, table, part);
  }

  #write(folder: string, table: TableName, part: TablePart): void {
    const names = this.#names;
    const name = `${this.#place.key}-${this.parts.length}.parquet`;
    const texts = {
      kind: (id: number) => logEvents[id]!,
      daemon: (id: number) => names.feature(id).daemon,
      feature: (id: number) => names.feature(id).feature,
      user: (id: number) => names.client(id).user,
      host: (id: number) => names.client(id).host,
      reason: (id: number) => names.reasonText(id),
      closing: (id: number) => closings[id]!,
    };
    const path = join(this.#place.folder, folder, hidden(name));
    this.bytes += part.write(path, 'feature', texts, this.#compress);
    this.rows[table] += part.size;
    this.parts.push(join(folder, name));
    part.clear();
    this.#spare[table] = part;
    for (const last of [this.#events, this.#sessions, this.#steps]) {
      if (last.part === part) last.part = undefined;
    }
  }
}

/** Readers of such folders pass over names that begin with a dot. */
export function hidden(name: string): string {
  return `.${name}.part`;
}
