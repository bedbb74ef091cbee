import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { blocksOf } from '../docs/blocks.ts';
import { type Ended, ended, environment, Folder, programs } from '../e2e/processes.ts';

const document = readFileSync('docs/query.md', 'utf8');
/** The version that the document names. */
const [DUCKDB] = /@duckdb\/node-api@\S+/.exec(document)!;
const DAYS = '45';

type Row = Readonly<Record<string, string | number | null>>;

/** Questions of the document, by their files. */
const questions = blocksOf(document).filter(({ language }) => language === 'sql');

const folder = new Folder();
afterAll(() => folder[Symbol.dispose]());

function program(command: string, words: readonly string[]): Promise<Ended> {
  const env = environment({ TZ: 'UTC' });
  const stdio = ['ignore', 'pipe', 'pipe'] as const;
  return ended(spawn(command, words, { cwd: folder.path, env, stdio: [...stdio] }));
}

function fauxlm(...words: readonly string[]): Promise<Ended> {
  return program(process.execPath, [resolve(programs.fauxlm), ...words]);
}

async function rowsOf(...words: readonly string[]): Promise<readonly Row[]> {
  const { status, out, err } = await fauxlm(...words, '--json');
  expect({ status, err }, words.join(' ')).toEqual({ status: 0, err: '' });
  return JSON.parse(out);
}

function sum(rows: readonly Row[], field: string): number {
  return rows.reduce((total, row) => total + Number(row[field]), 0);
}

function most(rows: readonly Row[], field: string): number {
  return Math.max(...rows.map((row) => Number(row[field])));
}

function ask(file: string, ...more: readonly string[]): Promise<readonly Row[]> {
  return rowsOf('query', 'db', '--file', file, ...more);
}

/** As a user installs it, in a project; two features with denials, in two logs of one server and a site of samples. */
beforeAll(async () => {
  folder.file('package.json', '{ "private": true }');
  const quiet = ['--silent', '--ignore-scripts', '--no-audit', '--no-fund'];
  const installed = await program('npm', ['install', ...quiet, DUCKDB]);
  expect(installed, installed.err).toMatchObject({ status: 0 });
  const usual = ['--days', DAYS, '--seats', '12', '--users', '30'];
  const polls = ['--lmstat', 'polls.txt', '--poll', '30m'];
  const others = ['--feature', 'mesh', '--seed', '2', '--start', '2026-03-01'];
  for (const words of [
    ['generate', '-o', 'first.log', ...usual, ...polls],
    ['generate', '-o', 'second.log', ...usual, ...others],
    ['ingest', 'first.log', 'second.log', '-o', 'db', '--site', 'lab'],
    ['ingest', 'polls.txt', '-o', 'samples', '--site', 'polled'],
  ]) {
    expect(await fauxlm(...words), words.join(' ')).toMatchObject({ status: 0 });
  }
  for (const { words, text } of questions) folder.file(words.get('file')!, text);
});

/** What is in the folder of tables, and what each file has in it. */
function storeFiles(): readonly string[] {
  return readdirSync(folder.at('db'), { recursive: true, encoding: 'utf8', withFileTypes: true })
    .map((entry) => {
      const path = join(entry.parentPath, entry.name);
      return entry.isFile() ? `${path} ${hashOf(readFileSync(path))}` : path;
    })
    .sort();
}

function hashOf(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}

