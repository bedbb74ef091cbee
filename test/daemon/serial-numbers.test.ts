import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { requestCheckout } from '../../src/client/checkout.ts';
import { connectClient } from '../../src/client/client.ts';
import { startLicenseServer } from '../../src/testing/license-server.ts';
import { ann, keptLog, makeContext, makePath, makeWanted } from '../client/make.ts';
import { byFields, byPattern } from './log-readers/readers.ts';

const one = [
  'SERVER this_host ANY',
  'VENDOR INTEL',
  'PACKAGE CppSuite INTEL 2019.1231 COMPONENTS="CCompL DbgL" OPTIONS=SUITE',
  'INCREMENT CppSuite INTEL 2019.1231 permanent 1 SN=N1 DUP_GROUP=UH SUITE_DUP_GROUP=UH',
  '',
].join('\n');
const two = one
  .replaceAll('CppSuite', 'ForSuite')
  .replaceAll('2019.1231', '2021.0630')
  .replace('N1', 'N2');

const both = [
  { name: 'one.lic', text: one },
  { name: 'two.lic', text: two },
];

async function start(licenses = both) {
  const folder = mkdtempSync(join(tmpdir(), 'fauxlm-serials-'));
  const log = join(folder, 'debug.log');
  const server = await startLicenseServer({ licenses, log });
  let stopped: Promise<void> | undefined;
  const stop = () => (stopped ??= server.stop());
  onTestFinished(async () => {
    await stop();
    rmSync(folder, { recursive: true });
  });
  async function ask(user: string, version = '2018.0101', feature = 'CCompL') {
    const host = `${user}-pc`;
    const client = await connectClient({ server: server.address, user, host });
    onTestFinished(() => client.close());
    return client.checkout(feature, { version });
  }
  return { server, log, stop, ask };
}

/** The lines of the walks in a debug log, without time and mark. */
function walksIn(log: string): readonly string[] {
  const mark = '(@INTEL-SLOG@) ';
  return readFileSync(log, 'utf8')
    .split('\n')
    .filter((line) => /\(@INTEL-SLOG@\) (checkout of|step \d)/.test(line))
    .map((line) => line.slice(line.indexOf(mark) + mark.length));
}

test('the debug log of a vendor that walks serial numbers tells each step of each checkout', async () => {
  const { ask, log, stop } = await start();
  await ask('ann');
  await ask('ann', '2018.0101', 'DbgL');
  await ask('ben');
  await ask('cat', '2020.0101');
  await stop();
  expect(walksIn(log)).toEqual([
    'checkout of CCompL, built 2018.0101, 1 for ann@ann-pc',
    'step 4: serial number N1 (one.lic:4)',
    'step 5: valid',
    'step 6: ann@ann-pc has 0 of it, and needs 1 more',
    'step 7: free',
    'step 8: granted',
    'checkout of DbgL, built 2018.0101, 1 for ann@ann-pc',
    'step 4: serial number N1 (one.lic:4)',
    'step 5: valid',
    'step 6: ann@ann-pc has a seat of it, and needs no other',
    'step 8: granted',
    'checkout of CCompL, built 2018.0101, 1 for ben@ben-pc',
    'step 4: serial number N1 (one.lic:4)',
    'step 5: valid',
    'step 6: ben@ben-pc has 0 of it, and needs 1 more',
    'step 7: not free: Licensed number of users already reached. (-4,342)',
    'step 4: serial number N2 (two.lic:4)',
    'step 5: valid',
    'step 6: ben@ben-pc has 0 of it, and needs 1 more',
    'step 7: free',
    'step 8: granted',
    'checkout of CCompL, built 2020.0101, 1 for cat@cat-pc',
    'step 4: serial number N1 (one.lic:4)',
    'step 5: not valid: License server system does not support this version of this feature. (-25,334)',
    'step 4: serial number N2 (two.lic:4)',
    'step 5: valid',
    'step 6: cat@cat-pc has 0 of it, and needs 1 more',
    'step 7: not free: Licensed number of users already reached. (-4,342)',
    'step 8: refused, no serial number is left to try',
  ]);
});

