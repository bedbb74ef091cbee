import { spawnSync } from 'node:child_process';
import {
  closeSync,
  constants,
  createReadStream,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { KnownError } from '../../src/base/errors.ts';
import { LogFile } from '../../src/daemon/log-file.ts';
import { startServer } from '../../src/daemon/server.ts';

/** Resolves when it is so; the runner's own time limit is the only bound. */
async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((done) => setTimeout(done, 5));
}

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

/** A log that is rotated as logrotate does it, and what its two files hold at the end. */
async function rotated(
  name: string,
  rotate: (path: string, aside: string) => void,
  { asked = true } = {},
): Promise<{ readonly aside: string; readonly now: string }> {
  const path = join(folder, name);
  const aside = `${path}.aside`;
  const log = new LogFile({ path, append: false }, () => {});
  log.open();
  log.write('before\n');
  await log.flushed();
  rotate(path, aside);
  if (asked) log.reopen();
  log.write('behind\n');
  await log.flushed();
  await log.close();
  return { aside: readFileSync(aside, 'utf8'), now: readFileSync(path, 'utf8') };
}

test('a log that is renamed goes on in a new file, when it is told so', async () => {
  const files = await rotated('renamed.log', renameSync);
  expect(files).toEqual({ aside: 'before\n', now: 'behind\n' });
});

test('a log that is renamed and made anew by who renamed it goes on in that', async () => {
  const files = await rotated('made.log', (path, aside) => {
    renameSync(path, aside);
    writeFileSync(path, 'made\n');
  });
  expect(files).toEqual({ aside: 'before\n', now: 'made\nbehind\n' });
});

test('a log that is copied and emptied goes on at its beginning, told or not', async () => {
  for (const asked of [true, false]) {
    const files = await rotated(
      `emptied-${asked}.log`,
      (path, aside) => {
        writeFileSync(aside, readFileSync(path));
        truncateSync(path);
      },
      { asked },
    );
    expect(files).toEqual({ aside: 'before\n', now: 'behind\n' });
  }
});

test('a log that nobody told notices by itself that another file is in its place', async () => {
  const path = join(folder, 'noticed.log');
  const log = new LogFile({ path, append: false }, () => {});
  log.open();
  renameSync(path, `${path}.aside`);
  // It looks once a second; lines until then are in the old file.
  for (let n = 0; !existsSync(path); n++) {
    log.write(`line ${n}\n`);
    await log.flushed();
  }
  await log.close();
  const lines = (readFileSync(`${path}.aside`, 'utf8') + readFileSync(path, 'utf8')).split('\n');
  expect(lines).toEqual([...lines.slice(0, -1).map((_, n) => `line ${n}`), '']);
});

test('in a folder that was removed a log goes on in its old file, and says so', async () => {
  const gone = join(folder, 'gone');
  mkdirSync(gone);
  const told: string[] = [];
  const log = new LogFile({ path: join(gone, 'x.log') }, (what) => told.push(what));
  log.open();
  rmSync(gone, { recursive: true });
  log.reopen();
  log.write('line\n');
  await log.flushed();
  expect(told).toEqual(['debug log cannot be opened anew; the old file goes on']);
  await log.close();
});

test('a log on a full disk goes on where there is room, and says what was lost in between', async () => {
  const place = join(folder, 'place.log');
  symlinkSync('/dev/full', place);
  const told: unknown[] = [];
  const lossLine = (lines: number): string => `${lines} lost\n`;
  const log = new LogFile({ path: place, lossLine }, (what, details) =>
    told.push([what, details['dropped']]),
  );
  log.open();
  const mebibyte = `${'y'.repeat(1024 * 1024 - 1)}\n`;
  log.write('first\n');
  await until(() => told.length === 1);
  for (let n = 0; n < 18; n++) log.write(mebibyte);
  unlinkSync(place);
  writeFileSync(place, '');
  await until(() => told.length === 2);
  await log.flushed();
  log.write('last\n');
  await log.close();
  const text = readFileSync(place, 'utf8');
  expect(text.startsWith(`first\n2 lost\nyyy`)).toBe(true);
  expect(text.endsWith('y\nlast\n')).toBe(true);
  expect(text.length).toBe('first\n2 lost\n'.length + 16 * mebibyte.length + 'last\n'.length);
  expect(told).toEqual([
    ['debug log takes no more lines; the server goes on', undefined],
    ['debug log takes lines again', 2],
  ]);
});

test.skipIf(noPipes)('a pipe that nobody empties gives way to a file in its place', async () => {
  const path = namedPipe('gives-way');
  const told: string[] = [];
  const log = new LogFile({ path }, (what) => told.push(what));
  log.open();
  const lines = Array.from({ length: 1_000 }, (_, n) => `line ${n} ${'.'.repeat(200)}\n`);
  for (const line of lines) log.write(line);
  await until(() => told.length === 1);
  unlinkSync(path);
  writeFileSync(path, '');
  await until(() => told.length === 2);
  await log.close();
  const text = readFileSync(path, 'utf8');
  // What the pipe took went with it; the file begins with a whole line.
  expect(lines).toContain(`${text.split('\n', 1)[0]}\n`);
  expect(lines.join('').endsWith(text)).toBe(true);
  expect(told).toEqual([
    'debug log takes no more lines; the server goes on',
    'debug log takes lines again',
  ]);
});

test('a log that is told while it writes looks right behind that', async () => {
  const path = join(folder, 'busy.log');
  const log = new LogFile({ path, append: false }, () => {});
  log.open();
  log.write('before\n');
  const written = log.flushed();
  log.reopen();
  await written;
  renameSync(path, `${path}.aside`);
  log.write('behind\n');
  await log.close();
  expect(readFileSync(`${path}.aside`, 'utf8')).toBe('before\n');
  expect(readFileSync(path, 'utf8')).toBe('behind\n');
});

test('a device is never put aside, however much it has taken', async () => {
  const path = join(folder, 'device');
  symlinkSync('/dev/null', path);
  const log = new LogFile({ path, rolloverBytes: 1 }, () => {});
  log.open();
  log.write('line\n');
  await log.close();
  expect(statSync(path).isCharacterDevice()).toBe(true);
});

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
