import { existsSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { EpochMs } from '../../base/clock.ts';
import { KnownError } from '../../base/errors.ts';
import { makeFolders } from '../../files/folders.ts';
import { writeWhole } from '../../files/whole-file.ts';
import type { SavedHolder } from '../samples/sampled-feature.ts';
import type { SavedSeat } from '../scan/history.ts';
import { unwritablePart } from './pack-part.ts';
import { hidden } from './store-writer.ts';

/** A log that is in the store. */
export interface StoredSource {
  readonly path: string;
  /** Of its first bytes, unpacked, as many as it had up to 64 KiB: a log that has grown begins so. */
  readonly head: string;
  readonly bytes: number;
  readonly begin: EpochMs;
  readonly end: EpochMs;
  readonly parts: readonly string[];
  readonly open: readonly SavedSeat[];
  /** What its report said. */
  readonly quality: object;
  /** Of samples: up to when they were read, and what was out then. `open` is empty then. */
  readonly samples?: { readonly resumeAt: EpochMs; readonly open: readonly SavedHolder[] };
}

interface Manifest {
  readonly version: 1;
  readonly sources: readonly StoredSource[];
  /** Files with the sessions that are still out. */
  readonly openParts: readonly string[];
}

const VERSION = 1;

/** Which logs of a site are in a store, and what has to be known to go on behind them. Written whole each time. */
export class StoreManifest {
  readonly #folder: string;
  readonly #path: string;
  #manifest: Manifest;

  /** @throws KnownError PLAN_STORE when it is there and cannot be read. */
  constructor(folder: string, site: string) {
    this.#folder = folder;
    // Readers of such folders pass over names that begin with an underscore.
    this.#path = join(folder, '_fauxlm', `site=${site}.json`);
    this.#manifest = readManifest(this.#path);
  }

  get sources(): readonly StoredSource[] {
    return this.#manifest.sources;
  }

  /** The last log that begins before `begin` and is not the one with this head. */
  before(begin: EpochMs, head: string): StoredSource | undefined {
    return this.sources.findLast((source) => source.begin <= begin && source.head !== head);
  }

  /**
   * Shows the files of a source to readers instead of those that it had as `old`, and remembers it.
   * @throws KnownError PLAN_STORE, FILE_UNREADABLE for the manifest itself
   */
  add(source: StoredSource, old: StoredSource | undefined): void {
    this.#show(source.parts);
    const others = this.sources.filter((each) => each !== old);
    const sources = [...others, source].sort((a, b) => a.begin - b.begin);
    this.#save({ ...this.#manifest, sources });
    const gone = old?.parts.filter((part) => !source.parts.includes(part)) ?? [];
    this.#remove(gone);
  }

  /** Puts files with what is still out in the place of the last ones. Throws as `add` does. */
  replaceOpen(parts: readonly string[]): void {
    const gone = this.#manifest.openParts.filter((part) => !parts.includes(part));
    this.#show(parts);
    this.#save({ ...this.#manifest, openParts: parts });
    this.#remove(gone);
  }

  #show(parts: readonly string[]): void {
    for (const part of parts) {
      const path = join(this.#folder, part);
      tried(path, () => renameSync(join(dirname(path), hidden(basename(path))), path));
    }
  }

  #remove(parts: readonly string[]): void {
    for (const part of parts) {
      const path = join(this.#folder, part);
      tried(path, () => rmSync(path, { force: true }));
    }
  }

  #save(manifest: Manifest): void {
    this.#manifest = manifest;
    tried(this.#path, () => makeFolders(dirname(this.#path)));
    writeWhole(this.#path, `${JSON.stringify(manifest)}\n`);
  }
}

/** @throws KnownError PLAN_STORE for what the system has against it */
function tried(path: string, work: () => void): void {
  try {
    work();
  } catch (cause) {
    throw unwritablePart(path, cause);
  }
}

function readManifest(path: string): Manifest {
  if (!existsSync(path)) return { version: VERSION, sources: [], openParts: [] };
  try {
    const manifest = JSON.parse(readFileSync(path, 'utf8')) as Manifest;
    if (manifest.version === VERSION) return manifest;
    throw new Error(`version ${manifest.version}`);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    const text = `${path}: expected what fauxlm ingest of this version wrote, got: ${why}`;
    throw new KnownError('PLAN_STORE', text, { path }, { cause });
  }
}
