import { resolve } from 'node:path';
import { LogFile } from './log-file.ts';
import type { LogTarget } from './log-place.ts';
import type { Notice } from './server-config.ts';

/** Every file that one process writes lines to: debug logs and report logs, each open once however many write it. */
export class LogFiles {
  readonly #notice: Notice;
  /** By full path; '' is standard output. */
  readonly #open = new Map<string, { readonly file: LogFile; users: number }>();
  #full = false;

  constructor(notice: Notice) {
    this.#notice = notice;
  }

  /** Lines for it gather until `file.open()`; who opens one that is open already writes to that. */
  take(target: LogTarget): LogFile {
    const key = target.path === undefined ? '' : resolve(target.path);
    const known = this.#open.get(key);
    if (known !== undefined) {
      known.users++;
      return known.file;
    }
    const file = new LogFile(target, this.#notice);
    file.setFull(this.#full);
    this.#open.set(key, { file, users: 1 });
    return file;
  }

  /** Opens it at once. @throws KnownError FILE_UNREADABLE when it cannot be opened */
  open(target: LogTarget): LogFile {
    const file = this.take(target);
    if (!file.isOpen) {
      try {
        file.open();
      } catch (error) {
        void this.release(file);
        throw error;
      }
    }
    return file;
  }

  /** Writes out what is left and closes it, unless others use it. */
  async release(file: LogFile): Promise<void> {
    for (const [key, entry] of this.#open) {
      if (entry.file !== file) continue;
      if (--entry.users > 0) return file.flushed();
      this.#open.delete(key);
      return file.close();
    }
  }

  /** A fault says that the disk is full, or no longer. */
  setFull(full: boolean): void {
    this.#full = full;
    for (const file of this.#all) file.setFull(full);
  }

  /** Characters that wait to be written, of the file of which most do. */
  get pending(): number {
    return this.#all.reduce((most, file) => Math.max(most, file.pending), 0);
  }

  /** Resolves when all lines so far have been written, or a disk takes none. */
  async flushed(): Promise<void> {
    await Promise.all(this.#all.map((file) => file.flushed()));
  }

  /** Whoever put the files aside wants new ones in their place (logrotate). */
  reopen(): void {
    for (const file of this.#all) file.reopen();
  }

  async close(): Promise<void> {
    const files = this.#all;
    this.#open.clear();
    await Promise.all(files.map((file) => file.close()));
  }

  /** For a process that ends now. */
  closeNow(): void {
    for (const file of this.#all) file.closeNow();
  }

  get #all(): readonly LogFile[] {
    return [...this.#open.values()].map(({ file }) => file);
  }
}