describe('the questions of docs/query.md answer as fauxlm report does', () => {
  test('each is tried here', () => {
    expect(questions.map(({ words }) => words.get('file'))).toEqual([
      'busiest.sql',
      'denied.sql',
      'chargeback.sql',
      'percentiles.sql',
    ]);
  });

  test('when it is busiest: seat hours and the peak of each feature', async () => {
    const hours = await ask('busiest.sql');
    for (const feature of ['solve', 'mesh']) {
      const own = hours.filter((row) => row['feature'] === feature);
      const reported = await rowsOf('report', 'db', '--by', 'month', '--feature', feature);
      expect(own.length).toBeGreaterThan(100);
      // Each of at most 168 is rounded to a tenth.
      expect(Math.abs(sum(own, 'seat_hours') - sum(reported, 'seatHours'))).toBeLessThan(
        168 * 0.05,
      );
      expect(most(own, 'peak')).toBe(most(reported, 'peak'));
    }
  });

  test('who is denied: line by line of each user', async () => {
    const denied = await ask('denied.sql');
    const reported = await rowsOf('report', 'db', '--by', 'month', '--who', 'user');
    expect(sum(denied, 'denied')).toBeGreaterThan(100);
    const told = new Map<string, number>();
    for (const { feature, who, denied: count } of reported) {
      const key = `${feature} ${who}`;
      if (Number(count) > 0) told.set(key, (told.get(key) ?? 0) + Number(count));
    }
    expect(
      new Map(denied.map((row) => [`${row['feature']} ${row['user']}`, row['denied']])),
    ).toEqual(told);
  });

  test('who pays: seat hours of each group', async () => {
    const hours = await ask('chargeback.sql');
    folder.file('groups.opt', 'GROUP cfd user1 user2\nGROUP mesh user3\n');
    const who = ['--who', 'group', '--groups', 'groups.opt'];
    const reported = await rowsOf('report', 'db', '--by', 'month', ...who);
    for (const team of ['cfd', 'mesh', '-']) {
      const own = hours.filter((row) => row['team'] === team);
      const others = reported.filter((row) => row['who'] === team);
      expect(sum(own, 'seat_hours')).toBeGreaterThan(10);
      expect(Math.abs(sum(own, 'seat_hours') - sum(others, 'seatHours'))).toBeLessThan(0.1);
    }
  });

  test('how many are out at a time: as counted second by second', async () => {
    const percentiles = await ask('percentiles.sql');
    expect(percentiles).toHaveLength(2);
    const sessions = await rowsOf('query', 'db', 'FROM sessions');
    for (const row of percentiles) {
      const own = sessions.filter(({ feature }) => feature === row['feature']);
      const { at, mean } = levelsOf(own);
      const [p50, p95, p99, peak] = [0.5, 0.95, 0.99, 1].map(at);
      expect(row).toMatchObject({ p50, p95, p99, peak, site: 'lab' });
      expect(row['mean']).toBeCloseTo(mean, 1);
    }
  });
});

/** Seats out in each second from the first start to the last end, in ascending order. */
function levelsOf(sessions: readonly Row[]) {
  const second = (row: Row, field: string): number => Date.parse(String(row[field])) / 1_000;
  const first = Math.min(...sessions.map((row) => second(row, 'started_at')));
  const end = Math.max(...sessions.map((row) => second(row, 'ended_at')));
  const out = new Int32Array(end - first);
  for (const row of sessions) {
    const [from, until] = [second(row, 'started_at') - first, second(row, 'ended_at') - first];
    for (let at = from; at < until; at++) out[at]! += Number(row['count']);
  }
  out.sort();
  return {
    at: (share: number) => out[Math.ceil(share * out.length) - 1]!,
    mean: out.reduce((total, seats) => total + seats, 0) / out.length,
  };
}

test('hours are those of the time zone, in the question and in the answer', async () => {
  const sql = 'SELECT hour(min("at")) AS hour, min("at") AS first FROM steps';
  const utc = await rowsOf('query', 'db', sql, '--time-zone', 'UTC');
  const there = await rowsOf('query', 'db', sql, '--time-zone', 'Asia/Kolkata');
  expect(there[0]!['first']).toBe(utc[0]!['first']);
  const shown = await fauxlm('query', 'db', sql, '--csv', '--time-zone', 'Asia/Kolkata');
  expect(shown.out).toMatch(
    new RegExp(
      `\r\n${there[0]!['hour']},2026-\\d\\d-\\d\\d ${two(there[0]!['hour'])}:.*\\+05:30\r\n`,
    ),
  );
});

function two(hour: unknown): string {
  return String(hour).padStart(2, '0');
}

test('samples have the three tables, too, and no events', async () => {
  const counts = `SELECT (SELECT count(*) FROM events) AS events, (SELECT count(*) FROM sessions) AS sessions,
    (SELECT count(*) FROM steps) AS steps`;
  const [row] = await rowsOf('query', 'samples', counts);
  expect(row!['events']).toBe(0);
  expect(row!['sessions']).toBeGreaterThan(100);
  expect(row!['steps']).toBeGreaterThan(100);
  const columns = async (store: string) =>
    (await rowsOf('query', store, 'DESCRIBE events')).map((each) => [
      each['column_name'],
      each['column_type'],
    ]);
  expect(await columns('samples')).toEqual(await columns('db'));
});

