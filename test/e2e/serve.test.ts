import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { expect, test } from 'vitest';
import { acme, alive, Folder, run, Server, textOf, until } from './processes.ts';

test('serve tells its addresses in a line and in the ready file, and ends with 0 on SIGTERM', async () => {
  using folder = new Folder();
  const log = folder.at('debug.log');
  await using server = await Server.start(folder, [folder.file('acme.lic', acme), '--log', log]);
  const { address, port, pid, vendors } = server.ready;
  expect(address).toBe(`${port}@127.0.0.1`);
  expect(pid).toBe(server.child.pid);
  expect(vendors.map(({ name }) => name)).toEqual(['acmed', 'betad']);
  const { status, out, err } = await server.stop();
  expect(status).toBe(0);
  expect(out).toContain(`fauxlm ready: ${address}`);
  const told = err
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  expect(told.map(({ level, msg }) => [level, msg])).toEqual([
    [30, 'ready'],
    [30, 'stopping'],
    [30, 'stopped'],
  ]);
  expect(told[0]).toMatchObject({ address });
  expect(textOf(log)).toContain('(lmgrd) EXITING DUE TO SIGNAL 15');
});

test('a file with two SERVER lines is refused with status 2 and the finding; --lenient serves it', async () => {
  using folder = new Folder();
  const text = `SERVER a 001122334455 27000\nSERVER b 002233445566 27000\n${acme.split('\n').slice(1).join('\n')}`;
  const license = folder.file('two.lic', text);
  const { status, err } = await run('fauxlm', ['serve', license, '--port', '0']);
  expect(status).toBe(2);
  expect(err).toContain(`${license}:2:`);
  expect(err).toContain('two-servers');
  await using server = await Server.start(folder, [license, '--lenient']);
  expect(server.ready.vendors).toHaveLength(2);
});

test.each([
  ['a missing file', ['serve', '/nowhere/x.lic'], 2, /\/nowhere\/x\.lic: expected a readable file/],
  ['no file at all', ['serve'], 2, /serve --help/],
  ['a port that is none', ['serve', 'fixtures/licenses/ansys.lic', '--port', '70000'], 2, /--port/],
  ['an unknown flag', ['serve', 'fixtures/licenses/ansys.lic', '--prot', '1'], 2, /prot/],
  ['an unknown command', ['sevre'], 2, /serve/],
  [
    'a fault nobody knows',
    ['serve', 'fixtures/licenses/ansys.lic', '--port', '0', '--fault', 'rain'],
    2,
    /crash/,
  ],
  [
    'a time zone that is none',
    ['serve', 'fixtures/licenses/ansys.lic', '--time-zone', 'Mars/Phobos'],
    2,
    /IANA/,
  ],
  [
    'both --processes and --single-port',
    ['serve', 'fixtures/licenses/ansys.lic', '--port', '0', '--processes', '--single-port'],
    2,
    /both/,
  ],
])('%s is told in one clear message', async (_what, words, wanted, message) => {
  const { status, out, err } = await run('fauxlm', words);
  expect({ status, out }).toEqual({ status: wanted, out: '' });
  expect(err).toMatch(message);
  expect(err).not.toMatch(/^ +at /m);
});

test('a port in use is told with status 3', async () => {
  const taken = createServer();
  await new Promise<void>((done) => taken.listen(0, '127.0.0.1', done));
  const { port } = taken.address() as { port: number };
  const words = ['serve', 'fixtures/licenses/ansys.lic', '--port', String(port)];
  const { status, err } = await run('fauxlm', words);
  expect(status).toBe(3);
  expect(err).toContain(`port ${port}: expected a free port, got one in use`);
  taken.close();
});

