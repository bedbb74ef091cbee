import { expect, test } from 'vitest';
import { nextDay } from '../../../src/domain/license/dates.ts';
import { endOfDay, startOfDay } from '../../../src/domain/license/days.ts';
import { calendarDate } from './calendar-date.ts';

const HOUR_MS = 60 * 60 * 1000;

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
  ['Pacific/Apia', '2011-12-31', '2011-12-30T10:00Z', 24, 'the day after'],
  ['Asia/Tokyo', '2030-01-31', '2030-01-30T15:00Z', 24, 'far east'],
  ['Asia/Kathmandu', '2030-01-31', '2030-01-30T18:15Z', 24, 'a quarter of an hour'],
  ['UTC', '0099-01-01', '0099-01-01T00:00Z', 24, 'no year of the last century'],
  ['Pacific/Kiritimati', '2030-01-01', '2029-12-31T10:00Z', 24, 'furthest east'],
];

test.each(days)('in %s, %s begins at %s and has %d hours: %s', (zone, day, start, hours) => {
  const date = calendarDate(day);
  expect(new Date(startOfDay(date, zone)).toISOString()).toBe(new Date(start).toISOString());
  expect((endOfDay(date, zone) - startOfDay(date, zone)) / HOUR_MS).toBe(hours);
});

test('a license is valid in the last millisecond of its last day, and not in the next', () => {
  const berlin = endOfDay(calendarDate('2030-10-27'), 'Europe/Berlin');
  const clock = new Intl.DateTimeFormat('en-GB', {
    timeZone: 'Europe/Berlin',
    dateStyle: 'short',
    timeStyle: 'medium',
  });
  expect(clock.format(berlin - 1)).toBe('27/10/2030, 23:59:59');
  expect(clock.format(berlin)).toBe('28/10/2030, 00:00:00');
});

test('every day of a year starts where the one before ends, and at its own date', () => {
  for (const zone of ['America/New_York', 'Australia/Lord_Howe', 'America/Havana', 'UTC']) {
    const calendar = new Intl.DateTimeFormat('en-CA', { timeZone: zone });
    let date = calendarDate('2024-01-01');
    for (let day = 0; day < 366; day++) {
      const start = startOfDay(date, zone);
      const iso = `${date.year}-${String(date.month).padStart(2, '0')}-${String(date.day).padStart(2, '0')}`;
      expect(calendar.format(start), zone).toBe(iso);
      expect(calendar.format(start - 1) < iso, `${zone} ${iso}`).toBe(true);
      expect(endOfDay(date, zone), zone).toBe(startOfDay(nextDay(date), zone));
      date = nextDay(date);
    }
  }
});

test("without a zone it is the host's own", () => {
  expect(startOfDay(calendarDate('2030-06-15'))).toBe(new Date(2030, 5, 15).getTime());
  expect(endOfDay(calendarDate('2030-06-15'))).toBe(new Date(2030, 5, 16).getTime());
  expect(new Date(startOfDay(calendarDate('0099-01-01'))).getFullYear()).toBe(99);
});

test('a time zone that does not exist is bad usage', () => {
  const start = () => startOfDay(calendarDate('2030-01-01'), 'Mars/Olympus');
  expect(start).toThrow(expect.objectContaining({ code: 'USAGE' }));
  expect(start).toThrow('expected an IANA name');
});
