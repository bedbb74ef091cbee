import type { EpochMs } from '../base/clock.ts';
import { KnownError } from '../base/errors.ts';
import { History, type HistorySink } from './scan/history.ts';
import { LogNames } from './scan/log-names.ts';
import { type LogStart, type ScannedLog, scanLog, soundLog } from './scan/scan-log.ts';
import { WallClock } from './scan/wall-clock.ts';

/** The logs of one license server, read as one history. */
export interface ReadLogs {
  readonly names: LogNames;
  readonly history: History;
  readonly logs: readonly ScannedLog[];
  readonly wall: WallClock;
  readonly begin: EpochMs;
  readonly end: EpochMs;
}

export interface ReadOptions {
  readonly timeZone?: string;
  /** Bytes read so far, of the file that is read. */
  readonly report?: (path: string, bytes: number) => void;
}

/**
 * Reads logs in the order of what they tell, whatever the order in which they are named.
 * @throws KnownError FILE_UNREADABLE, PLAN_NOT_A_LOG, PLAN_TOO_LARGE
 */
export async function readLogs(
  paths: readonly string[],
  sinkOf: (names: LogNames) => HistorySink,
  { timeZone, report = () => {} }: ReadOptions = {},
): Promise<ReadLogs> {
  const names = new LogNames();
  const wall = new WallClock(timeZone);
  const history = new History(names, wall, sinkOf(names));
  const logs: ScannedLog[] = [];
  for (const start of await inOrder(paths)) {
    logs.push(await scanLog(start, names, history, (bytes) => report(start.path, bytes)));
  }
  history.end();
  const { first, latest } = history;
  if (first === undefined) {
    const text = `${paths.join(', ')}: expected lines with a time, got none`;
    throw new KnownError('PLAN_NOT_A_LOG', text);
  }
  return { names, history, logs, wall, begin: first, end: latest };
}

async function inOrder(paths: readonly string[]): Promise<readonly LogStart[]> {
  const starts: LogStart[] = [];
  for (const path of paths) starts.push(await soundLog(path));
  return starts.sort((a, b) => a.day - b.day || a.second - b.second);
}