test('all kinds of values are told, as people and as programs want them', async () => {
  const sql = `SELECT 1 AS a, 2 AS a, -1.50::DECIMAL(9,2) AS d, 9007199254740993 AS big, [1, 2] AS l, {'x': DATE '2026-01-01'} AS s,
    MAP {'k': TIMESTAMPTZ '2026-01-01 00:00:00+00'} AS m, 'nan'::DOUBLE AS nan, TIMESTAMP '2026-01-01 01:02:03.5' AS t, NULL AS n,
    INTERVAL '2 hours' AS i, 'infinity'::TIMESTAMPTZ AS never, true AS yes`;
  expect(await rowsOf('query', 'db', sql)).toEqual([
    {
      ...{ a: 1, 'a:1': 2, d: -1.5, big: '9007199254740993', l: [1, 2], s: { x: '2026-01-01' } },
      ...{ m: { k: '2026-01-01T00:00:00.000Z' }, nan: 'NaN', t: '2026-01-01 01:02:03.5', n: null },
      ...{ i: '02:00:00', never: 'infinity', yes: true },
    },
  ]);
});

describe('nothing but the tables can be reached, and nothing can be written', () => {
  const file = (path: string): string => `'${folder.at(path)}'`;
  const part = (): string => {
    const names = readdirSync(folder.at('db'), { recursive: true, encoding: 'utf8' });
    return file(`db/${names.find((name) => name.endsWith('.parquet'))}`);
  };

  test.each([
    ['another file', () => `FROM read_text(${file('package.json')})`],
    ['a folder', () => `FROM glob(${file('*')})`],
    ['a copy into the store', () => `COPY (SELECT 1) TO ${file('db/x.csv')}`],
    ['a copy over a table', () => `COPY (SELECT 1 AS a) TO ${part()} (FORMAT parquet)`],
    ['one in an explanation', () => `EXPLAIN ANALYZE COPY (SELECT 1 AS a) TO ${part()}`],
    ['a database', () => `ATTACH ${file('db/x.db')}`],
    ['an extension', () => 'INSTALL httpfs'],
    ['the network', () => "FROM read_csv('https://127.0.0.1:1/x.csv')"],
    ['a setting', () => 'SET enable_external_access = true'],
    ['a change to a view', () => 'DELETE FROM events'],
  ])('%s', async (_, sql) => {
    const before = storeFiles();
    const { status, out, err } = await fauxlm('query', 'db', sql());
    expect({ status, out }).toEqual({ status: 2, out: '' });
    expect(err).toMatch(/^fauxlm: SQL: expected .*, got/);
    expect(storeFiles()).toEqual(before);
  });

  test('a log of DuckDB itself', async () => {
    const before = storeFiles();
    await fauxlm(
      'query',
      'db',
      `FROM enable_logging(storage = 'file', storage_path = ${file('db/logs')})`,
    );
    expect(storeFiles()).toEqual(before);
    expect(
      (await rowsOf('query', 'db', 'SELECT count(*) AS n FROM steps'))[0]!['n'],
    ).toBeGreaterThan(0);
  });
});

test("mistakes are told in DuckDB's words, with their place", async () => {
  const { status, err } = await fauxlm('query', 'db', 'SELECT usr FROM events');
  expect(status).toBe(2);
  expect(err).toContain('got: Binder Error: Referenced column "usr" not found');
  expect(err).toContain('LINE 1: SELECT usr FROM events\n               ^');
  expect(err).not.toMatch(/^\s+at /m);
});

test('Ctrl-C ends a question that takes long, and leaves nothing', async () => {
  const words = [resolve(programs.fauxlm), 'query', 'db', '--csv'];
  const sql = 'SELECT range AS n FROM range(100000000000)';
  const env = environment({ TMPDIR: folder.path });
  const child = spawn(process.execPath, [...words, sql], { cwd: folder.path, env });
  // Its first rows say that it has begun.
  child.stdout.once('data', () => child.kill('SIGINT'));
  expect(await ended(child)).toMatchObject({ status: 130, err: '' });
  expect(readdirSync(folder.path).filter((name) => name.startsWith('fauxlm-query-'))).toEqual([]);
});