test('without --port and SERVER port, the first free one of 27000 to 27009 is taken', async () => {
  using folder = new Folder();
  const ready = folder.at('ready');
  const words = ['serve', folder.file('acme.lic', acme), '--ready-file', ready];
  const running = run('fauxlm', words);
  await until(() => textOf(ready) !== '');
  const { port, pid } = JSON.parse(textOf(ready)) as { port: number; pid: number };
  expect(port).toBeGreaterThanOrEqual(27000);
  expect(port).toBeLessThanOrEqual(27009);
  process.kill(pid, 'SIGINT');
  expect((await running).status).toBe(0);
});

test('with --processes, a vendor daemon that is killed comes back, and clients find it', async () => {
  using folder = new Folder();
  const log = folder.at('debug.log');
  const words = [folder.file('acme.lic', acme), '--processes', '--log', log];
  await using server = await Server.start(folder, words);
  const { address, pid, vendors } = server.ready;
  const daemon = vendors[0]!.pid;
  expect(daemon).not.toBe(pid);
  process.kill(daemon, 'SIGKILL');
  await until(() => textOf(log).includes('REStarted acmed'));
  expect(textOf(log)).toContain('acmed exited with status 0 signal = 9');
  await until(
    async () =>
      (await run('fauxlm', ['checkout', 'solve', '-c', address, '--', 'true'])).status === 0,
  );
  await server.stop();
  await until(() => !vendors.some((vendor) => alive(vendor.pid)));
  expect(textOf(log)).toContain('(betad) EXITING DUE TO SIGNAL 15');
});

test('the ready file tells the pid of a daemon that was restarted, and daemons that lmreread started', async () => {
  using folder = new Folder();
  const path = folder.file('acme.lic', acme);
  await using server = await Server.start(folder, [path, '--processes', '--http', '127.0.0.1:0']);
  const { address, http, vendors } = server.ready;
  const [first, second] = vendors;
  process.kill(first!.pid, 'SIGKILL');
  await until(() => server.readAgain().vendors[0]!.pid !== first!.pid);
  const restarted = server.readAgain();
  expect(alive(restarted.vendors[0]!.pid)).toBe(true);
  expect(restarted).toEqual({
    ...server.ready,
    vendors: [{ ...first, pid: restarted.vendors[0]!.pid }, second],
  });
  folder.file('acme.lic', `${acme}VENDOR gammad\nINCREMENT g gammad 1.0 permanent 1 SIGN=00\n`);
  expect((await run('lmutil', ['lmreread', '-c', address])).status).toBe(0);
  await until(() => server.readAgain().vendors.length === 3);
  expect(server.readAgain()).toMatchObject({ http, vendors: [{}, second, { name: 'gammad' }] });
  rmSync(server.readyFile);
  expect((await run('lmutil', ['lmreread', '-c', address])).status).toBe(0);
  await server.stop();
  expect(existsSync(server.readyFile)).toBe(false);
});

test('no daemon process outlives a manager that is killed', async () => {
  using folder = new Folder();
  await using server = await Server.start(folder, [folder.file('acme.lic', acme), '--processes']);
  server.child.kill('SIGKILL');
  await until(() => !server.ready.vendors.some((vendor) => alive(vendor.pid)));
  expect(server.ready.vendors.map(({ pid }) => alive(pid))).toEqual([false, false]);
});

test('--fault crash kills a daemon inside the process, and it comes back on its port', async () => {
  using folder = new Folder();
  const log = folder.at('debug.log');
  const fault = 'crash vendor=betad after=1ms';
  await using server = await Server.start(folder, [
    folder.file('a.lic', acme),
    '--log',
    log,
    '--fault',
    fault,
  ]);
  await until(() => textOf(log).includes('REStarted betad'));
  // It may have died before the ready file was written.
  await until(() => server.readAgain().vendors.length === 2);
  const { port } = server.readAgain().vendors[1]!;
  expect(textOf(log)).toContain(`betad using TCP-port ${port}`);
  expect(textOf(log)).toContain(`REStarted betad (internet tcp_port ${port} pid`);
});

