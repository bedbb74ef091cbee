import { describe, expect, test } from 'vitest';
import {
  compareDates,
  nextDay,
  parseDate,
  parseExpiry,
  printDate,
} from '../../../src/domain/license/dates.ts';
import { endOfDay, startOfDay } from '../../../src/domain/license/days.ts';

const HOUR_MS = 3_600_000;

describe('dates', () => {
  test('a date is a day, an English month in any case and a year of four digits', () => {
    expect(parseDate('31-dec-2031')).toEqual({ year: 2031, month: 12, day: 31 });
    expect(parseDate('2-OCT-2018')).toEqual({ year: 2018, month: 10, day: 2 });
    expect(parseDate('29-Feb-2024')).toEqual({ year: 2024, month: 2, day: 29 });
  });

  test.each([
    '01-janv-2021',
    '31-feb-2030',
    '29-feb-2100',
    '0-jan-2030',
    '1-jan-30',
    '1-jan-0000',
    '1-01-2030',
    '001-jan-2030',
    '1-jan-2030 ',
    '1-jan-20300',
    '-jan-2030',
    '1jan2030',
    '',
  ])('"%s" is no date', (text) => {
    expect(parseDate(text)).toBeUndefined();
  });

  test('a date prints as generators write it, and reads back', () => {
    for (const date of [
      { year: 2031, month: 1, day: 1 },
      { year: 999, month: 12, day: 31 },
    ]) {
      expect(parseDate(printDate(date))).toEqual(date);
    }
    expect(printDate({ year: 2031, month: 1, day: 1 })).toBe('1-jan-2031');
  });

  test.each([
    'permanent',
    'PERMANENT',
    '1-jan-0',
    '01-jan-00',
    '1-jan-000',
    '01-jan-0000',
    '0',
    '0000',
  ])('"%s" never comes', (text) => {
    expect(parseExpiry(text)).toEqual({ kind: 'permanent', text });
  });

  test('an expiry keeps its spelling', () => {
    expect(parseExpiry('01-Jan-2031')).toEqual({
      kind: 'date',
      text: '01-Jan-2031',
      date: { year: 2031, month: 1, day: 1 },
    });
    expect(parseExpiry('00000')).toBeUndefined();
    expect(parseExpiry('32-jan-0')).toBeUndefined();
    expect(parseExpiry('permanently')).toBeUndefined();
  });

  test('days follow one another over months, years and leap days', () => {
    expect(nextDay({ year: 2024, month: 2, day: 28 })).toEqual({ year: 2024, month: 2, day: 29 });
    expect(nextDay({ year: 2023, month: 2, day: 28 })).toEqual({ year: 2023, month: 3, day: 1 });
    expect(nextDay({ year: 2023, month: 12, day: 31 })).toEqual({ year: 2024, month: 1, day: 1 });
    expect(compareDates({ year: 2023, month: 12, day: 31 }, { year: 2024, month: 1, day: 1 })).toBe(
      -1,
    );
  });
});

describe('the start and the end of a day', () => {
  test('a license is valid until the first instant of the next day, in the zone named', () => {
    const date = { year: 2030, month: 1, day: 31 };
    expect(endOfDay(date, 'UTC')).toBe(Date.UTC(2030, 1, 1));
    expect(endOfDay(date, 'Asia/Tokyo')).toBe(Date.UTC(2030, 0, 31, 15));
    expect(endOfDay(date, 'Asia/Kathmandu')).toBe(Date.UTC(2030, 0, 31, 18, 15));
  });

  test('a day on which the clocks change is 23 or 25 hours long', () => {
    const spring = { year: 2024, month: 3, day: 31 };
    const autumn = { year: 2024, month: 10, day: 27 };
    const length = (date: typeof spring): number =>
      (endOfDay(date, 'Europe/Berlin') - startOfDay(date, 'Europe/Berlin')) / HOUR_MS;
    expect(length(spring)).toBe(23);
    expect(length(autumn)).toBe(25);
    expect(startOfDay(spring, 'Europe/Berlin')).toBe(Date.UTC(2024, 2, 30, 23));
    expect(endOfDay(autumn, 'Europe/Berlin')).toBe(Date.UTC(2024, 9, 27, 23));
  });

  test('where midnight does not exist, the day starts when the clocks go on', () => {
    // Sao Paulo, 4 November 2018: from 00:00 to 01:00.
    expect(startOfDay({ year: 2018, month: 11, day: 4 }, 'America/Sao_Paulo')).toBe(
      Date.UTC(2018, 10, 4, 3),
    );
    // Samoa left out 30 December 2011.
    expect(startOfDay({ year: 2011, month: 12, day: 31 }, 'Pacific/Apia')).toBe(
      Date.UTC(2011, 11, 30, 10),
    );
  });

  test('every day of a year starts where the one before ends, and at its own date', () => {
    for (const zone of ['America/New_York', 'Australia/Lord_Howe', 'America/Havana', 'UTC']) {
      const calendar = new Intl.DateTimeFormat('en-CA', { timeZone: zone });
      let date = { year: 2024, month: 1, day: 1 };
      for (let day = 0; day < 366; day++) {
        const start = startOfDay(date, zone);
        const shown = calendar.format(start);
        const iso = `${date.year}-${String(date.month).padStart(2, '0')}-${String(date.day).padStart(2, '0')}`;
        expect(shown, zone).toBe(iso);
        const before = calendar.format(start - 1);
        expect(before < iso, `${zone} ${iso}`).toBe(true);
        expect(endOfDay(date, zone), zone).toBe(startOfDay(nextDay(date), zone));
        date = nextDay(date) as typeof date;
      }
    }
  });

  test("without a zone it is the host's own", () => {
    const start = startOfDay({ year: 2030, month: 6, day: 15 });
    expect(start).toBe(new Date(2030, 5, 15).getTime());
    expect(endOfDay({ year: 2030, month: 6, day: 15 })).toBe(new Date(2030, 5, 16).getTime());
  });

  test('years under 100 are not taken for those of the last century', () => {
    expect(startOfDay({ year: 99, month: 1, day: 1 }, 'UTC')).toBe(
      new Date('0099-01-01T00:00:00Z').getTime(),
    );
    expect(new Date(startOfDay({ year: 99, month: 1, day: 1 })).getFullYear()).toBe(99);
  });

  test('a time zone that does not exist is bad usage', () => {
    expect(() => startOfDay({ year: 2030, month: 1, day: 1 }, 'Mars/Olympus')).toThrow(
      'expected an IANA name',
    );
  });
});
