import { statSync } from 'node:fs';
import { KnownError } from '../../base/errors.ts';
import type { History } from './history.ts';
import { readLog } from './log-file-chunks.ts';
import { LogNames } from './log-names.ts';
import { LogScanner } from './log-scanner.ts';
import { Timeline } from './timeline.ts';
import { DAY_MS } from './wall-clock.ts';

/** How the first line of a log got its date. */
export type DateSource = 'the log' | 'the time of the file';

/** Where a log begins. */
export interface LogStart {
  readonly path: string;
  /** Since 1970, and the seconds of that day: what the clock on the wall showed. */
  readonly day: number;
  readonly second: number;
  readonly dated: DateSource;
}

export interface ScannedLog {
  readonly path: string;
  readonly scanner: LogScanner;
  readonly timeline: Timeline;
  readonly dated: DateSource;
}

/** No line of the log had the form of one up to here: it is none. */
const SOUNDING_BYTES_MAX = 1024 * 1024;

/**
 * Reads one log into a history.
 * @throws KnownError FILE_UNREADABLE, PLAN_TOO_LARGE
 */
export async function scanLog(
  { path, day, dated }: LogStart,
  names: LogNames,
  history: History,
  report: (bytes: number) => void,
): Promise<ScannedLog> {
  const timeline = new Timeline(day, (block) => history.take(block));
  const scanner = new LogScanner(names, timeline);
  let bytes = 0;
  await readLog(path, (chunk) => {
    scanner.push(chunk);
    bytes += chunk.length;
    report(bytes);
    return true;
  });
  scanner.end();
  return { path, scanner, timeline, dated };
}

/**
 * The day of a log's first line: the first date that the log tells, less the midnights before it. A log that tells
 * none ends on the day on which its file was written last.
 * @throws KnownError FILE_UNREADABLE; PLAN_NOT_A_LOG for a file without a single line of a debug log.
 */
export async function soundLog(path: string): Promise<LogStart> {
  const sounding = new Sounding();
  await readLog(path, (chunk) => sounding.take(path, chunk));
  sounding.finish(path);
  const { second } = sounding;
  if (sounding.first !== undefined) return { path, day: sounding.first, second, dated: 'the log' };
  const written = statSync(path).mtime;
  const wall = written.getTime() - written.getTimezoneOffset() * 60_000;
  const day = Math.floor(wall / DAY_MS) - sounding.days;
  return { path, day, second, dated: 'the time of the file' };
}

/** Reads a log up to the first line that tells a date, and throws away what it reads. */
class Sounding {
  /** Day 0 is the day of the first line. */
  readonly #timeline = new Timeline(0, () => {});
  readonly #scanner: LogScanner;
  #bytes = 0;

  constructor() {
    this.#scanner = new LogScanner(new LogNames(), this.#timeline);
  }

  get first(): number | undefined {
    return this.#timeline.firstShift;
  }

  /** The time of day of the first line. */
  get second(): number {
    return this.#timeline.firstSecond;
  }

  /** Midnights seen. */
  get days(): number {
    return this.#timeline.day;
  }

  take(path: string, chunk: Buffer): boolean {
    this.#scanner.push(chunk);
    this.#bytes += chunk.length;
    if (this.#bytes >= SOUNDING_BYTES_MAX) this.#check(path);
    return this.first === undefined;
  }

  finish(path: string): void {
    if (this.first !== undefined) return;
    this.#scanner.end();
    this.#check(path);
  }

  #check(path: string): void {
    if (this.#timeline.second >= 0) return;
    const text = `${path}: expected a debug log, with lines such as  9:49:41 (lmgrd) ..., got none of them`;
    throw new KnownError('PLAN_NOT_A_LOG', text, { path });
  }
}
