import type { EpochMs } from '../../base/clock.ts';
import { instantOf } from '../../base/time-zone.ts';
import { parseDate } from './dates.ts';

/** A borrow that names a day only ends with it. Source: LAG, "Initiating License Borrowing". */
const END_OF_DAY = { hour: 23, minute: 59 };

/**
 * The instant that the end of a borrow names, in a zone or in the host's own: `9-mar-2031` (until 23:59) or
 * `9-mar-2031:18:30`, as LM_BORROW and lmborrow write it. Undefined for a text that is none.
 * Source: LAG, "Initiating License Borrowing"; EUG10 ch. 8.
 */
export function borrowEnd(text: string, timeZone?: string): EpochMs | undefined {
  const [, day = '', hourText, minuteText] =
    /^(\d{1,2}-[a-z]{3}-\d{4})(?::(\d{1,2}):(\d{2}))?$/i.exec(text) ?? [];
  const date = parseDate(day);
  if (date === undefined) return undefined;
  if (hourText === undefined) return instantOf({ ...date, ...END_OF_DAY }, timeZone);
  const [hour, minute] = [Number(hourText), Number(minuteText)];
  if (hour > 23 || minute > 59) return undefined;
  return instantOf({ ...date, hour, minute }, timeZone);
}
