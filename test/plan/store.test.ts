import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readTraces } from '../../src/plan/sources.ts';
import { ingestLogs } from '../../src/plan/store/ingest.ts';
import { testFolder } from './log-text.ts';
import { logOf, poisson } from './sessions.ts';

const first = [' 9:00:00 (acmed) TIMESTAMP 3/9/2026', ' 9:00:01 (acmed) OUT: "solve" ann@ws1  '];
const more = [' 9:30:00 (acmed) IN: "solve" ann@ws1  ', ' 9:40:00 (acmed) OUT: "solve" bob@ws1  '];

function write(path: string, lines: readonly string[]): void {
  writeFileSync(path, lines.map((line) => `${line}\n`).join(''));
}

async function sessionsOf(folder: string): Promise<number> {
  const { traces } = await readTraces({ sources: [folder], timeZone: 'UTC' });
  return traces.reduce((sum, { sessions }) => sum + sessions.size, 0);
}

test('a small log that has grown takes the place of what there was of it', async () => {
  const folder = testFolder();
  const log = join(testFolder(), 'debug.log');
  const options = { logs: [log], folder, site: 'main', timeZone: 'UTC' };
  write(log, first);
  expect((await ingestLogs(options)).logs[0]!.state).toBe('new');
  write(log, [...first, ...more]);
  expect((await ingestLogs(options)).logs[0]!.state).toBe('grown');
  expect(await sessionsOf(folder)).toBe(2);
  expect((await ingestLogs(options)).logs[0]!.state).toBe('unchanged');
  expect(partsIn(folder)).toHaveLength(1);
});

test('a log that begins as another one goes on is a log of its own', async () => {
  const folder = testFolder();
  const [one, other] = ['one.log', 'other.log'].map((name) => join(testFolder(), name));
  write(one!, [...first, more[0]!]);
  write(other!, [first[0]!, ' 9:05:00 (acmed) OUT: "solve" eve@ws2  ']);
  const options = { folder, site: 'main', timeZone: 'UTC' };
  const { logs } = await ingestLogs({ ...options, logs: [one!, other!] });
  expect(logs.map(({ state }) => state)).toEqual(['new', 'new']);
});

test('two ingests into one folder at a time: the second is refused and the first is whole', async () => {
  const folder = testFolder();
  const log = logOf(poisson('two at a time', 12, 30));
  const options = { logs: [log], folder, site: 'main', timeZone: 'UTC' };
  const both = await Promise.allSettled([ingestLogs(options), ingestLogs(options)]);
  expect(both.map(({ status }) => status)).toEqual(['fulfilled', 'rejected']);
  const [, second] = both;
  expect(String((second as PromiseRejectedResult).reason)).toMatch(
    /expected to be its only user, got process \d+/,
  );
  const before = await sessionsOf(folder);
  expect((await ingestLogs(options)).logs[0]!.state).toBe('unchanged');
  expect(await sessionsOf(folder)).toBe(before);
});

test('a table that cannot be written ends the ingest, which is then begun anew', async () => {
  const folder = testFolder();
  const log = join(testFolder(), 'debug.log');
  const options = { logs: [log], folder, site: 'main', timeZone: 'UTC' };
  write(log, [...first, ...more]);
  const year = join(folder, 'events', 'site=main', 'year=2026');
  mkdirSync(year, { recursive: true });
  write(join(year, 'month=03'), []);
  await expect(ingestLogs(options)).rejects.toMatchObject({
    code: 'PLAN_STORE',
    message: expect.stringMatching(
      /month=03.*: expected a file that can be written, got: a file wh/,
    ),
  });
  rmSync(join(year, 'month=03'));
  expect((await ingestLogs(options)).logs[0]!.state).toBe('new');
  expect(await sessionsOf(folder)).toBe(2);
});

test('a table that cannot be put in its place is told as a mistake of the store', async () => {
  const folder = testFolder();
  const log = join(testFolder(), 'debug.log');
  const options = { logs: [log], folder, site: 'main', timeZone: 'UTC' };
  write(log, [...first, ...more]);
  await ingestLogs(options);
  const inTheWay = partsIn(folder)[0]!;
  rmSync(join(folder, '_fauxlm'), { recursive: true });
  rmSync(inTheWay);
  mkdirSync(join(inTheWay, 'folder'), { recursive: true });
  await expect(ingestLogs(options)).rejects.toMatchObject({
    code: 'PLAN_STORE',
    message: `${inTheWay}: expected a file that can be written, got: a directory`,
  });
});

function partsIn(folder: string): readonly string[] {
  const names = readdirSync(join(folder, 'events'), { recursive: true, encoding: 'utf8' });
  const parts = names.filter((name) => name.endsWith('.parquet'));
  return parts.map((name) => join(folder, 'events', name));
}
