import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { plainEvent } from '../../src/daemon/journal.ts';
import { startServer } from '../../src/daemon/server.ts';
import { checkinBytes, checkoutBytes, failureOf, greeted, statusBytes } from './raw-client.ts';

const license = `SERVER this_host ANY
VENDOR acmed
INCREMENT a acmed 2.0 permanent 10 SIGN=00
INCREMENT b acmed 2.0 permanent 4 OVERDRAFT=2 SIGN=00
INCREMENT d acmed 2.0 permanent 3 SIGN="0011 2233 4455 6677 8899"
INCREMENT named acmed 2.0 permanent 2 USER_BASED=2 SIGN=00
INCREMENT unnamed acmed 2.0 permanent 2 HOST_BASED SIGN=00
`;

const options = `GROUP crew kim lee
EXCLUDE a USER mallory
INCLUDE b GROUP crew
MAX 1 a USER greedy
RESERVE 2 d GROUP crew
INCLUDE named USER kim
NOLOG IN
NOLOG UNSUPPORTED
`;

async function start() {
  const folder = mkdtempSync(join(tmpdir(), 'fauxlm-options-'));
  const paths = { license: join(folder, 'acme.lic'), options: join(folder, 'acmed.opt') };
  writeFileSync(paths.license, license);
  writeFileSync(paths.options, options);
  const log = join(folder, 'debug.log');
  const server = await startServer({ licenses: [paths.license], port: 0, log: { path: log } });
  const { port } = server.vendors[0]!;
  let stopped = false;
  async function stop(): Promise<void> {
    if (stopped) return;
    stopped = true;
    await server.stop();
  }
  onTestFinished(async () => {
    await stop();
    rmSync(folder, { recursive: true });
  });

  /** The handle, or the refusal's major code. */
  async function ask(
    user: string,
    feature: string,
    more: Parameters<typeof checkoutBytes>[1] = {},
  ) {
    const client = await greeted(port, 'acmed', { user, host: `${user}-pc` });
    client.send(checkoutBytes(feature, more));
    const { type, bytes } = await client.message();
    return type === 0x7f04 ? bytes.readUInt32BE(25) : failureOf(bytes)[0];
  }
  async function usage(feature: string) {
    const client = await greeted(port);
    client.send(statusBytes(feature));
    const head = (await client.message()).bytes.toString('latin1', 22).split('\0');
    const [used, total] = head.filter(Boolean).map(Number);
    const records: Buffer[] = [];
    while (records.length < used!) records.push((await client.message()).bytes.subarray(20));
    return { used, total, records };
  }
  return { server, port, ask, usage, paths, log, stop };
}

test('who may have a feature, and how much of it, is as the options file says', async () => {
  const { ask } = await start();
  const granted = expect.closeTo(100, -2);
  expect(await ask('mallory', 'a')).toBe(-38);
  expect(await ask('zoe', 'b')).toBe(-39);
  expect(await ask('kim', 'b')).toEqual(granted);
  expect(await ask('greedy', 'a')).toEqual(granted);
  expect(await ask('greedy', 'a')).toBe(-87);
  expect(await ask('kim', 'a', { count: 11 })).toBe(-26);
  expect(await ask('zoe', 'named')).toBe(-39);
  expect(await ask('kim', 'named')).toEqual(granted);
  expect(await ask('zoe', 'unnamed')).toBe(-84);
  expect(await ask('zoe', 'd', { count: 2 })).toBe(-101);
  expect(await ask('lee', 'd')).toEqual(granted);
});

test('overdraft lends its seats, and then there are none', async () => {
  const { ask, usage } = await start();
  for (let seat = 0; seat < 6; seat++) expect(await ask('kim', 'b')).toBeGreaterThan(0);
  expect(await ask('kim', 'b')).toBe(-4);
  expect(await usage('b')).toMatchObject({ used: 6, total: 4 });
});

test('the public status counts idle reservations, and has a record for each', async () => {
  const { ask, usage } = await start();
  const idle = Buffer.from('Gcrew\0\0\0\0\x01' + '\0'.repeat(16), 'latin1');
  expect(await usage('d')).toEqual({ used: 2, total: 3, records: [idle, idle] });
  await ask('lee', 'd');
  const { used, records } = await usage('d');
  expect([used, records[0]!.toString('latin1', 0, 3), records[1]]).toEqual([2, 'lee', idle]);
});

test('a reread puts changed options in force and leaves seats where they are', async () => {
  const { server, ask, usage, paths } = await start();
  await ask('lee', 'd');
  writeFileSync(paths.options, 'RESERVE 1 d USER lee\nEXCLUDE d USER kim\n');
  await server.reread();
  expect(await ask('kim', 'd')).toBe(-38);
  expect((await usage('d')).used).toBe(1);
  expect(await ask('mallory', 'a')).toBeGreaterThan(0);
});

test('the debug log tells what is reserved, and leaves out what NOLOG names', async () => {
  const { port, server, ask, log, stop } = await start();
  const client = await greeted(port, 'acmed', { user: 'kim' });
  client.send(checkoutBytes('a'));
  client.send(checkinBytes((await client.message()).bytes.readUInt32BE(25)));
  await client.message();
  await ask('kim', 'nosuch');
  await ask('zoe', 'b');
  const kinds = server.journal.entries().map(({ event }) => event.kind);
  await stop();
  const text = readFileSync(log, 'utf8');
  expect(text).toContain('(acmed) Using options file: "');
  expect(text).toMatch(/RESERVING 2 d\/0011 2233 4455 6677 {2}licenses for USER_GROUP crew\n/);
  expect(text).toMatch(/\(acmed\) OUT: "a" kim@ws1 {2}\n/);
  expect(text).toMatch(/DENIED: "b" zoe@zoe-pc {2}\(.* \(-39,908\)\)\n/);
  expect(text).not.toMatch(/\(acmed\) (IN|UNSUPPORTED): /);
  expect(kinds).toEqual(['seatTaken', 'seatReturned', 'featureUnsupported', 'checkoutDenied']);
});

test('journal entries of reserved seats are plain data', async () => {
  const { server, ask } = await start();
  await ask('lee', 'd');
  const [entry] = server.journal.entries();
  expect(entry!.event).toMatchObject({ kind: 'seatTaken', feature: 'd' });
  expect(JSON.parse(JSON.stringify(entry!.event))).toEqual(plainEvent(entry!.event));
});
