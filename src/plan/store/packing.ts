import { availableParallelism } from 'node:os';
import { setImmediate as turn } from 'node:timers/promises';
import type { LogNames } from '../scan/log-names.ts';
import { type PackJob, packPart } from './pack-part.ts';
import { PackingThread } from './packing-thread.ts';
import { type PartTexts, textsOf } from './part-texts.ts';
import { TablePart } from './table-part.ts';
import type { TableName } from './tables.ts';
import type { Compress } from './zstd.ts';

/** Of fewer bytes of logs no thread pays for itself: to begin one and compile all anew takes half a second of work. */
const BYTES_MIN = 64 * 1024 * 1024;
/** Written parts of a table whose room is kept. */
const SPARE_MAX = 2;

/**
 * Packs parts of tables into files. Once there is enough to do a thread helps: it is handed parts until it has as many
 * as it may; what comes then is packed here, so that no part waits for long and none is waited for.
 */
export class Packing {
  readonly #names: LogNames;
  readonly #texts: PartTexts;
  readonly #compress: Compress;
  readonly #spare: Readonly<Record<TableName, TablePart[]>> = {
    events: [],
    sessions: [],
    steps: [],
  };
  #bytes = 0;
  #thread: PackingThread | undefined;

  constructor(names: LogNames, compress: Compress) {
    this.#names = names;
    this.#texts = textsOf(names);
    this.#compress = compress;
  }

  /** So many bytes of logs are about to become rows. */
  expect(bytes: number): void {
    this.#bytes += bytes;
    if (this.#bytes < BYTES_MIN || availableParallelism() === 1) return;
    this.#thread ??= new PackingThread(this.#names, ({ table, fields }) =>
      this.#keep(new TablePart(table, fields)),
    );
  }

  newPart(table: TableName): TablePart {
    return this.#spare[table].pop() ?? new TablePart(table);
  }

  /**
   * Takes the part: it is nobody else's any more.
   * @throws KnownError PLAN_STORE, also for a part before that could not be written.
   */
  pack(path: string, { table, size, fields }: TablePart): void {
    const job: PackJob = { path, table, size, fields };
    if (this.#thread?.take(job)) return;
    packPart(job, this.#texts, this.#compress);
    this.#keep(new TablePart(table, fields));
  }

  /** Hears what the thread has done meanwhile. */
  async listen(): Promise<void> {
    if (this.#thread !== undefined) await turn();
  }

  /** All that was taken is written. @throws KnownError PLAN_STORE */
  async settled(): Promise<void> {
    await this.#thread?.settled();
  }

  /** Nothing is written any more. */
  async close(): Promise<void> {
    await this.#thread?.close();
  }

  #keep(part: TablePart): void {
    const spare = this.#spare[part.table];
    if (spare.length < SPARE_MAX) spare.push(part);
  }
}
