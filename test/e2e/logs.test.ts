import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, renameSync, unlinkSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import {
  acme,
  ended,
  environment,
  Folder,
  programs,
  run,
  Server,
  textOf,
  until,
} from './processes.ts';

const checkout = (address: string) => ['checkout', 'solve', '-c', address, '--', 'true'];

describe.each([
  ['in one process', []],
  ['with a process for each vendor daemon', ['--processes']],
])('logs, %s', (_how, more) => {
  test('SIGHUP has all logs opened anew that were put aside', async () => {
    using folder = new Folder();
    const log = folder.at('debug.log');
    const own = folder.at('betad.log');
    const options = folder.file(
      'betad.opt',
      `DEBUGLOG +${own}\nREPORTLOG ${folder.at('report')}\n`,
    );
    const words = [folder.file('acme.lic', acme), '--log', log, '--options', `betad=${options}`];
    await using server = await Server.start(folder, [...words, ...more]);
    await until(
      () => textOf(log).includes('Daemon select') && textOf(own).includes('Daemon select'),
    );
    for (const path of [log, own]) renameSync(path, `${path}.1`);
    server.child.kill('SIGHUP');
    const { address } = server.ready;
    await until(() => textOf(log) !== '' || run('fauxlm', checkout(address)).then(() => false));
    const { status, err } = await server.stop();
    expect({ status, complaints: /"level":[4-9]0/.test(err) }).toEqual({
      status: 0,
      complaints: false,
    });
    expect(textOf(log)).toContain('(lmgrd) EXITING DUE TO SIGNAL 15');
    expect(textOf(own)).toContain('(betad) EXITING DUE TO SIGNAL 15');
    const report = textOf(folder.at('report')).trimEnd().split('\n');
    expect(report.map((line) => (JSON.parse(line) as { kind: string }).kind)).toEqual([
      'reportOpened',
      'reportClosed',
    ]);
  });
});

/** A disk of 64 KiB in a mount namespace of its own, where this machine lets us have one. */
function smallDisk(folder: string): readonly string[] | string {
  const mount = `mount -t tmpfs -o size=64k tmpfs '${folder}'`;
  const tried = spawnSync('unshare', ['-rm', 'sh', '-c', mount]);
  if (tried.status !== 0) return `no mount namespace here: ${tried.error ?? tried.stderr}`.trim();
  return ['-rm', 'sh', '-c', `${mount} && exec "$@"`, 'sh'];
}

test('on a full disk the server goes on, says so once, and resumes when there is space', async (context) => {
  using folder = new Folder();
  const disk = folder.at('disk');
  mkdirSync(disk);
  const inside = smallDisk(disk);
  if (typeof inside === 'string') {
    console.log(`skipped: ${inside}`);
    return context.skip(inside);
  }
  const ready = folder.at('ready.json');
  const serve = [programs.fauxlm, 'serve', folder.file('acme.lic', acme), '--port', '0'];
  const words = ['--log', `+${disk}/debug.log`, '--ready-file', ready];
  const filler = 'head -c 56000 /dev/zero > "$0/filler"; shift; exec "$@"';
  const child = spawn(
    'unshare',
    [...inside, 'sh', '-c', filler, disk, '--', process.execPath, ...serve, ...words],
    { env: environment() },
  );
  const over = ended(child);
  let err = '';
  child.stderr.on('data', (chunk) => {
    err += chunk;
  });
  await until(() => textOf(ready) !== '');
  const { address, pid } = JSON.parse(textOf(ready)) as { address: string; pid: number };
  // The start block fills what is left; every page more is one too many.
  const inDisk = (name: string): string => `/proc/${pid}/root${disk}/${name}`;
  for (let tries = 0; !err.includes('takes no more lines'); tries++) {
    const { status } = await run('fauxlm', checkout(address));
    expect({ tries, status }).toEqual({ tries, status: 0 });
  }
  expect((await run('fauxlm', checkout(address))).status).toBe(0);
  unlinkSync(inDisk('filler'));
  await until(() => err.includes('takes lines again'));
  expect((await run('fauxlm', checkout(address))).status).toBe(0);
  await until(() => /IN: "solve"[^\n]*\n$/.test(readFileSync(inDisk('debug.log'), 'utf8')));
  const text = readFileSync(inDisk('debug.log'), 'utf8');
  process.kill(pid, 'SIGTERM');
  const { status } = await over;
  expect(status).toBe(0);
  expect(err.match(/takes no more lines/g)).toHaveLength(1);
  expect(err.match(/takes lines again/g)).toHaveLength(1);
  // Nothing was lost on the way, and no line was torn.
  expect(text.match(/ OUT: "solve"/g)!.length).toBe(text.match(/ IN: "solve"/g)!.length);
  for (const line of text.trimEnd().split('\n')) expect(line).toMatch(/^.{8} \(\w+\)/);
});
