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
    ['at', 'timestamp'],
    ['kind', 'text'],
    ['daemon', 'text'],
    ['feature', 'text'],
    ['user', 'text'],
    ['host', 'text'],
    ['count', 'int32'],
    ['reason', 'text'],
    ['line', 'int64'],
  ],
  sessions: [
    ['started_at', 'nullableTimestamp'],
    ['ended_at', 'timestamp'],
    ['daemon', 'text'],
    ['feature', 'text'],
    ['user', 'text'],
    ['host', 'text'],
    ['count', 'int32'],
    ['closing', 'text'],
  ],
  steps: [
    ['at', 'timestamp'],
    ['daemon', 'text'],
    ['feature', 'text'],
    ['in_use', 'int32'],
  ],
} as const satisfies Readonly<Record<string, TableShape>>;

export type TableName = keyof typeof tables;

/** Months that are kept open at a time: time runs on, and only long sessions reach back. */
const OPEN_PARTS_MAX = 24;
/** Days whose folders are kept ready. */
const DAYS_KEPT_MAX = 1_000;

export interface StorePlace {
  /** The store's folder. */
  readonly folder: string;
  readonly site: string;
  /** What the names of the files begin with: those of one log have one key. */
  readonly key: string;
}

/** Writes what a log tells into the tables of a store, month by month, as files that readers do not see yet. */
export class StoreWriter implements HistorySink {
  /** Paths of the files within the store, without what hides them. */
  readonly parts: string[] = [];
  readonly rows = { events: 0, sessions: 0, steps: 0 };
  bytes = 0;
  readonly #open = new Map<string, { readonly table: TableName; readonly part: TablePart }>();
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
    this.#part('events', at).add(at, kind, feature, feature, client, client, count, reason, line);
  }

  session(
    since: EpochMs | undefined,
    until: EpochMs,
    feature: number,
    client: number,
    count: number,
    closing: Closing,
  ): void {
    const end = closings.indexOf(closing);
    const start = since ?? Number.NaN;
    const part = this.#part('sessions', since ?? until);
    part.add(start, until, feature, feature, client, client, count, end);
  }

  step(at: EpochMs, feature: number, inUse: number): void {
    this.#part('steps', at).add(at, feature, feature, inUse);
  }

  /** Writes what waits. */
  finish(): void {
    for (const [folder, { table, part }] of this.#open) this.#write(folder, table, part);
    this.#open.clear();
  }

  #part(table: TableName, at: EpochMs): TablePart {
    const folder = this.#folderOf(table, at);
    let open = this.#open.get(folder);
    if (open?.part.isFull) {
      this.#write(folder, table, open.part);
      open = undefined;
    }
    if (open === undefined) {
      open = { table, part: new TablePart(tables[table]) };
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
  }
}

/** Readers of such folders pass over names that begin with a dot. */
export function hidden(name: string): string {
  return `.${name}.part`;
}
