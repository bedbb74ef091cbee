import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { ManualClock } from '../../src/base/clock.ts';
import { requestCheckout } from '../../src/client/checkout.ts';
import { clientContext } from '../../src/client/context.ts';
import { localIdentity } from '../../src/client/identity.ts';
import { parseLicensePath } from '../../src/client/license-path.ts';
import { type LicenseServer, startServer } from '../../src/daemon/server.ts';
import { lmutil } from './test-io.ts';

const license = `# two daemons, invented
SERVER this_host ANY
VENDOR acmed
VENDOR betad
USE_SERVER
FEATURE solve acmed 2030.0 permanent 3 SIGN=00
INCREMENT mesh acmed 12.5 31-dec-2049 2 DUP_GROUP=UH VENDOR_STRING="a b" SIGN=00
INCREMENT mesh acmed 12.5 31-dec-2049 2 DUP_GROUP=UH VENDOR_STRING="a b" SIGN=01
FEATURE old acmed 1.0 1-jan-2001 5 SIGN=00
FEATURE free betad 1.0 permanent uncounted HOSTID=ANY SIGN=00
INCREMENT view betad 3.1 permanent 7 SIGN=00
`;

interface Started {
  readonly server: LicenseServer;
  readonly address: string;
  readonly file: string;
}

async function start(more: Partial<Parameters<typeof startServer>[0]> = {}): Promise<Started> {
  const folder = mkdtempSync(join(tmpdir(), 'fauxlm-e2e-'));
  const file = join(folder, 'acme.lic');
  writeFileSync(file, license);
  const server = await startServer({
    licenses: [file],
    port: 0,
    lmremoveAgeSecondsMin: 0,
    ...more,
  });
  onTestFinished(async () => {
    await server.stop();
    rmSync(folder, { recursive: true });
  });
  return { server, file, address: `${server.port}@127.0.0.1` };
}

/** Holds one license until the test ends. */
async function hold(address: string, user: string, feature: string): Promise<void> {
  const identity = localIdentity({}, { user, host: `${user}-pc`, display: '/dev/pts/1' });
  const request = { feature, count: 1, version: '1.0', data: '' };
  const path = parseLicensePath(address, { origin: '-c', platform: 'linux' });
  const grant = await requestCheckout(request, path, clientContext({ identity }));
  if (!grant.ok) throw new Error(`${feature}: ${JSON.stringify(grant.reported.refusal)}`);
  onTestFinished(() => grant.held?.session.close());
}

async function headings(address: string, ...args: readonly string[]): Promise<readonly string[]> {
  const { out } = await lmutil(['lmstat', ...args, '-c', address]);
  return out.match(/^Users of .*$/gm) ?? [];
}

test.each([
  ['on ports of their own', {}],
  ['on a single port', { singlePort: true }],
  ['behind the redirects of an old manager', { protocol: 'legacy' }],
] as const)(
  'daemons %s check out to our client, and lmstat tells what they hold',
  async (_, how) => {
    const { address, server, file } = await start(how);
    for (const user of ['ann', 'ben']) await hold(address, user, 'solve');
    await hold(address, 'eve', 'mesh');
    const { status, out, err } = await lmutil(['lmstat', '-a', '-c', address]);
    expect(out).toContain(`${hostname().padStart(10)}: license server UP (MASTER) v11.18.1\n`);
    expect(out).toContain(`    License file(s) on ${hostname()}: ${file}:\n`);
    expect(out.match(/^Users of .*$|^ +\S+: UP/gm)).toEqual([
      '     acmed: UP',
      'Users of solve:  (Total of 3 licenses issued;  Total of 2 licenses in use)',
      'Users of mesh:  (Total of 4 licenses issued;  Total of 1 license in use)',
      'Users of old:  (Error: 5 licenses, unsupported by licensed server)',
      '     betad: UP',
      'Users of free:  (Uncounted, node-locked)',
      'Users of view:  (Total of 7 licenses issued;  Total of 0 licenses in use)',
    ]);
    const line = new RegExp(
      `^    ann ann-pc /dev/pts/1 \\(v1\\.0\\) \\(${hostname()}/${server.port} \\d+\\), start \\w{3} \\d+/\\d+ \\d+:\\d\\d$`,
      'm',
    );
    expect(out).toMatch(line);
    expect(out).toContain('  vendor_string: a b\n');
    expect({ status, err }).toEqual({ status: 0, err: '' });
    expect(await headings(address, '-f', 'mesh')).toHaveLength(1);
  },
);

test('the same server answers the public messages with the same numbers', async () => {
  const { address } = await start();
  for (const user of ['ann', 'ben']) await hold(address, user, 'solve');
  const { readPublicManager, readPublicUsage } = await import('../../src/client/status-public.ts');
  const { ManagerLine } = await import('../../src/client/manager-line.ts');
  const { isRefused } = await import('../../src/client/refused.ts');
  const { noClientLog } = await import('../../src/client/client-log.ts');
  const { isRefusal } = await import('../../src/client/status-source.ts');
  const identity = localIdentity({});
  const options = {
    identity,
    log: noClientLog,
    connectTimeoutMs: 5_000,
    answerTimeoutMs: 5_000,
  };
  const [port = '', host = ''] = address.split('@');
  const line = await ManagerLine.at({ host, port: Number(port) }, options);
  if (isRefused(line)) throw new Error('no manager');
  const facts = await readPublicManager(line.greeted, options);
  if (isRefusal(facts)) throw new Error('no facts');
  const daemon = await line.daemon('acmed');
  if (isRefused(daemon)) throw new Error('no daemon');
  const usage = await readPublicUsage(daemon, facts.lines ?? [], { users: true }, () =>
    line.daemon('acmed'),
  );
  if (isRefusal(usage)) throw new Error('no usage');
  const [solve] = usage.features;
  expect(solve).toMatchObject({ kind: 'counted', name: 'solve', issued: 3, used: 2 });
  const users = solve?.kind === 'counted' ? [...solve.pools[0]!.entries] : [];
  expect(users.map((each) => each.kind === 'user' && each.user)).toEqual(['ann', 'ben']);
  daemon.connection.close();
  line.close();
});

