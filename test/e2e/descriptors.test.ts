import { spawn } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { checkoutBytes, greeted, helloBytes, RawClient } from '../daemon/raw-client.ts';
import {
  acme,
  alive,
  ended,
  environment,
  Folder,
  programs,
  type ReadyFile,
  run,
  textOf,
  until,
} from './processes.ts';

const noProc =
  process.platform === 'linux' ? undefined : 'the limit is read from /proc/self/limits';
if (noProc) console.log(`skipped: a server short of file descriptors: ${noProc}`);

function silent(port: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1' });
    socket.on('error', () => {});
    socket.once('error', reject);
    socket.once('connect', () => resolve(socket.resume()));
  });
}

test.skipIf(noProc)('a server short of file descriptors says so once and serves on', async () => {
  using folder = new Folder();
  const license = folder.file('acme.lic', acme);
  const ready = folder.at('ready.json');
  const words = [programs.fauxlm, 'serve', license, '--port', '0', '--ready-file', ready];
  const child = spawn('sh', ['-c', 'ulimit -n 64; exec "$@"', 'sh', process.execPath, ...words], {
    env: environment(),
  });
  const over = ended(child);
  onTestFinished(() => void child.kill('SIGKILL'));
  await until(() => textOf(ready).endsWith('}\n'));
  const { vendors } = JSON.parse(textOf(ready)) as ReadyFile;
  const port = vendors[0]!.port;
  const holder = await greeted(port);
  holder.send(checkoutBytes('solve'));
  expect((await holder.message()).type).toBe(0x7f04);

  const flood: Socket[] = [];
  for (let n = 0; n < 200; n++) flood.push(await silent(port));
  // Those who never said hello make room; whoever says it is served, now and under the flood's next wave.
  for (let n = 0; n < 5; n++) {
    const client = await RawClient.open(port);
    client.send(helloBytes('acmed'));
    expect((await client.message()).type).toBe(0x010e);
    client.end();
  }
  holder.send(checkoutBytes('solve', { tag: 2 }));
  expect((await holder.message()).type).toBe(0x7f04);
  expect(readdirSync(`/proc/${child.pid}/fd`).length).toBeLessThan(64);

  // Clients that did say hello are not dropped: others are refused until there is room again.
  const guests: RawClient[] = [];
  const types = [];
  for (let n = 0; n < 64; n++) {
    const guest = await RawClient.open(port);
    guest.send(helloBytes('acmed'));
    guests.push(guest);
    types.push((await guest.message()).type);
  }
  expect(types).toContain(0x010e);
  expect(types.at(-1)).toBe('W');
  for (const each of [...guests, ...flood]) each instanceof RawClient ? each.end() : each.destroy();
  await until(() => readdirSync(`/proc/${child.pid}/fd`).length < 40);
  const late = await greeted(port);
  late.send(checkoutBytes('solve', { tag: 3 }));
  expect((await late.message()).type).toBe(0x7f04);

  child.kill('SIGTERM');
  const { status, err } = await over;
  expect(status).toBe(0);
  expect(err.match(/out of file descriptors/g)).toHaveLength(1);
});

/** Ends servers that went to the background, by what their log says of them. */
function endByLog(path: string): void {
  for (const [, pid] of textOf(path).matchAll(/\(lmgrd\) .*PID: (\d+)$/gm)) {
    if (alive(Number(pid))) process.kill(Number(pid), 'SIGKILL');
  }
}

const starts = [
  ['fauxlm', ['serve', 'FILE', '--port', '0']],
  ['fauxlm', ['serve', 'FILE', '--port', '0', '--processes']],
  ['fauxlm', ['exec', 'FILE', '--', 'true']],
  ['fauxlm', ['load', '--help']],
  ['fauxlm', ['diff', '--help']],
  ['lmgrd', ['-z', '-c', 'FILE']],
  ['lmgrd', ['-c', 'FILE', '-l', 'LOG']],
] as const;
test.skipIf(noProc).for(starts)(
  '%s %j with few descriptors either works or says what it is short of',
  async ([program, words], { expect }) => {
    using folder = new Folder();
    const names: Readonly<Record<string, string>> = {
      FILE: folder.file('acme.lic', acme),
      LOG: folder.at('debug.log'),
    };
    const told = words.map((word) => names[word] ?? word);
    for (const limit of [24, 32, 48]) {
      const limited = ['-c', `ulimit -n ${limit}; exec "$@"`, 'sh', process.execPath];
      const child = spawn('sh', [...limited, programs[program], ...told], { env: environment() });
      // Should it work, it is stopped as soon as it says so: before it has ended by itself, perhaps.
      child.stdout.once('data', () => child.kill('SIGTERM'));
      const { err, status, signal } = await ended(child);
      expect(err).not.toMatch(/^ {4}at |\berrno\b|defect/m);
      endByLog(names['LOG']!);
      const works = status === 0 || signal === 'SIGTERM';
      if (!works) expect({ err, status }).toMatchObject({ status: 3 });
      if (!works)
        expect(err).toMatch(/too many open files.*\n.*ulimit -n.*\(ENVIRONMENT_DESCRIPTORS\)/);
    }
  },
);

test.skipIf(noProc)('lmgrd starts and goes to the background within 64 descriptors', async () => {
  using folder = new Folder();
  const license = folder.file('acme.lic', acme);
  const words = [programs.lmgrd, '-c', license, '-l', folder.at('debug.log')];
  const limited = ['-c', 'ulimit -n 64; exec "$@"', 'sh', process.execPath];
  const child = spawn('sh', [...limited, ...words], { env: environment() });
  const { err, out, status } = await ended(child);
  expect({ err, status }).toEqual({ err: '', status: 0 });
  const address = /fauxlm ready: (\S+)/.exec(out)![1]!;
  expect((await run('lmutil', ['lmdown', '-c', address, '-q'])).status).toBe(0);
});
