import type { ParsedLogLine, ParsedPrefix } from '../../text/debug-log-parser/parsed.ts';
import { dayNumber, type LogZone } from './wall-clock.ts';

/** The date a line tells. */
export interface LineDate {
  readonly day: number;
  /** NaN where the line does not tell it. */
  readonly year: number;
  readonly zone?: LogZone;
  /** `20260309` of a line that begins with its date. */
  readonly stamp?: number;
}

/** Seconds since midnight; undefined for a time that no clock shows. */
export function secondOf({ time }: ParsedPrefix): number | undefined {
  const [hour = 0, minute = 0, second = 0] = time.split(':').map(Number);
  return hour > 23 || minute > 59 || second > 60 ? undefined : (hour * 60 + minute) * 60 + second;
}

/** The date that a line tells by its stamp, or in its text. `year`: that of the last date, for FLEXlm 5's stamps. */
export function dateOf({ prefix, event }: ParsedLogLine, year: number): LineDate | undefined {
  if (prefix?.date !== undefined) return stampedDate(prefix.date, prefix.zone);
  if (event.kind === 'timestamp' || event.kind === 'managerStarted') return isoDate(event.date);
  if (event.kind === 'systemDate') return isoDate(event.at.slice(0, 10));
  if (prefix?.monthDay === undefined || Number.isNaN(year)) return undefined;
  const [month = 1, day = 1] = prefix.monthDay.split('/').map(Number);
  return { day: dayNumber(year, month, day), year: Number.NaN };
}

function isoDate(text: string): LineDate {
  const [year = 0, month = 0, day = 0] = text.split('-').map(Number);
  return { day: dayNumber(year, month, day), year };
}

function stampedDate(date: string, zone: string | undefined): LineDate {
  const stamp = Number(date.replaceAll('-', ''));
  return { ...isoDate(date), stamp, ...(zone === undefined ? {} : { zone: zoneMinutes(zone) }) };
}

/** `Z`, `+01:00`, `-0530`. */
function zoneMinutes(zone: string): LogZone {
  if (zone === 'Z') return 0;
  const digits = zone.slice(1).replace(':', '');
  const minutes = Number(digits.slice(0, 2)) * 60 + Number(digits.slice(2));
  return zone.startsWith('-') ? -minutes : minutes;
}
