import { describe, expect, test } from 'vitest';
import { parseDate, parseExpiry, printDate } from '../../../src/domain/license/dates.ts';
import { endOfDay, startOfDay } from '../../../src/domain/license/days.ts';
import type { CalendarDate } from '../../../src/domain/license/model.ts';

const HOUR_MS = 60 * 60 * 1000;

function dateOf(iso: string): CalendarDate {
  const [year = 0, month = 0, day = 0] = iso.split('-').map(Number);
  return { year, month, day };
}

/** Days on which something happens, in zones where it did or will: when they begin, how long they are. */
const days: readonly (readonly [
  zone: string,
  day: string,
  start: string,
  hours: number,
  why: string,
])[] = [
  ['UTC', '2030-01-31', '2030-01-31T00:00Z', 24, 'never anything else'],
  ['UTC', '2024-02-29', '2024-02-29T00:00Z', 24, 'a leap day'],
  ['Europe/Berlin', '2030-01-31', '2030-01-30T23:00Z', 24, 'winter'],
  ['Europe/Berlin', '2030-07-31', '2030-07-30T22:00Z', 24, 'summer'],
  ['Europe/Berlin', '2030-03-31', '2030-03-30T23:00Z', 23, 'an hour is skipped'],
  ['Europe/Berlin', '2030-10-27', '2030-10-26T22:00Z', 25, 'an hour comes twice'],
  ['Europe/Berlin', '2030-12-31', '2030-12-30T23:00Z', 24, 'the end of a year'],
  ['America/New_York', '2030-03-10', '2030-03-10T05:00Z', 23, 'an hour is skipped'],
  ['America/New_York', '2030-11-03', '2030-11-03T04:00Z', 25, 'an hour comes twice'],
  ['America/Sao_Paulo', '2018-11-04', '2018-11-04T03:00Z', 23, 'midnight is skipped'],
  ['America/Sao_Paulo', '2019-02-16', '2019-02-16T02:00Z', 25, 'the hour before midnight, twice'],
  ['America/Sao_Paulo', '2019-02-17', '2019-02-17T03:00Z', 24, 'the day after'],
  ['America/Havana', '2024-03-10', '2024-03-10T05:00Z', 23, 'midnight is skipped'],
  ['America/Havana', '2024-11-03', '2024-11-03T04:00Z', 25, 'midnight comes twice'],
  ['Australia/Lord_Howe', '2024-10-06', '2024-10-05T13:30Z', 23.5, 'half an hour is skipped'],
  ['Australia/Lord_Howe', '2024-04-07', '2024-04-06T13:00Z', 24.5, 'half an hour, twice'],
  ['Pacific/Apia', '2011-12-29', '2011-12-29T10:00Z', 24, 'before the missing day'],
  ['Pacific/Apia', '2011-12-30', '2011-12-30T10:00Z', 0, 'a day that never was'],
  ['Pacific/Kiritimati', '2030-01-01', '2029-12-31T10:00Z', 24, 'furthest east'],
];

test.each(days)('in %s, %s begins at %s and has %d hours: %s', (zone, day, start, hours) => {
  const date = dateOf(day);
  expect(new Date(startOfDay(date, zone)).toISOString()).toBe(new Date(start).toISOString());
  expect((endOfDay(date, zone) - startOfDay(date, zone)) / HOUR_MS).toBe(hours);
});

test('a license is valid in the last millisecond of its last day, and not in the next', () => {
  const berlin = endOfDay(dateOf('2030-10-27'), 'Europe/Berlin');
  const clock = new Intl.DateTimeFormat('en-GB', {
    timeZone: 'Europe/Berlin',
    dateStyle: 'short',
    timeStyle: 'medium',
  });
  expect(clock.format(berlin - 1)).toBe('27/10/2030, 23:59:59');
  expect(clock.format(berlin)).toBe('28/10/2030, 00:00:00');
});

describe('a date in a license file', () => {
  test.each([
    ['1-jan-2031', '2031-1-1'],
    ['01-JAN-2031', '2031-1-1'],
    ['2-OCT-2018', '2018-10-2'],
    ['29-feb-2024', '2024-2-29'],
    ['29-feb-2000', '2000-2-29'],
    ['31-dec-9999', '9999-12-31'],
    ['1-jan-0099', '99-1-1'],
  ])('%s is a day', (text, day) => {
    expect(parseExpiry(text)).toEqual({ kind: 'date', text, date: dateOf(day) });
    expect(parseDate(printDate(dateOf(day)))).toEqual(dateOf(day));
  });

  test.each([
    ...['permanent', 'Permanent', '0', '00', '000', '0000'],
    ...['1-jan-0', '01-jan-00', '1-JAN-000', '01-jan-0000', '29-feb-0'],
  ])('%s never comes', (text) => {
    expect(parseExpiry(text)).toEqual({ kind: 'permanent', text });
    expect(parseDate(text), 'and is no day of its own').toBeUndefined();
  });

  test.each([
    ...['1-jan-31', '1-jan-031', '1-jan-20311', '31-apr-2031', '29-feb-2100', '0-jan-2031'],
    ...['32-jan-0', '30-feb-0', '001-jan-2031', '01-janv-2021', '1-01-2031', '1.jan.2031'],
    ...['2031-01-01', '1-jan', '-jan-2031', '-0', '00000', '1-jan-', 'never', 'permanent ', ''],
    ...['١-jan-2031', '1-jan-２０３１', '+1-jan-2031', '1-jan-2e31'],
  ])('"%s" is neither', (text) => {
    expect(parseExpiry(text)).toBeUndefined();
  });
});
