import { spawnSync } from 'node:child_process';
import {
  closeSync,
  constants,
  createReadStream,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { KnownError } from '../../src/base/errors.ts';
import { LogFile } from '../../src/daemon/log-file.ts';
import { startServer } from '../../src/daemon/server.ts';

const folder = mkdtempSync(join(tmpdir(), 'fauxlm-log-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('lines come out whole and in order, those from before the opening too', async () => {
  const path = join(folder, 'order.log');
  const log = new LogFile({ path, append: false }, () => {});
  log.write('first\n');
  log.open();
  for (let n = 0; n < 1_000; n++) log.write(`line ${n}\n`);
  await log.close();
  const lines = readFileSync(path, 'utf8').split('\n');
  expect(lines).toEqual(['first', ...Array.from({ length: 1_000 }, (_, n) => `line ${n}`), '']);
});

test('a log that is not appended to starts empty, one that is keeps what was', async () => {
  const path = join(folder, 'kept.log');
  writeFileSync(path, 'old\n');
  for (const [append, wanted] of [
    [true, 'old\nnew\n'],
    [false, 'new\n'],
  ] as const) {
    const log = new LogFile({ path, append }, () => {});
    log.open();
    log.write('new\n');
    await log.close();
    expect(readFileSync(path, 'utf8')).toBe(wanted);
  }
});

test('what is left at the end of a process is written at once', () => {
  const path = join(folder, 'now.log');
  const log = new LogFile({ path }, () => {});
  log.open();
  log.write('last words\n');
  log.closeNow();
  expect(readFileSync(path, 'utf8')).toBe('last words\n');
});

test('a full disk is told once, and memory for what it does not take is bounded', async () => {
  const told: string[] = [];
  let heard!: () => void;
  const failed = new Promise<void>((done) => {
    heard = done;
  });
  const log = new LogFile({ path: '/dev/full' }, (what) => {
    told.push(what);
    heard();
  });
  log.open();
  log.write('x\n');
  await failed;
  const mebibyte = `${'y'.repeat(1024 * 1024 - 1)}\n`;
  for (let n = 0; n < 40; n++) log.write(mebibyte);
  expect(log.dropped).toBe(24);
  await log.close();
  expect(told).toEqual(['debug log takes no more lines; the server goes on']);
});

const noPipes = spawnSync('mkfifo', ['--version']).error ? 'there is no mkfifo here' : undefined;
if (noPipes) console.log(`skipped: logs into named pipes: ${noPipes}`);

function namedPipe(name: string): string {
  const path = join(folder, name);
  const { status } = spawnSync('mkfifo', [path]);
  expect(status).toBe(0);
  return path;
}

test.skipIf(noPipes)('a named pipe keeps the lines until somebody reads it', async () => {
  const path = namedPipe('later');
  const log = new LogFile({ path, append: false }, () => {});
  log.open();
  log.write('first\n');
  await log.flushed();
  const reader = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  log.write('second\n');
  await log.flushed();
  await log.close();
  expect(readFileSync(reader, 'utf8')).toBe('first\nsecond\n');
  closeSync(reader);
});

test.skipIf(noPipes)(
  'a named pipe that nobody empties is told once, and holds up no stop',
  async () => {
    const told: string[] = [];
    const log = new LogFile({ path: namedPipe('full') }, (what) => told.push(what));
    log.open();
    const line = `${'z'.repeat(1023)}\n`;
    for (let n = 0; n < 1_000; n++) log.write(line);
    await log.flushed();
    log.write(line);
    await log.close();
    expect(told).toEqual(['debug log takes no more lines; the server goes on']);
  },
);

test.skipIf(noPipes)(
  'a slow reader of a named pipe gets every line whole and in order',
  async () => {
    const path = namedPipe('slow');
    const log = new LogFile({ path }, () => {});
    log.open();
    const reader = createReadStream(path, { highWaterMark: 4_096 });
    const lines = Array.from({ length: 20_000 }, (_, n) => `line ${n} ${'.'.repeat(n % 90)}\n`);
    for (const line of lines) log.write(line);
    const wanted = lines.join('');
    let heard = '';
    for await (const chunk of reader) {
      heard += chunk;
      if (heard.length >= wanted.length) break;
    }
    expect(heard).toBe(wanted);
    await log.close();
  },
);

test('a log that cannot be opened is a clear error, and nothing is left listening', async () => {
  const licenses = [
    {
      name: 'a.lic',
      text: 'SERVER this_host ANY\nVENDOR v\nINCREMENT f v 1.0 permanent 1 SIGN=0\n',
    },
  ];
  const starting = startServer({
    licenses,
    port: 0,
    log: { path: join(folder, 'no', 'such', 'x.log') },
  });
  await expect(starting).rejects.toMatchObject({ code: 'FILE_UNREADABLE' });
  await expect(starting).rejects.toBeInstanceOf(KnownError);
});

test("a second server on a taken port leaves the first one's log alone", async () => {
  const path = join(folder, 'shared.log');
  const licenses = [
    {
      name: 'a.lic',
      text: 'SERVER this_host ANY\nVENDOR v\nINCREMENT f v 1.0 permanent 1 SIGN=0\n',
    },
  ];
  const first = await startServer({ licenses, port: 0, log: { path, append: false } });
  const second = startServer({ licenses, port: first.port, log: { path, append: false } });
  await expect(second).rejects.toMatchObject({ code: 'NET_PORT_IN_USE' });
  await first.stop();
  expect(readFileSync(path, 'utf8')).toContain('lmgrd tcp-port');
});
