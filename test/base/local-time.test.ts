import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';

type LocalTime = typeof import('../../src/base/local-time.ts');

/** The module as a process in that zone has it: zones are remembered, so each gets its own copy. */
async function inZone(zone: string): Promise<LocalTime> {
  vi.stubEnv('TZ', zone);
  vi.resetModules();
  return import('../../src/base/local-time.ts');
}

afterEach(() => {
  vi.unstubAllEnvs();
});

/** 14:49:41 UTC on Monday, 9 March 2026: summer time in New York, not yet in Berlin. */
const at = Date.UTC(2026, 2, 9, 14, 49, 41);
/** 09:05:07 UTC on Thursday, 1 January 2026. */
const newYear = Date.UTC(2026, 0, 1, 9, 5, 7);

describe('in New York', () => {
  let time: LocalTime;
  beforeEach(async () => {
    time = await inZone('America/New_York');
  });

  test('lmstat tells hours without a leading zero in lists and with one in its heading', () => {
    expect(time.startStamp(newYear)).toBe('Thu 1/1 4:05');
    expect(time.statusStamp(newYear)).toBe('Thu 1/1/2026 04:05');
    expect(time.hourMinute(newYear)).toBe('4:05');
    expect(time.paddedHourMinute(newYear)).toBe('04:05');
  });

  test('logs tell hours in two columns, padded with a blank', () => {
    expect(time.blankPaddedTime(newYear)).toBe(' 4:05:07');
    expect(time.blankPaddedTime(at)).toBe('10:49:41');
    expect(time.paddedTime(newYear)).toBe('04:05:07');
  });

  test('days are written with slashes, or as license files write them', () => {
    expect(time.monthDay(at)).toBe('3/9');
    expect(time.monthDayYear(at)).toBe('3/9/2026');
    expect(time.dayMonthYear(at)).toBe('9-mar-2026');
    expect(time.weekdayName(at)).toBe('Mon');
  });

  test('whole stamps name the zone: by letters, or by offset', () => {
    expect(time.systemStamp(newYear)).toBe('Thu Jan 01 2026 04:05:07 EST');
    expect(time.systemStamp(at)).toBe('Mon Mar 09 2026 10:49:41 EDT');
    expect(time.isoStamp(newYear)).toBe('2026-01-01T04:05:07-05:00');
  });
});

test.each([
  ['Asia/Kolkata', '+0530', '+05:30'],
  ['America/Bogota', '-05', '-05:00'],
  ['UTC', 'UTC', '+00:00'],
])('%s has the zone name %s', async (zone, name, offset) => {
  const time = await inZone(zone);
  expect(time.zoneName(at)).toBe(name);
  expect(time.isoStamp(at).slice(-6)).toBe(offset);
});

test.each(['Europe/Berlin', 'Asia/Kathmandu', 'Pacific/Auckland'])(
  'any instant reads in %s as the slow way has it, whatever was asked before',
  async (zone) => {
    const time = await inZone(zone);
    const slow = new Intl.DateTimeFormat('en-US', {
      ...{ timeZone: zone, hourCycle: 'h23', weekday: 'short', year: 'numeric', month: 'numeric' },
      ...{ day: 'numeric', hour: '2-digit', minute: '2-digit', second: '2-digit' },
    } as Intl.DateTimeFormatOptions);
    const instants = fc.integer({ min: 0, max: Date.UTC(2060, 0, 1) });
    fc.assert(
      fc.property(fc.array(instants, { maxLength: 20 }), fc.boolean(), (list, near) => {
        for (const instant of near ? list.map((_, step) => (list[0] ?? 0) + step * 400) : list) {
          const part = Object.fromEntries(
            slow.formatToParts(instant).map(({ type, value }) => [type, value]),
          ) as Record<'weekday' | 'month' | 'day' | 'year' | 'hour' | 'minute' | 'second', string>;
          const day = `${part.month}/${part.day}`;
          expect(time.statusStamp(instant)).toBe(
            `${part.weekday} ${day}/${part.year} ${part.hour}:${part.minute}`,
          );
          expect(time.paddedTime(instant)).toBe(`${part.hour}:${part.minute}:${part.second}`);
          expect(time.startStamp(instant)).toBe(
            `${part.weekday} ${day} ${Number(part.hour)}:${part.minute}`,
          );
        }
      }),
    );
  },
);

test('an instant that is none gives some text and does not throw', async () => {
  const time = await inZone('Europe/Berlin');
  for (const wrong of [Number.NaN, Number.POSITIVE_INFINITY, 1e300]) {
    expect(typeof time.startStamp(wrong)).toBe('string');
    expect(typeof time.systemStamp(wrong)).toBe('string');
    expect(typeof time.isoStamp(wrong)).toBe('string');
    expect(typeof time.dayMonthYear(wrong)).toBe('string');
  }
});
