import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { resolve } from 'node:path';
import { beforeAll, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { ended, environment, Folder, programs, run } from '../e2e/processes.ts';
import { installStandIn } from './query-stand-in.ts';

const log = [
  ' 9:00:00 (acmed) TIMESTAMP 3/9/2026',
  ' 9:00:01 (acmed) OUT: "solve" ann@ws1  ',
  ' 9:30:00 (acmed) IN: "solve" ann@ws1  ',
  '',
].join('\n');

let store: string;
let folder: Folder;

beforeAll(async () => {
  const kept = new Folder();
  store = kept.at('db');
  const words = ['ingest', kept.file('debug.log', log), '-o', store, '--site', 'lab'];
  expect(await run('fauxlm', words)).toMatchObject({ status: 0 });
  return () => kept[Symbol.dispose]();
});

beforeEach(() => {
  folder = new Folder();
  onTestFinished(() => folder[Symbol.dispose]());
});

function query(words: readonly string[], more: Record<string, string> = {}, input = '') {
  const program = resolve(programs.fauxlm);
  const env = environment({ TZ: 'UTC', TMPDIR: tmpdir(), ...more });
  const child = spawn(process.execPath, [program, 'query', ...words], { cwd: folder.path, env });
  child.stdin.end(input);
  return ended(child);
}

function asked(): readonly string[] {
  return readFileSync(folder.at('asked'), 'utf8').trimEnd().split('\n');
}

describe('without DuckDB', () => {
  test('what to install is said, and where it was looked for', async () => {
    const { status, out, err } = await query([store, 'SELECT 1']);
    expect({ status, out }).toEqual({ status: 3, out: '' });
    expect(err).toMatch(
      /^fauxlm: expected the package @duckdb\/node-api beside fauxlm or in .*fauxlm-test-\w+, got none\n/,
    );
    const { peerDependencies, peerDependenciesMeta } = JSON.parse(
      readFileSync('package.json', 'utf8'),
    );
    expect(err).toMatch(/npm install @duckdb\/node-api@1\.5\.6-r\.1 .*\(QUERY_DUCKDB\)\n$/);
    // All its versions are marked as previews, which no range of npm takes for newer ones.
    expect(peerDependencies['@duckdb/node-api']).toBe('*');
    expect(peerDependenciesMeta['@duckdb/node-api']).toEqual({ optional: true });
  });

  test('one that does not load, or is another package, is told with its reason', async () => {
    installStandIn(folder, 'throw new Error("no binding for this machine")');
    const broken = await query([store, 'SELECT 1']);
    expect(broken.status).toBe(3);
    expect(broken.err).toContain('to load, got: no binding for this machine');
    installStandIn(folder, 'module.exports = {}');
    expect((await query([store, 'SELECT 1'])).err).toContain('it has no DuckDBInstance');
  });
});

describe('with a package in the project', () => {
  beforeEach(() => installStandIn(folder));

  test('views are made, then all else is shut, then the question is asked', async () => {
    const { status, err } = await query([store, 'SELECT 1', '--time-zone', 'Europe/Berlin']);
    expect({ status, err }).toEqual({ status: 0, err: '' });
    const [opened, ...statements] = asked();
    expect(opened).toMatch(/^:memory: temp_directory /);
    const files = ['events', 'sessions', 'steps'].flatMap((table) =>
      readdirSync(`${store}/${table}`, { recursive: true, encoding: 'utf8' })
        .filter((name) => name.endsWith('.parquet'))
        .map((name) => `${store}/${table}/${name}`),
    );
    expect(statements.slice(0, 3)).toEqual(
      ['events', 'sessions', 'steps'].map((table, at) =>
        expect.stringMatching(
          new RegExp(`^CREATE VIEW ${table} AS .* read_parquet\\(\\['${files[at]}'\\],`),
        ),
      ),
    );
    expect(statements.slice(3)).toEqual([
      "SET TimeZone = 'Europe/Berlin'",
      `SET allowed_paths = [${files.map((file) => `'${file}'`).join(', ')}]`,
      'SET enable_external_access = false',
      'SET lock_configuration = true',
      'stream SELECT 1',
      'close',
    ]);
  });

  test('a table for people: numbers on the right, no control characters, so many rows and how many more', async () => {
    const { out } = await query([store, 'SELECT 1', '--limit', '3'], { FAKE_ROWS: '5' });
    expect(out).toBe(
      [
        'user   n               big  share  at                         list     none  odd',
        'user1  1  9007199254740993  -1.50  2026-01-01 00:00:00+00:00  [1,"x"]  NULL  =1?[2J',
        'user2  2  9007199254740993  -1.50  2026-01-01 00:00:00+00:00  [1,"x"]  NULL  =1?[2J',
        'user3  3  9007199254740993  -1.50  2026-01-01 00:00:00+00:00  [1,"x"]  NULL  =1?[2J',
        '... and 2 more: --limit shows more, --csv and --json all',
        '',
      ].join('\n'),
    );
    const usual = await query([store, 'SELECT 1'], { FAKE_ROWS: '101' });
    expect(usual.out.split('\n')).toHaveLength(1 + 100 + 1 + 1);
    expect(usual.out).toContain('... and 1 more');
    expect((await query([store, 'SELECT 1'], { FAKE_ROWS: '0' })).out).toMatch(/\n\(no rows\)\n$/);
  });

  test('CSV keeps numbers as numbers and formulas as words; times as the zone has them', async () => {
    const { out } = await query([store, 'SELECT 1', '--csv', '--time-zone', 'Asia/Kolkata']);
    const row = (at: number) =>
      `user${at},${at},9007199254740993,-1.5,2026-01-01 05:30:00+05:30,"[1,""x""]",,'=1\x1b[2J\r\n`;
    expect(out).toBe(`user,n,big,share,at,list,none,odd\r\n${row(1)}${row(2)}`);
  });

  test('JSON is one text, NDJSON an object a line; both in UTC, all rows unless limited', async () => {
    const first = {
      ...{ user: 'user1', n: 1, big: '9007199254740993', share: -1.5 },
      ...{ at: '2026-01-01T00:00:00.000Z', list: [1, 'x'], none: null, odd: '=1\x1b[2J' },
    };
    const all = await query([store, 'SELECT 1', '--json'], { FAKE_ROWS: '203' });
    const rows = JSON.parse(all.out);
    expect(rows).toHaveLength(203);
    expect(rows[0]).toEqual(first);
    const none = await query([store, 'SELECT 1', '--json'], { FAKE_ROWS: '0' });
    expect(JSON.parse(none.out)).toEqual([]);
    const lines = ['--format', 'ndjson', '--limit', '3'];
    const some = await query([store, 'SELECT 1', ...lines], { FAKE_ROWS: '9' });
    expect(some.out.trimEnd().split('\n')).toHaveLength(3);
    expect(JSON.parse(some.out.split('\n')[0]!)).toEqual(first);
  });

  test('a file, standard input and an output file', async () => {
    folder.file('q.sql', 'CREATE VIEW x; SELECT 2;\n');
    const written = await query([store, '--file', 'q.sql', '--csv', '-o', 'out.csv']);
    expect(written).toMatchObject({ status: 0, out: '', err: '' });
    expect(readFileSync(folder.at('out.csv'), 'utf8').split('\r\n')).toHaveLength(4);
    const same = await query([store, '--file', 'q.sql', '--csv-file', 'same.csv']);
    expect(same).toEqual(written);
    expect(readFileSync(folder.at('same.csv'), 'utf8')).toBe(
      readFileSync(folder.at('out.csv'), 'utf8'),
    );
    expect(asked().slice(-3)).toEqual(['run CREATE VIEW x', 'stream SELECT 2', 'close']);
    expect((await query([store, '-'], {}, 'SELECT 3')).status).toBe(0);
    expect(asked().at(-2)).toBe('stream SELECT 3');
  });

  test.each([
    ['-o', 'no/where.csv', 'no/where.csv: expected a file that can be written, got: no such'],
    ['--json-file', 'no/where.json', 'no/where.json: expected a file that can be written, got: no'],
    ['-o', '', '--output: expected a file behind it, got nothing'],
    ['--csv-file', '', '--csv-file: expected a file behind it, got nothing'],
  ])('%s "%s" is told before DuckDB is asked', async (flag, path, said) => {
    const told = await query([store, 'SELECT 1', flag, path]);
    expect(told).toMatchObject({ status: 2, out: '', err: expect.stringContaining(said) });
    expect(existsSync(folder.at('asked'))).toBe(false);
  });

  test.each([
    ['COPY x', 'got COPY'],
    ['EXPLAIN ANALYZE COPY x', 'got EXPLAIN'],
    ['SELECT 1; SELECT 2', 'got SELECT and more'],
    ['CREATE VIEW x', 'got CREATE'],
    [' ; /* nothing */ ', 'got nothing'],
    ['bad', 'got: Parser Error: bad\n\nLINE 1: bad\n        ^\n  see docs/query.md'],
  ])('%j is no question', async (sql, why) => {
    const { status, out, err } = await query([store, sql]);
    expect({ status, out }).toEqual({ status: 2, out: '' });
    expect(err).toContain(why);
    expect(err).toContain('(QUERY_SQL)');
    expect(asked().filter((line) => /^(run|stream) /.test(line))).toEqual([]);
  });

  test('a path that DuckDB would take for a pattern or a partition is reached another way', async () => {
    mkdirSync(folder.at('year=1'));
    renameSync(store, folder.at('year=1/db[1]'));
    try {
      expect((await query(['year=1/db[1]', 'SELECT 1'])).status).toBe(0);
    } finally {
      renameSync(folder.at('year=1/db[1]'), store);
    }
    const [, path] = /read_parquet\(\['([^']+)\/events/.exec(asked().join('\n')) ?? [];
    expect(path).toMatch(/fauxlm-query-\w+\/store$/);
    expect(existsSync(path!)).toBe(false);
    expect(readdirSync(store).sort()).toEqual(['_fauxlm', 'events', 'sessions', 'steps']);
  });

  test('mistakes of the command line and the folder', async () => {
    expect((await query([store])).err).toContain('expected SQL behind the folder, or --file FILE');
    expect((await query([store, 'SELECT 1', '--file', 'x'])).err).toContain('got both');
    expect((await query([store, 'SELECT 1', '--csv', '--json'])).err).toContain('got both');
    const files = ['--csv-file', 'x.csv', '--json-file', 'x.json'];
    expect((await query([store, 'SELECT 1', ...files])).err).toContain(
      '--csv-file: expected no other',
    );
    const named = await query([store, 'SELECT 1', '--csv-file', '']);
    expect(named.err).toContain('--csv-file: expected a file behind it, got nothing');
    const none = await query(['nowhere', 'SELECT 1']);
    expect(none.status).toBe(2);
    expect(none.err).toContain('nowhere: expected a folder that fauxlm ingest wrote, got none');
  });
});
