import { monthDay, paddedTime, startStamp, weekdayName } from '../base/local-time.ts';
import type { Dialect } from './lmstat-dialect.ts';
import type {
  PoolEntry,
  QueuedEntry,
  ReservationEntry,
  UserEntry,
  VendorStatus,
} from './lmstat-report.ts';
import { licenseCount, printable } from './wording.ts';

/** What decides the look of an entry's line. */
export interface EntryStyle {
  readonly dialect: Dialect;
  /** -asec: the time a seat went out to the second. */
  readonly seconds: boolean;
  /** --no-user-info: no line of a user or of one who waits. */
  readonly hideUsers: boolean;
  /** -proj: the project at the end of a user's line. */
  readonly showProject: boolean;
}

/** The lines of a pool's users, reservations and waiting users, one by one. */
export function* entryLines(
  entries: Iterable<PoolEntry>,
  server: VendorStatus['server'],
  style: EntryStyle,
): Generator<string> {
  const at = `${printable(server.host)}/${server.port}`;
  for (const entry of entries) {
    if (style.hideUsers && entry.kind !== 'reservation') continue;
    yield entryLine(entry, at, style);
  }
}

function entryLine(entry: PoolEntry, at: string, style: EntryStyle): string {
  if (entry.kind === 'user') return userLine(entry, at, style);
  if (entry.kind === 'queued') return queuedLine(entry, at);
  return reservationLine(entry, at);
}

/**
 * `    ann ws1 /dev/pts/1 (v1.0) (alpha/27000 101), start Mon 3/9 9:49, 2 licenses` and what
 * follows.
 */
function userLine(entry: UserEntry, at: string, style: EntryStyle): string {
  const start = style.seconds ? startToTheSecond(entry) : startStamp(entry.since);
  const line = `${clientText(entry, at)}, start ${start}`;
  return `${line}${tail(entry, style)}\n`;
}

/** What most lines lack: a count over one, linger, pid, project; in this order. */
function tail(entry: UserEntry, { dialect, showProject }: EntryStyle): string {
  let text = entry.count > 1 ? `, ${entry.count} licenses` : '';
  if (entry.linger) text += lingerText(entry.linger, dialect);
  if (dialect.pidColumn && entry.pid !== undefined) text += `, PID: ${entry.pid}`;
  if (showProject && entry.project) text += `, project: ${printable(entry.project)}`;
  return text;
}

function lingerText(linger: NonNullable<UserEntry['linger']>, dialect: Dialect): string {
  if (dialect.lingerForm === 'total') return ` (linger: ${linger.totalSeconds})`;
  return `  (linger: ${linger.remainingSeconds} / ${linger.totalSeconds})`;
}

function startToTheSecond({ since }: UserEntry): string {
  return `${weekdayName(since)} ${monthDay(since)} ${paddedTime(since)}`;
}

/** `    ben ws2 :0 (v1.0) (alpha/27000 102) queued for 1 license` */
function queuedLine(entry: QueuedEntry, at: string): string {
  return `${clientText(entry, at)} queued for ${licenseCount(entry.count)}\n`;
}

/**
 * Four blanks, then who, what version was asked for, and the seat's place; display may be missing.
 */
function clientText(entry: UserEntry | QueuedEntry, at: string): string {
  const display = entry.display === '' ? '' : ` ${entry.display}`;
  const extra = entry.checkoutData ? ` ${entry.checkoutData}` : '';
  const client = printable(`${entry.user} ${entry.host}${display}${extra} (v${entry.version})`);
  return `    ${client} (${at} ${entry.handle})`;
}

/** A TAB, then `2 RESERVATIONs for GROUP crew (alpha/27000)`. */
function reservationLine({ count, type, name }: ReservationEntry, at: string): string {
  const word = count === 1 ? 'RESERVATION' : 'RESERVATIONs';
  return `\t${count} ${word} for ${type} ${printable(name)} (${at})\n`;
}
