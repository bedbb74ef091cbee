import { closeSync, openSync, readdirSync, readFileSync, writeSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { generatedLog } from '../../src/plan/generate/generate.ts';
import { ingestLogs } from '../../src/plan/store/ingest.ts';
import { Folder, run, textOf } from './processes.ts';

/** Of 64 MiB of logs on a thread packs, where there is a processor for it. */
const BYTES = 66 * 1024 * 1024;

/** Notes that a thread of ours begins, and then does there what it is told. */
function inThread(words: string): string {
  return `
    const { isMainThread } = require('node:worker_threads');
    const fs = require('node:fs');
    if (!isMainThread) {
      fs.appendFileSync(process.env.THREADS_SEEN, 'thread\\n');
      ${words}
      require('node:module').syncBuiltinESMExports();
    }
  `;
}

const fullDisk = `
  fs.writeSync = () => {
    throw Object.assign(new Error('ENOSPC'), { code: 'ENOSPC', syscall: 'write' });
  };
`;

/** Two months of two features, again and again. */
function writeLog(path: string): void {
  const file = openSync(path, 'w');
  for (let bytes = 0, part = 0; bytes < BYTES; part++) {
    const pieces = generatedLog({
      ...{ calendar: 'steady', feature: `solve${part % 2}`, daemon: 'acmed', host: 'alpha' },
      ...{ seats: 400, users: 500, perHour: 300, holdMs: 2_700_000, restarts: 1, days: 40 },
      ...{ start: Date.UTC(2026, 0, 5), seed: `thread ${part}` },
    });
    for (const piece of pieces) bytes += writeSync(file, piece);
  }
  closeSync(file);
}

/** All tables of a store, hidden ones too, by their names. */
function tablesOf(folder: string): Readonly<Record<string, Buffer>> {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  const files = names.filter((name) => /\.parquet(?:\.part)?$/.test(name)).sort();
  return Object.fromEntries(files.map((name) => [name, readFileSync(join(folder, name))]));
}

describe.skipIf(availableParallelism() === 1)('a large log', () => {
  let log: string;
  let alone: Readonly<Record<string, Buffer>>;

  const place = new Folder();

  beforeAll(async () => {
    log = place.at('debug.log');
    writeLog(log);
    const folder = place.at('alone');
    // From the sources, where a thread finds no file to begin with.
    await ingestLogs({ logs: [log], folder, site: 'main', timeZone: 'UTC' });
    alone = tablesOf(folder);
  });

  afterAll(() => place[Symbol.dispose]());

  const ingest = async (folder: Folder, words: string) => {
    const seen = folder.file('threads', '');
    const preload = folder.file('in-thread.cjs', inThread(words));
    const env = { NODE_OPTIONS: `--require=${preload}`, THREADS_SEEN: seen };
    const ended = await run(
      'fauxlm',
      ['ingest', log, '-o', folder.at('db'), '--time-zone', 'UTC'],
      { env },
    );
    return { ...ended, threads: textOf(seen) };
  };

  test('is packed in a thread, into the same bytes as without', async () => {
    using folder = new Folder();
    const { status, err, threads } = await ingest(folder, '');
    expect([status, threads], err).toEqual([0, 'thread\n']);
    const together = tablesOf(folder.at('db'));
    expect(Object.keys(together)).toEqual(Object.keys(alone));
    for (const [name, bytes] of Object.entries(together)) {
      expect(bytes.equals(alone[name]!), name).toBe(true);
    }
  });

  test('ends with an error when the thread finds the disk full, and is then ingested anew', async () => {
    using folder = new Folder();
    const { status, err, threads } = await ingest(folder, fullDisk);
    expect([status, threads], err).toEqual([2, 'thread\n']);
    expect(err).toMatch(
      /\.parquet\.part: expected a file that can be written, got: no space left on the device\n.*PLAN_STORE/,
    );
    const shown = Object.keys(tablesOf(folder.at('db'))).filter((name) => !name.endsWith('.part'));
    expect(shown).toEqual([]);
    expect((await ingest(folder, '')).status).toBe(0);
    expect(Object.keys(tablesOf(folder.at('db')))).toEqual(Object.keys(alone));
  });

  test('ends with an error when the thread is lost', async () => {
    using folder = new Folder();
    const { status, err } = await ingest(folder, 'fs.mkdirSync = () => process.exit(9);');
    expect(status, err).toBe(2);
    expect(err).toMatch(/a thread that packs tables: expected to go on, got: exit status 9/);
  });

  test('is packed without a thread that does not begin', async () => {
    using folder = new Folder();
    const { status, err, threads } = await ingest(folder, 'process.exit(1);');
    expect([status, threads], err).toEqual([0, 'thread\n']);
    expect(Object.keys(tablesOf(folder.at('db')))).toEqual(Object.keys(alone));
  });
});