test('--log default is a mistake where no vendor has a usual log', async () => {
  using folder = new Folder();
  const words = ['serve', folder.file('acme.lic', acme), '--port', '0', '--log', 'default'];
  const { status, err } = await run('fauxlm', words);
  expect([status, err]).toEqual([2, expect.stringContaining('(INTEL or MLM), got acmed, betad')]);
});

test('a full disk under the debug log is told once, and the server goes on', async () => {
  using folder = new Folder();
  await using server = await Server.start(folder, [
    folder.file('a.lic', acme),
    '--log',
    '+/dev/full',
  ]);
  const words = ['checkout', 'solve', '-c', server.ready.address, '--', 'true'];
  expect((await run('fauxlm', words)).status).toBe(0);
  expect((await run('fauxlm', words)).status).toBe(0);
  const { status, err } = await server.stop();
  expect(status).toBe(0);
  expect(err.match(/takes no more lines/g)).toHaveLength(1);
});

test('lmreread puts a changed file in force; a broken one leaves what was', async () => {
  using folder = new Folder();
  const license = folder.file('acme.lic', acme);
  const log = folder.at('debug.log');
  await using server = await Server.start(folder, [license, '--log', log]);
  const { address } = server.ready;
  const more = 'INCREMENT extra acmed 1.0 permanent 1 SIGN=00\n';
  writeFileSync(license, acme + more);
  const done = await run('lmutil', ['lmreread', '-c', address]);
  expect({ status: done.status, says: done.out.includes('lmreread successful') }).toEqual({
    status: 0,
    says: true,
  });
  const words = ['checkout', 'extra', '-c', address, '--', 'true'];
  expect((await run('fauxlm', words)).status).toBe(0);
  expect(textOf(log)).toContain('(acmed) Updating feature extra');
  writeFileSync(license, `SERVER a ANY\nSERVER b ANY\n${acme}${more}`);
  const failed = await run('lmutil', ['lmreread', '-c', address]);
  expect(failed.status).toBe(-2 & 0xff);
  expect(failed.out).toMatch(
    /\nlmreread failed: .* \(-2,708\)\n {2}\S.*acme\.lic:1:1: expected a port/,
  );
  expect((await run('fauxlm', words)).status).toBe(0);
  rmSync(license);
  const gone = await run('lmutil', ['lmreread', '-c', address]);
  expect(gone.status).toBe(255);
  expect(gone.out).toContain('(-1,708:2 "No such file or directory")\n');
  expect((await run('fauxlm', words)).status).toBe(0);
});

test('lmdown stops manager and daemons; lmremove takes a seat back', async () => {
  using folder = new Folder();
  const log = folder.at('debug.log');
  const served = [folder.file('a.lic', acme), '--log', log, '--lmremove-min-age', '1'];
  await using server = await Server.start(folder, served);
  const { address } = server.ready;
  const holding = run('fauxlm', [
    'checkout',
    'solve',
    '-c',
    address,
    '--user',
    'ann',
    '--host',
    'ws1',
    '--display',
    ':0',
    '--',
    'sleep',
    '30',
  ]);
  await until(() => textOf(log).includes('OUT: "solve" ann@ws1'));
  const remove = () => run('lmutil', ['lmremove', '-c', address, 'solve', 'ann', 'ws1', ':0']);
  // At first it is too soon: 192 is the low byte of -64.
  let removed = await remove();
  while (removed.status === (-64 & 0xff)) removed = await remove();
  expect(removed.status).toBe(0);
  await until(() => textOf(log).includes('IN: "solve" ann@ws1'));
  const down = await run('lmutil', ['lmdown', '-c', address, '-q']);
  expect({ status: down.status, says: /shut down/.test(down.out) }).toEqual({
    status: 0,
    says: true,
  });
  expect((await server.ended).status).toBe(0);
  expect(textOf(log)).toMatch(/SHUTDOWN request from .* at node /);
  void holding;
});
