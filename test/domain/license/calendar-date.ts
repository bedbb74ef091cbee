import type { CalendarDate } from '../../../src/domain/license/model.ts';

/** `2030-01-31` as a day of the calendar. */
export function calendarDate(iso: string): CalendarDate {
  const [year = 0, month = 0, day = 0] = iso.split('-').map(Number);
  return { year, month, day };
}
