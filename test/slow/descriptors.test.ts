import { execFileSync, spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { expect, onTestFinished, test } from 'vitest';
import {
  type Ended,
  ended,
  environment,
  Folder,
  programs,
  run,
  Server,
  until,
} from '../e2e/processes.ts';

/** What a server needs beside its clients' connections: listeners, log, epoll, and room for those that come and go. */
const OWN_DESCRIPTORS = 300;

const limit = process.platform === 'linux' ? Number(execFileSync('sh', ['-c', 'ulimit -Hn'])) : 0;
/** Ports of this machine that clients can connect from. */
const ports = limit > 0 ? portsOf('/proc/sys/net/ipv4/ip_local_port_range') : 0;
/** Each of two daemons: 10,000 connections is the most that one takes, some of them kept for utilities. */
const holders = Math.floor((Math.min(20_000, limit, ports - 2_000) - OWN_DESCRIPTORS) / 2);
const missing =
  holders > 2_000 ? undefined : `${limit} descriptors, ${ports} ports of this machine`;
if (missing) console.log(`skipped: a server with 20,000 descriptors: ${missing}`);

function portsOf(file: string): number {
  const [from, to] = readFileSync(file, 'utf8').trim().split(/\s+/).map(Number);
  return to! - from! + 1;
}

const license = [
  'SERVER this_host ANY',
  'VENDOR acmed',
  'VENDOR betad',
  `INCREMENT solve acmed 1.0 permanent ${holders + 2} SIGN=00`,
  `INCREMENT view betad 1.0 permanent ${holders + 2} SIGN=00`,
  '',
].join('\n');

test.skipIf(missing)(`${2 * holders} clients hold a seat each, and others are served`, async () => {
  using folder = new Folder();
  await using server = await Server.start(folder, [folder.file('a.lic', license)]);
  const c = server.ready.address;
  const closed = ['--users', `${holders}`, '--think', '1h', '--hold', '1h', '--duration', '1h'];
  const features = ['solve', 'view'];
  const loads = features.map((feature) => {
    const more = ['--feature', feature, '--seed', '1', '--json-file', folder.at(feature)];
    const words = [programs.fauxlm, 'load', '-c', c, ...closed, ...more];
    return spawn(process.execPath, words, { env: environment() });
  });
  const over = loads.map(ended);
  // A load that ends early has failed: nobody must wait for its seats then.
  let early: Ended | undefined;
  for (const each of over) void each.then((how) => (early ??= how));
  onTestFinished(() => loads.forEach((load) => void load.kill('SIGKILL')));
  const descriptors = () => readdirSync(`/proc/${server.child.pid}/fd`).length;
  const inUse = async (): Promise<number> => {
    const { out } = await run('lmutil', ['lmstat', '-a', '-c', c]);
    const totals = [...out.matchAll(/Total of (\d+) licenses? in use/g)];
    return totals.reduce((sum, [, seats]) => sum + Number(seats), 0);
  };
  await until(async () => early !== undefined || (await inUse()) === 2 * holders);
  expect(early).toBeUndefined();
  expect(descriptors()).toBeGreaterThanOrEqual(2 * holders);

  // Two seats of each are left, and a listing names all who have the others.
  for (const feature of features) {
    const taken = await run('fauxlm', ['checkout', feature, '--count', '2', '-c', c, '--', 'true']);
    expect(taken, taken.err).toMatchObject({ status: 0 });
  }
  const listing = await run('lmutil', ['lmstat', '-a', '-c', c]);
  expect(listing.out.match(/^ {4}load\d+ /gm)).toHaveLength(2 * holders);

  for (const load of loads) load.kill('SIGINT');
  for (const { status, err } of await Promise.all(over)) expect(status, err).toBe(130);
  await until(async () => (await inUse()) === 0);
  await until(() => descriptors() < OWN_DESCRIPTORS);
  for (const feature of features) {
    const told = JSON.parse(readFileSync(folder.at(feature), 'utf8'));
    expect(told).toMatchObject({ granted: holders, denied: 0, released: holders });
  }
});
