import { expect, test } from 'vitest';
import { LogTime } from '../../../src/scenario/recording/log-time.ts';
import { DebugLogReader } from '../../../src/text/debug-log-parser/reader.ts';

/** When each line was written. */
function times(...lines: readonly string[]): readonly string[] {
  const reader = new DebugLogReader();
  const time = new LogTime();
  const at = lines.map((line) => time.at(reader.read(line)));
  return at.map((ms) => new Date(time.firstDay + ms).toISOString().slice(0, 19));
}

const out = (time: string) => `${time} (acmed) OUT: "solve" ann@ws1  `;

test('a date that comes late dates what was before it; a time that lies back begins a new day', () => {
  expect(
    times(out('23:10:00'), out(' 1:00:00'), ' 1:00:05 (acmed) TIMESTAMP 3/1/2028', out('0:59:00')),
  ).toEqual([
    '2028-02-29T23:10:00',
    '2028-03-01T01:00:00',
    '2028-03-01T01:00:05',
    '2028-03-01T01:00:05',
  ]);
});

test('clocks that are set back an hour stand still, and a date takes time over quiet days', () => {
  expect(
    times(
      ' 2:59:00 (acmed) TIMESTAMP 10/29/2028',
      out(' 2:01:00'),
      out(' 3:00:00'),
      ' 9:00:00 (acmed) TIMESTAMP 11/2/2028',
      ' 9:00:01 (acmed) TIMESTAMP 10/1/2028',
    ),
  ).toEqual([
    '2028-10-29T02:59:00',
    '2028-10-29T02:59:00',
    '2028-10-29T03:00:00',
    '2028-11-02T09:00:00',
    '2028-11-02T09:00:01',
  ]);
});

test('every form of a date is known; FLEXlm 5 writes no year', () => {
  expect(times(`2026-03-09T09:00:00+01:00 (acmed) OUT: "solve" ann@ws1  `)).toEqual([
    '2026-03-09T09:00:00',
  ]);
  expect(
    times(
      " 8:00:00 (lmgrd) Server's System Date and Time: Mon Mar 09 2026 08:00:00 CET",
      out(' 8:01:00'),
    ),
  ).toEqual(['2026-03-09T08:00:00', '2026-03-09T08:01:00']);
  expect(
    times(
      '12/31 23:50 (acmed) OUT: solve by ann@ws1',
      '1/1 00:10 (acmed) IN: solve by ann@ws1 (used: 0:00:20:00)',
    ),
  ).toEqual(['2030-12-31T23:50:00', '2031-01-01T00:10:00']);
});

test('without any date it is a Monday, and a line without time is of the time before', () => {
  expect(times(out(' 8:01:00'), 'no prefix', out('12:00:00'))).toEqual([
    '2030-01-07T08:01:00',
    '2030-01-07T08:01:00',
    '2030-01-07T12:00:00',
  ]);
});
