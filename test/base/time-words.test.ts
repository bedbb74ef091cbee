import fc from 'fast-check';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { makeClock, parseClock, settingOf } from '../../src/base/clock-setting.ts';
import { KnownError } from '../../src/base/errors.ts';
import { limits } from '../../src/base/limits.ts';
import { parseDuration, parseTime, renderDuration } from '../../src/base/time-words.ts';

afterEach(() => {
  vi.unstubAllEnvs();
});

const usage = (read: () => unknown): string => {
  try {
    read();
  } catch (error) {
    if (error instanceof KnownError && error.code === 'USAGE') return error.message;
    throw error;
  }
  return 'no error';
};

describe('a duration', () => {
  test.each([
    ['500ms', 500],
    ['90s', 90_000],
    ['2m', 120_000],
    ['21h', 75_600_000],
    ['30d', 2_592_000_000],
    ['1w', 604_800_000],
    ['1h30m', 5_400_000],
    ['1w2d3h4m5s6ms', 788_645_006],
    ['0s', 0],
    ['36525d', limits.durationMsMax],
  ])('%s is %d ms', (text, ms) => {
    expect(parseDuration(text)).toBe(ms);
  });

  test.each([
    '',
    '5',
    'h',
    '1.5h',
    '-1h',
    '+1h',
    '1h 30m',
    '30m1h',
    '1h1h',
    '1y',
    '1H',
    ' 1h',
    '1hm',
  ])('"%s" is none, and the message names some that are', (text) => {
    const message = usage(() => parseDuration(text, 'by'));
    expect(message).toBe(
      `by: expected a duration such as 500ms, 90s, 2m, 21h, 30d, 1w or 1h30m, got "${text}"`,
    );
  });

  test('ends at a hundred years, and what is not told whole is cut', () => {
    expect(usage(() => parseDuration('36526d'))).toBe('expected at most 36525d, got "36526d"');
    expect(usage(() => parseDuration(`${'9'.repeat(90)}d`))).toMatch(/^expected at most/);
    expect(usage(() => parseDuration('9'.repeat(1_000_000)))).toMatch(/got "9{57}\.\.\."$/);
  });

  test('is printed as it is read', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: limits.durationMsMax }), (ms) => {
        expect(parseDuration(renderDuration(ms))).toBe(ms);
      }),
    );
    expect(renderDuration(5_400_000)).toBe('1h30m');
  });
});

