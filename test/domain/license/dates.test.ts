import { describe, expect, test } from 'vitest';
import {
  compareDates,
  nextDay,
  parseDate,
  parseExpiry,
  printDate,
} from '../../../src/domain/license/dates.ts';
import { calendarDate } from './calendar-date.ts';

describe('a date in a license file', () => {
  test.each([
    ['1-jan-2031', '2031-1-1'],
    ['01-JAN-2031', '2031-1-1'],
    ['2-OCT-2018', '2018-10-2'],
    ['29-feb-2024', '2024-2-29'],
    ['29-feb-2000', '2000-2-29'],
    ['31-dec-9999', '9999-12-31'],
    ['1-jan-0099', '99-1-1'],
    ['31-DeC-0999', '999-12-31'],
  ])('%s is a day', (text, day) => {
    expect(parseExpiry(text)).toEqual({ kind: 'date', text, date: calendarDate(day) });
    expect(parseDate(printDate(calendarDate(day)))).toEqual(calendarDate(day));
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
    ...['1-jan-2030 ', '1jan2030', 'permanently'],
  ])('"%s" is neither', (text) => {
    expect(parseExpiry(text)).toBeUndefined();
  });
});

test('a date prints as generators write it', () => {
  expect(printDate(calendarDate('2031-1-1'))).toBe('1-jan-2031');
  expect(printDate(calendarDate('999-12-31'))).toBe('31-dec-0999');
});

test('days follow one another over months, years and leap days', () => {
  const next = (day: string) => nextDay(calendarDate(day));
  expect(next('2024-2-28')).toEqual(calendarDate('2024-2-29'));
  expect(next('2023-2-28')).toEqual(calendarDate('2023-3-1'));
  expect(next('2023-12-31')).toEqual(calendarDate('2024-1-1'));
});

test('dates are ordered by year, month and day', () => {
  const ordered = ['99-12-31', '2023-11-30', '2023-12-1', '2023-12-31', '2024-1-1'].map(
    calendarDate,
  );
  ordered.forEach((a, i) => {
    ordered.forEach((b, j) => {
      expect(Math.sign(compareDates(a, b))).toBe(Math.sign(i - j));
    });
  });
});
