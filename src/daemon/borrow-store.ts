import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { KnownError } from '../base/errors.ts';
import type { RestoredBorrow } from '../domain/ledger/commands.ts';
import type { SeatTaken } from '../domain/ledger/events.ts';
import { DurableLines } from '../files/durable-lines.ts';
import { type FolderLock, lockFile } from '../files/folder-lock.ts';
import { isStoredBorrow } from './stored-borrow.ts';

/** How long a daemon whose manager was killed may take to end, and how often it is looked for. */
const PREDECESSOR_MS = 5_000;
const LOOK_AGAIN_MS = 50;

/** Lines that are about nothing any more, and may stay until there are as many again. */
const STALE_LINES_MAX = 10_000;

/**
 * The borrowed seats of one daemon on the disk, `<vendor>.borrows` in the folder of `--state`: a line for each borrow,
 * and a line when it is over. What was reported as written outlives the daemon, however it ends.
 */
export class BorrowStore {
  readonly #file: DurableLines;
  readonly #lock: FolderLock;
  /** Lines of the borrows that are not over, by their numbers in the file. */
  readonly #lines = new Map<number, string>();
  /** Numbers by the handles that the running daemon has given them. */
  readonly #numbers = new Map<number, number>();
  #next = 1;

  private constructor(file: DurableLines, lock: FolderLock) {
    this.#file = file;
    this.#lock = lock;
  }

  /**
   * Opens what a daemon of this name has left in a folder. Lines that nobody can read are told to `notice` and
   * passed over.
   * @throws KnownError FILE_UNREADABLE when it cannot be read, or another daemon has it open.
   */
  static open(
    folder: string,
    vendor: string,
    notice: (what: string, details: Readonly<Record<string, unknown>>) => void,
  ): BorrowStore {
    const path = join(folder, `${encodeURIComponent(vendor.toLowerCase())}.borrows`);
    const lock = lockFile(path);
    try {
      const { file, lines } = DurableLines.open(path);
      const store = new BorrowStore(file, lock);
      for (const line of lines) {
        if (!store.#take(line)) notice('line of borrowed seats not understood', { path, line });
      }
      return store;
    } catch (error) {
      lock.release();
      throw error;
    }
  }

  /**
   * As `open`, but waits a while for another daemon that has it open: that of a server which was killed takes a
   * moment to notice, and the server that was started in its place comes first.
   */
  static async openSoon(...args: Parameters<typeof BorrowStore.open>): Promise<BorrowStore> {
    const giveUpAt = performance.now() + PREDECESSOR_MS;
    for (;;) {
      try {
        return BorrowStore.open(...args);
      } catch (error) {
        const isTaken = error instanceof KnownError && error.details['pid'] !== undefined;
        if (!isTaken || performance.now() > giveUpAt) throw error;
        await setTimeout(LOOK_AGAIN_MS);
      }
    }
  }

  /** False for a line that is none of ours. */
  #take(line: string): boolean {
    let value: unknown;
    try {
      value = JSON.parse(line);
    } catch {
      return false;
    }
    const { number, over, borrow } = (value ?? {}) as Partial<StoredLine>;
    if (typeof number !== 'number' || !Number.isSafeInteger(number)) return false;
    this.#next = Math.max(this.#next, number + 1);
    if (over === true) return this.#lines.delete(number) || true;
    if (!isStoredBorrow(borrow)) return false;
    this.#lines.set(number, line);
    return true;
  }

  /** What is not over, oldest first, with its number. */
  *borrows(): Generator<{ readonly number: number; readonly borrow: RestoredBorrow }> {
    for (const [number, line] of this.#lines) {
      yield { number, borrow: (JSON.parse(line) as { borrow: RestoredBorrow }).borrow };
    }
  }

  /** The running daemon has given a borrow this handle. */
  bind(number: number, handle: number): void {
    this.#numbers.set(handle, number);
  }

  /** A borrow of the file is over, or lost. */
  drop(number: number): void {
    this.#over(number);
  }

  /** Writes a borrow down. @throws KnownError FILE_UNREADABLE when that cannot be done: it never happened. */
  async add(taken: SeatTaken): Promise<void> {
    const number = this.#next++;
    const line = JSON.stringify({ number, borrow: storedBorrow(taken) });
    this.#lines.set(number, line);
    this.#numbers.set(taken.handle, number);
    try {
      await this.#file.append(line);
    } catch (error) {
      this.#lines.delete(number);
      this.#numbers.delete(taken.handle);
      throw error;
    }
  }

  /** Writes down that borrows are over. @throws KnownError FILE_UNREADABLE: then they are not. */
  async remove(handles: readonly number[]): Promise<void> {
    const numbers = handles.flatMap((handle) => this.#numbers.get(handle) ?? []);
    await Promise.all(numbers.map((number) => this.#file.append(overLine(number))));
    for (const number of numbers) this.#lines.delete(number);
    for (const handle of handles) this.#numbers.delete(handle);
  }

  /**
   * A borrow is over by itself. Nobody waits for that to be on the disk: after a restart its end says the same.
   */
  forget(handle: number): void {
    const number = this.#numbers.get(handle);
    this.#numbers.delete(handle);
    if (number !== undefined) this.#over(number);
  }

  #over(number: number): void {
    if (!this.#lines.delete(number)) return;
    this.#file.append(overLine(number)).catch(() => {});
    if (this.#file.count > 2 * this.#lines.size + STALE_LINES_MAX) void this.tidy().catch(() => {});
  }

  /** Resolves when all that was added is on the disk. */
  written(): Promise<void> {
    return this.#file.written();
  }

  /** Leaves only the lines that are about something. */
  async tidy(): Promise<void> {
    if (this.#file.count > this.#lines.size) await this.#file.replace([...this.#lines.values()]);
  }

  /** Nothing was ever borrowed. */
  async clear(): Promise<void> {
    this.#lines.clear();
    this.#numbers.clear();
    await this.tidy();
  }

  /** Writes no more. What is over stays borrowed in the file until it is opened again. */
  async close(): Promise<void> {
    await this.#file.close();
    this.#lock.release();
  }
}

interface StoredLine {
  readonly number: number;
  readonly over: true;
  readonly borrow: RestoredBorrow;
}

function overLine(number: number): string {
  return JSON.stringify({ number, over: true });
}

function storedBorrow({
  client,
  feature,
  pool,
  version,
  count,
  data,
  borrow,
}: SeatTaken): RestoredBorrow {
  const { until, totalMs } = borrow!;
  const { id, version: poolVersion } = pool.definition;
  return { client, feature, pool: id, poolVersion, version, count, data, until, totalMs };
}