describe('a time', () => {
  test.each([
    ['2030-01-07T09:00Z', Date.UTC(2030, 0, 7, 9)],
    ['2030-01-07t09:00:01z', Date.UTC(2030, 0, 7, 9, 0, 1)],
    ['2030-01-07T09:00:00.5+01:00', Date.UTC(2030, 0, 7, 8, 0, 0, 500)],
    ['2030-01-07 09:00:00.1239-0530', Date.UTC(2030, 0, 7, 14, 30, 0, 123)],
    ['2028-02-29T00:00+02', Date.UTC(2028, 1, 28, 22)],
    ['9999-12-31T23:59:59.999Z', limits.clockMsMax],
  ])('%s names its zone', (text, at) => {
    expect(parseTime(text, 'to', 'Asia/Tokyo')).toBe(at);
    expect(new Date(at).toISOString()).toBe(new Date(parseTime(text, 'to')).toISOString());
  });

  test('without a zone it is of the zone given, else of the machine', () => {
    expect(parseTime('2030-01-07T09:00', 'to', 'Asia/Tokyo')).toBe(Date.UTC(2030, 0, 7, 0));
    expect(parseTime('2030-01-07', 'to', 'America/New_York')).toBe(Date.UTC(2030, 0, 7, 5));
    vi.stubEnv('TZ', 'Europe/Berlin');
    expect(parseTime('2030-07-07T09:00', 'to')).toBe(Date.UTC(2030, 6, 7, 7));
  });

  test('that daylight saving skips is when the clocks go on; one that comes twice is the first', () => {
    // In Berlin the clocks go from 2:00 to 3:00 on 31 March 2030, and back from 3:00 on 27 October.
    const skipped = Date.UTC(2030, 2, 31, 1);
    const twice = Date.UTC(2030, 9, 27, 0, 30);
    expect(parseTime('2030-03-31T02:30', 'to', 'Europe/Berlin')).toBe(skipped);
    expect(parseTime('2030-10-27T02:30', 'to', 'Europe/Berlin')).toBe(twice);
    vi.stubEnv('TZ', 'Europe/Berlin');
    expect(parseTime('2030-03-31T02:30', 'to')).toBe(skipped);
    expect(parseTime('2030-10-27T02:30', 'to')).toBe(twice);
  });

  test.each([
    'now',
    '',
    '2030-1-7',
    '2030-02-30',
    '2030-13-01',
    '2030-01-07T24:00',
    '2030-01-07T09:60',
    '2030-01-07T09',
    '2030-01-07T09:00:60Z',
    '1969-12-31T23:59Z',
    '12030-01-07',
    '2030-01-07T09:00Zulu',
  ])('"%s" is none', (text) => {
    expect(usage(() => parseTime(text, 'to', 'UTC'))).toBe(
      `to: expected a time such as 2030-01-07T09:00 or 2030-01-07T09:00Z, got "${text}"`,
    );
  });

  test('whatever text comes, it is a time within the years 1970 to 9999 or a USAGE error', () => {
    const texts = fc.oneof(fc.string(), fc.stringMatching(/^\d{4}-\d\d-\d\d([T ]\d\d:\d\d)?Z?$/));
    fc.assert(
      fc.property(texts, (text) => {
        let at = 0;
        const message = usage(() => {
          at = parseTime(text, 'to', 'Europe/Berlin');
        });
        expect(message === 'no error' ? at >= 0 && at <= limits.clockMsMax : true).toBe(true);
      }),
    );
  });
});

describe('--clock', () => {
  const monday = Date.UTC(2030, 0, 7, 9);

  test.each([
    ['real', { kind: 'real' }],
    ['manual', { kind: 'manual' }],
    ['MANUAL@2030-01-07T09:00Z', { kind: 'manual', at: monday }],
    ['manual@2030-01-07T09:00', { kind: 'manual', at: monday - 3_600_000 }],
    ['x60', { kind: 'scaled', factor: 60 }],
    ['x0.5@2030-01-07T09:00Z', { kind: 'scaled', factor: 0.5, at: monday }],
  ])('%s', (text, setting) => {
    expect(parseClock(text, '--clock', 'Europe/Berlin')).toEqual(setting);
  });

  test.each(['', 'x', 'x-1', 'xNaN', 'fast', 'real@2030-01-07', 'manual 2030', '60x', 'x1e9'])(
    '"%s" is told what it could be',
    (text) => {
      expect(usage(() => parseClock(text, '--clock'))).toBe(
        `--clock: expected real, manual, manual@2030-01-07T09:00 or x60, got "${text}"`,
      );
    },
  );

  test('a pace has bounds, and a start that is none is told', () => {
    expect(usage(() => parseClock('x0', '--clock'))).toMatch(/factor from 0.001 to 1000000, got 0/);
    expect(usage(() => parseClock('x9999999', '--clock'))).toMatch(/got 9999999/);
    expect(usage(() => parseClock('manual@tomorrow', '--clock'))).toMatch(
      /expected a time such as/,
    );
  });

  test('a clock tells how another one is set to agree with it', () => {
    const manual = makeClock({ kind: 'manual', at: monday });
    expect(settingOf(manual)).toEqual({ kind: 'manual', at: monday });
    const scaled = makeClock({ kind: 'scaled', factor: 2, at: 7, since: 9 });
    expect(settingOf(scaled)).toEqual({ kind: 'scaled', factor: 2, at: 7, since: 9 });
    expect(settingOf(makeClock({ kind: 'real' }))).toEqual({ kind: 'real' });
    expect(makeClock({ kind: 'manual' }).now() % 1_000).toBe(0);
  });
});