test('the walk tells of a serial number whose features share its seats what it decides', async () => {
  const lines = ['CCompL', 'FCompL'].map((name) => {
    return `INCREMENT ${name} INTEL 2021.0630 permanent 1 SN=N1 DUP_GROUP=UHD`;
  });
  const text = [...one.split('\n').slice(0, 2), ...lines, ''].join('\n');
  const { ask, log, stop } = await start([{ name: 'loose.lic', text }]);
  await ask('ann');
  await ask('ann', '2018.0101', 'FCompL');
  expect(await ask('ben', '2018.0101', 'FCompL')).toMatchObject({ ok: false });
  await stop();
  expect(walksIn(log).filter((line) => /^(checkout|step [678])/.test(line))).toEqual([
    'checkout of CCompL, built 2018.0101, 1 for ann@ann-pc',
    'step 6: ann@ann-pc has 0 of it, and needs 1 more',
    'step 7: free',
    'step 8: granted',
    'checkout of FCompL, built 2018.0101, 1 for ann@ann-pc',
    'step 6: ann@ann-pc has a seat of it, and needs no other',
    'step 8: granted',
    'checkout of FCompL, built 2018.0101, 1 for ben@ben-pc',
    'step 6: ben@ben-pc has 0 of it, and needs 1 more',
    'step 7: not free: Licensed number of users already reached. (-4,342)',
    'step 8: refused, no serial number is left to try',
  ]);
});

test('programs that read the log line by line count the same with the walks in it', async () => {
  const { ask, log, stop } = await start();
  await ask('ann');
  await ask('ben');
  await ask('cat');
  await stop();
  const text = readFileSync(log, 'utf8');
  const without = text.split('\n').filter((line) => !/SLOG@\) (checkout of|step)/.test(line));
  for (const read of [byPattern, byFields]) {
    expect(read(text)).toEqual(read(without.join('\n')));
    expect(read(text).out.get('INTEL CCompL ann@ann-pc')).toBe(1);
    expect(read(text).denied.get('INTEL CCompL')).toBe(1);
  }
});

test("the client's debug log tells the same steps between its own", async () => {
  const { server } = await start();
  const log = keptLog();
  const context = makeContext({ log: { ...log, open: true }, identity: ann });
  const wanted = makeWanted({ feature: 'CCompL', version: '2018.0101' });
  const outcome = await requestCheckout(wanted, makePath(server.address), context);
  if (outcome.ok) outcome.held?.session.close();
  expect(log.steps.map((step) => step.split(':')[0])).toEqual([
    ...['path', 'server', 'connect', 'hello', 'daemons', 'redirect', 'daemon'],
    ...['serial', 'serial', 'serial', 'serial', 'serial', 'serial', 'checkout', 'result'],
  ]);
  expect(log.steps.filter((step) => step.startsWith('serial: '))).toEqual([
    'serial: checkout of CCompL, built 2018.0101, 1 for ann@ws1',
    'serial: step 4: serial number N1 (one.lic:4)',
    'serial: step 5: valid',
    'serial: step 6: ann@ws1 has 0 of it, and needs 1 more',
    'serial: step 7: free',
    'serial: step 8: granted',
  ]);
});

test('a vendor whose policy does not ask for it logs no walk', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'fauxlm-serials-'));
  const log = join(folder, 'debug.log');
  const text = one.replaceAll('INTEL', 'acmed');
  const server = await startLicenseServer({ licenses: { name: 'one.lic', text }, log });
  const client = await connectClient({ server: server.address, user: 'ann', host: 'ws1' });
  expect(await client.checkout('CCompL')).toMatchObject({ ok: true });
  client.close();
  await server.stop();
  const written = readFileSync(log, 'utf8');
  rmSync(folder, { recursive: true });
  expect(written).toContain('OUT: "CCompL" ann@ws1');
  expect(written).not.toContain('step 4');
});
