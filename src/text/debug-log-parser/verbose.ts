import type { EpochMs } from '../../base/clock.ts';
import { monthDayYear } from '../../base/local-time.ts';
import { printable } from '../wording.ts';
import type { ParsedVerbose } from './parsed.ts';

/** What a vendor that wants it adds to OUT, IN, QUEUED, DEQUEUED and DENIED lines. */
export interface VerboseDetails {
  /** The version asked for. */
  readonly version: string;
  readonly user: string;
  readonly address: string;
  readonly pid: number;
  readonly handle: number;
  /** Seats of the feature in use, this event done, and all there are. */
  readonly inUse: number;
  readonly outOf: number;
  /** Without blanks. */
  readonly project: string;
  /** The client's FlexNet version and revision: 11 and 18. */
  readonly flexVersion: number;
  readonly flexRevision: number;
  readonly at: EpochMs;
  /** The event made no seat: a duplicate group has one already. */
  readonly isDuplicate: boolean;
}

/**
 * The verbose form of a line: ` ^^^ 1.0 ann 10.0.0.7 4711 0x65 1 3 bridge 11 18 3-9-2026 9:05:07 NO ^^^` behind it.
 * Source: License Administration Guide, "Verbose Debug Log Messages"; unverified: whether blanks stay before it.
 */
export function verboseLine(line: string, details: VerboseDetails): string {
  const { version, user, address, pid, handle, inUse, outOf, project } = details;
  const date = new Date(details.at);
  const [minutes, seconds] = [date.getMinutes(), date.getSeconds()].map((value) =>
    `${value}`.padStart(2, '0'),
  );
  const fields = [
    ...[version, user, address, pid, `0x${handle.toString(16).toUpperCase()}`, inUse, outOf],
    ...[project, details.flexVersion, details.flexRevision],
    monthDayYear(details.at).replaceAll('/', '-'),
    `${date.getHours()}:${minutes}:${seconds}`,
    details.isDuplicate ? 'YES' : 'NO',
  ];
  return `${line.trimEnd()} ^^^ ${printable(fields.join(' '))} ^^^`;
}

const MARK = ' ^^^ ';
const END = ' ^^^';

/** A line without its `^^^` part, and that part's fields. */
export function cutVerbose(line: string): {
  readonly line: string;
  readonly verbose?: ParsedVerbose;
} {
  const text = line.trimEnd();
  if (!text.endsWith(END)) return { line };
  const start = text.lastIndexOf(MARK, text.length - END.length - MARK.length);
  const verbose = start < 0 ? undefined : readVerbose(text.slice(start + MARK.length, -END.length));
  return verbose ? { line: text.slice(0, start), verbose } : { line };
}

/** Fields behind the user, whose name alone may have blanks. */
const FIELDS_BEHIND_USER = 11;

function readVerbose(text: string): ParsedVerbose | undefined {
  const words = text.split(' ');
  if (words.length < FIELDS_BEHIND_USER + 2) return undefined;
  const user = words.slice(1, -FIELDS_BEHIND_USER).join(' ');
  const [address = '', pid, handle, inUse, outOf, project = '', ...rest] = words.slice(
    -FIELDS_BEHIND_USER,
  );
  const [flexVersion, flexRevision, date = '', time = '', duplicate] = rest;
  const at = readAt(date, time);
  const numbers = [pid, handle, inUse, outOf, flexVersion, flexRevision].map(Number);
  if (at === undefined || numbers.some(Number.isNaN)) return undefined;
  return {
    ...{ version: words[0]!, user, address, pid: numbers[0]!, handle: numbers[1]! },
    ...{ inUse: numbers[2]!, outOf: numbers[3]!, project },
    ...{ flexVersion: numbers[4]!, flexRevision: numbers[5]!, at },
    isDuplicate: duplicate === 'YES',
  };
}

/** `3-9-2026` and `9:05:07` */
function readAt(date: string, time: string): string | undefined {
  const [, month, day, year] = /^(\d{1,2})-(\d{1,2})-(\d{4})$/.exec(date) ?? [];
  const [, hour, rest] = /^(\d{1,2})(:\d\d:\d\d)$/.exec(time) ?? [];
  if (month === undefined || day === undefined || hour === undefined) return undefined;
  const two = (value: string): string => value.padStart(2, '0');
  return `${year}-${two(month)}-${two(day)}T${two(hour)}${rest}`;
}
