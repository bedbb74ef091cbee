import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { type Generated, generatedLog } from '../../src/plan/generate/generate.ts';
import { usageRows } from '../../src/plan/usage/usage-report.ts';
import { testFolder, transcriptOf } from './log-text.ts';
import { plan } from './sessions.ts';

const wanted: Generated = {
  ...{
    calendar: 'quarter',
    feature: 'solve',
    daemon: 'acmed',
    host: 'alpha',
    seats: 12,
    users: 40,
  },
  ...{
    perHour: 12,
    holdMs: 2_700_000,
    start: Date.UTC(2026, 1, 2),
    days: 60,
    restarts: 1,
    seed: '1',
  },
};

function textOf(generated: Generated): string {
  return [...generatedLog(generated)].join('');
}

function logOf(change: Partial<Generated> = {}): string {
  const path = join(testFolder(), 'debug.log');
  writeFileSync(path, textOf({ ...wanted, ...change }));
  return path;
}

test('every line of it is understood, no more seats are out than there are, and some are denied', async () => {
  const log = logOf();
  const { counts, events, history } = await transcriptOf([log], process.env['TZ'] ?? 'UTC');
  expect(counts.strangeLines).toEqual([]);
  expect(events.filter((event) => event.includes(' denied '))).not.toHaveLength(0);
  expect(history.unmatchedIn).toBe(0);
  const { features } = await plan([log]);
  expect(features[0]!.present).toMatchObject({ seats: 12, source: 'denials' });
  expect(features[0]!.peak).toBe(12);
});

test('is the same for the same seed, and another for another', () => {
  const text = (seed: string) => textOf({ ...wanted, seed, days: 10 });
  expect(text('1')).toBe(text('1'));
  expect(text('1')).not.toBe(text('2'));
});

test('the end of a quarter is busier than what comes after it', async () => {
  const { features, read } = await plan([logOf({ seats: 500, days: 85 })]);
  const rows = usageRows([features[0]!.trace], read.names, { ...read, span: 'week' });
  const starts = new Map(rows.map(({ from, starts: count }) => [from, count]));
  expect(starts.get('2026-03-23')!).toBeGreaterThan(1.2 * starts.get('2026-04-06')!);
});

test('what users hold comes to what all hold', async () => {
  const { features, read } = await plan([logOf()]);
  const question = { ...read, span: 'month' } as const;
  const sum = (whoOf?: (user: string) => string) =>
    usageRows([features[0]!.trace], read.names, { ...question, ...(whoOf && { whoOf }) }).reduce(
      (hours, row) => hours + row.seatHours,
      0,
    );
  expect(sum((user) => user)).toBeCloseTo(sum(), 0);
  const rows = usageRows([features[0]!.trace], read.names, { ...question, whoOf: (user) => user });
  expect(new Set(rows.map(({ who }) => who)).size).toBeGreaterThan(20);
  expect(rows.every(({ users }) => users === 1)).toBe(true);
});
