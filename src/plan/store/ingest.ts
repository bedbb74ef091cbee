import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { KnownError } from '../../base/errors.ts';
import { lockFile } from '../../files/folder-lock.ts';
import { makeFolders } from '../../files/folders.ts';
import { systemReason } from '../../files/system-reasons.ts';
import { logAsJson, qualityAsJson } from '../quality-json.ts';
import { History } from '../scan/history.ts';
import { contentBytes, readLog } from '../scan/log-file-chunks.ts';
import { LogNames } from '../scan/log-names.ts';
import { type LogStart, scanLog, soundLog } from '../scan/scan-log.ts';
import { WallClock } from '../scan/wall-clock.ts';
import { type StoredSource, StoreManifest } from './manifest.ts';
import { Packing } from './packing.ts';
import { StoreWriter } from './store-writer.ts';
import { type Compress, loadZstd } from './zstd.ts';

export interface IngestOptions {
  readonly logs: readonly string[];
  readonly folder: string;
  /** Names the license server: its logs make one history. */
  readonly site: string;
  readonly timeZone?: string;
  readonly report?: (path: string, bytes: number) => void;
}

/** What became of one log. */
export interface IngestedLog {
  readonly path: string;
  /** `unchanged`: it was in the store already, and nothing was done. */
  readonly state: 'new' | 'grown' | 'unchanged';
  readonly rows: { readonly events: number; readonly sessions: number; readonly steps: number };
  readonly quality: object;
}

export interface Ingested {
  readonly folder: string;
  readonly site: string;
  readonly logs: readonly IngestedLog[];
  readonly openSessions: number;
}

/** Bytes of a log that tell it from others. */
const HEAD_BYTES = 64 * 1024;
const KEY_LENGTH = 12;
const NO_ROWS = { events: 0, sessions: 0, steps: 0 };

/**
 * Puts logs into a store, in the order of what they tell. A log that is in it already is passed over, one that has
 * grown takes the place of what there was of it; each is there whole or not at all, so an ingest that was broken off is
 * simply begun anew. What was out at the end of one log goes on in the next.
 * @throws KnownError FILE_UNREADABLE, PLAN_NOT_A_LOG, PLAN_TOO_LARGE, PLAN_STORE
 */
export async function ingestLogs(options: IngestOptions): Promise<Ingested> {
  makeFolder(options.folder);
  // Two at a time would each write a manifest without what the other has put in.
  const lock = lockFile(join(options.folder, '_fauxlm', 'ingest'));
  try {
    return await ingestLocked(options);
  } finally {
    lock.release();
  }
}

async function ingestLocked(options: IngestOptions): Promise<Ingested> {
  const manifest = new StoreManifest(options.folder, options.site);
  const starts: LogStart[] = [];
  for (const path of options.logs) starts.push(await soundLog(path));
  starts.sort((a, b) => a.day - b.day || a.second - b.second);
  const { compress } = await loadZstd();
  const run = new IngestRun(options, manifest, compress);
  const logs: IngestedLog[] = [];
  try {
    for (const start of starts) logs.push(await run.ingest(start));
    await run.writeOpen();
  } finally {
    await run.close();
  }
  const open = manifest.sources.at(-1)?.open ?? [];
  return { folder: options.folder, site: options.site, logs, openSessions: open.length };
}

class IngestRun {
  readonly #options: IngestOptions;
  readonly #manifest: StoreManifest;
  readonly #packing: Packing;
  readonly #wall: WallClock;
  readonly #names = new LogNames();

  constructor(options: IngestOptions, manifest: StoreManifest, compress: Compress) {
    this.#options = options;
    this.#manifest = manifest;
    this.#packing = new Packing(this.#names, compress);
    this.#wall = new WallClock(options.timeZone);
  }

  async ingest(start: LogStart): Promise<IngestedLog> {
    const { path } = start;
    const begin = await beginOf(path);
    const known = this.#knownBy(begin);
    const bytes = await contentBytes(path);
    if (known && known.bytes >= bytes) {
      return { path, state: 'unchanged', rows: NO_ROWS, quality: known.quality };
    }
    this.#packing.expect(bytes);
    const { source, rows } = await this.#scan(start, hashOf(begin), known);
    this.#manifest.add(source, known);
    return { path, state: known ? 'grown' : 'new', rows, quality: source.quality };
  }

  /** The log in the store that begins so, as far as it went when it was read; of several the longest. */
  #knownBy(begin: Buffer): StoredSource | undefined {
    const lengthOf = ({ bytes }: StoredSource): number => Math.min(HEAD_BYTES, bytes);
    return this.#manifest.sources
      .filter((source) => source.head === hashOf(begin.subarray(0, lengthOf(source))))
      .sort((a, b) => lengthOf(b) - lengthOf(a))
      .find((source) => lengthOf(source) <= begin.length);
  }

  async #scan(start: LogStart, head: string, known: StoredSource | undefined) {
    const names = this.#names;
    const writer = this.#writer(head.slice(0, KEY_LENGTH));
    const history = new History(names, this.#wall, writer);
    const begin = this.#wall.instant(start.day, start.second, Number.NEGATIVE_INFINITY);
    history.restore(this.#manifest.before(begin, known?.head ?? head)?.open ?? []);
    let bytes = 0;
    const log = await scanLog(start, names, history, (read) => {
      bytes = read;
      this.#options.report?.(start.path, read);
    });
    history.settle();
    await writer.finish();
    const source: StoredSource = {
      ...{ path: start.path, head, bytes, begin, end: history.latest },
      ...{ parts: writer.parts, open: history.save() },
      quality: { ...logAsJson(log), ...qualityAsJson(history) },
    };
    return { source, rows: writer.rows };
  }

  /** What is out at the end of the last log is in the store, too, until a further log says how it went on. */
  async writeOpen(): Promise<void> {
    const last = this.#manifest.sources.at(-1);
    if (last === undefined) return;
    const writer = this.#writer(`${last.head.slice(0, KEY_LENGTH)}-open`);
    const history = new History(this.#names, this.#wall, writer);
    history.restore(last.open);
    history.latest = last.end;
    history.end();
    await writer.finish();
    this.#manifest.replaceOpen(writer.parts);
  }

  /** Nothing is written any more, whatever has happened. */
  async close(): Promise<void> {
    await this.#packing.close();
  }

  #writer(key: string): StoreWriter {
    const { folder, site } = this.#options;
    return new StoreWriter({ folder, site, key }, this.#wall, this.#packing);
  }
}

/** The first bytes of a log, unpacked. */
async function beginOf(path: string): Promise<Buffer> {
  const parts: Buffer[] = [];
  let left = HEAD_BYTES;
  await readLog(path, (chunk) => {
    // The chunk is only lent.
    parts.push(Buffer.from(chunk.subarray(0, left)));
    left -= Math.min(left, chunk.length);
    return left > 0;
  });
  return Buffer.concat(parts);
}

function hashOf(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** @throws KnownError PLAN_STORE */
export function makeFolder(folder: string): void {
  try {
    makeFolders(folder);
  } catch (cause) {
    const text = `${folder}: expected a folder to write to, got: ${systemReason(cause)}`;
    throw new KnownError('PLAN_STORE', text, { folder }, { cause });
  }
}
