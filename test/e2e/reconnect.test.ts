import { spawn } from 'node:child_process';
import { expect, test } from 'vitest';
import {
  acme,
  alive,
  environment,
  Folder,
  programs,
  run,
  Server,
  textOf,
  until,
} from './processes.ts';

/** A program of its own that holds a seat of solve for ann@ws1 until it is stopped. */
class Holder {
  readonly #child;
  readonly #over: Promise<void>;
  err = '';

  constructor(address: string) {
    const who = ['--user', 'ann', '--host', 'ws1'];
    const words = ['checkout', 'solve', '-c', address, ...who, '--', 'sleep', '600'];
    this.#child = spawn(process.execPath, [programs.fauxlm, ...words], { env: environment() });
    this.#child.stderr.on('data', (chunk) => {
      this.err += chunk;
    });
    this.#over = new Promise((done) => this.#child.on('close', () => done()));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#child.kill('SIGTERM');
    await this.#over;
  }
}

function outLines(log: string): number {
  return (textOf(log).match(/\(acmed\) OUT: "solve" ann@ws1/g) ?? []).length;
}

async function seatsInUse(address: string): Promise<string | undefined> {
  const { out } = await run('lmutil', ['lmstat', '-f', 'solve', '-c', address]);
  return /Total of \d+ licenses? in use/.exec(out)?.[0];
}

test('a program whose vendor daemon is killed with kill -9 checks out again, and holds one seat', async () => {
  using folder = new Folder();
  const log = folder.at('debug.log');
  const license = folder.file('acme.lic', acme);
  await using server = await Server.start(folder, [license, '--processes', '--log', log]);
  const { address, vendors } = server.ready;
  await using holder = new Holder(address);
  await until(() => outLines(log) === 1);
  const { pid } = vendors.find(({ name }) => name === 'acmed')!;
  process.kill(pid, 'SIGKILL');
  await until(() => outLines(log) === 2);
  expect(alive(pid)).toBe(false);
  expect(await seatsInUse(address)).toBe('Total of 1 license in use');
  // The program says so, once each.
  await until(() => holder.err.includes('regained'));
  expect(holder.err).toMatch(/^fauxlm: solve: lost the license,.*\nfauxlm: solve: regained,.*\n$/);
});

test('a program whose whole server is killed and started again on its port checks out again', async () => {
  using folder = new Folder();
  const log = folder.at('debug.log');
  const license = folder.file('acme.lic', acme);
  const words = [license, '--log', `+${log}`, '--single-port'];
  const first = await Server.start(folder, words);
  const { address, port } = first.ready;
  await using _holder = new Holder(address);
  await until(() => outLines(log) === 1);
  await first[Symbol.asyncDispose]();
  await using second = await Server.start(folder, words, {}, port);
  await until(() => outLines(log) === 2);
  expect(second.ready.address).toBe(address);
  expect(await seatsInUse(address)).toBe('Total of 1 license in use');
});