test('-c may be a file that holds SERVER and USE_SERVER only', async () => {
  const { server, file } = await start();
  writeFileSync(file, `SERVER localhost ANY ${server.port}\nUSE_SERVER\n`);
  expect(await headings(file, '-a')).toHaveLength(5);
  const { out } = await lmutil(['lmstat', '-i', '-c', file]);
  expect(out).toMatch(/^mesh +12\.5 +2 /m);
});

test('lmremove in either form takes nothing back that has been out for less than two minutes', async () => {
  const clock = new ManualClock();
  const { address } = await start({ clock, lmremoveAgeSecondsMin: 120 });
  await hold(address, 'ann', 'solve');
  clock.advance(119_999);
  await hold(address, 'ann', 'solve');
  const words = ['solve', 'ann', 'ann-pc', '/dev/pts/1'];
  const removeAll = () => lmutil(['lmremove', '-c', address, ...words]);
  const removeOne = (handle: number) =>
    lmutil(['lmremove', '-c', address, '-h', 'solve', hostname(), '27000', `${handle}`]);
  const soon = 'lmremove failed: It is too soon to remove this license. (-64,200)\n';
  for (const { status, out } of [await removeOne(101), await removeOne(102), await removeAll()]) {
    expect(out.endsWith(soon)).toBe(true);
    expect(status).toBe(-64 & 0xff);
  }
  clock.advance(1);
  expect((await removeAll()).status).toBe(-64 & 0xff);
  expect((await removeOne(101)).status).toBe(0);
  expect((await removeOne(102)).status).toBe(-64 & 0xff);
  clock.advance(119_999);
  expect((await removeAll()).status).toBe(0);
  expect((await headings(address, '-f', 'solve'))[0]).toContain('Total of 0 licenses in use');
});

test('lmremove frees a license by the numbers lmstat prints, and by its user', async () => {
  const { address } = await start();
  for (const user of ['ann', 'ben']) await hold(address, user, 'solve');
  const { out } = await lmutil(['lmstat', '-f', 'solve', '-c', address]);
  const [, host = '', port = '', handle = ''] =
    / ann .*\(([^ /]+)\/(\d+) (\d+)\), start/.exec(out) ?? [];
  expect(host).toBe(hostname());
  const env = { LM_LICENSE_FILE: address };
  const byHandle = await lmutil(['lmremove', '-h', 'solve', host, port, handle], { env });
  expect(byHandle.status).toBe(0);
  expect((await headings(address, '-f', 'solve'))[0]).toContain('Total of 1 license in use');
  const words = ['solve', 'ben', 'ben-pc', '/dev/pts/1'];
  expect((await lmutil(['lmremove', '-c', address, ...words])).status).toBe(0);
  expect((await headings(address, '-f', 'solve'))[0]).toContain('Total of 0 licenses in use');
  expect((await lmutil(['lmremove', '-c', address, ...words])).status).toBe(-41 & 0xff);
  expect((await lmutil(['lmremove', '-c', address, 'nosuch', 'a', 'b', 'c'])).status).toBe(251);
});

test('lmreread takes up a changed file', async () => {
  const { address, file } = await start();
  writeFileSync(file, license.replace('betad 3.1 permanent 7', 'betad 3.1 permanent 9'));
  expect((await lmutil(['lmreread', '-c', address])).out).toMatch(/\nlmreread successful\n$/);
  expect((await headings(address, '-f', 'view'))[0]).toContain('Total of 9 licenses issued');
});

test('lmdiag tries every line and leaves nothing out', async () => {
  const { address } = await start();
  const { status, out } = await lmutil(['lmdiag', '-n', '-c', address]);
  expect(out.match(/^This license can(not)? be checked out/gm)).toEqual([
    'This license can be checked out',
    'This license can be checked out',
    'This license can be checked out',
    'This license cannot be checked out',
    'This license can be checked out',
    'This license can be checked out',
  ]);
  expect(status).toBe(-10 & 0xff);
  expect((await headings(address, '-a')).join('\n')).not.toMatch(
    /Total of [1-9]\d* licenses? in use/,
  );
});

test('lmdown stops a vendor daemon, then the server', async () => {
  const { address, server } = await start();
  const vendor = await lmutil(['lmdown', '-q', '-vendor', 'acmed', '-c', address]);
  expect(vendor.status).toBe(0);
  const { out } = await lmutil(['lmstat', '-a', '-c', address]);
  expect(out).toMatch(/^ {5}acmed: The desired vendor daemon is down\. \(-97,121\)$/m);
  expect(out).toMatch(/^ {5}betad: UP/m);
  const all = await lmutil(['lmdown', '-c', address], { answers: ['y'] });
  expect(all.out.endsWith('    1 FlexNet License Server shut down\n')).toBe(true);
  await server.stopped;
  expect((await lmutil(['lmstat', '-c', address])).status).toBe(241);
});
