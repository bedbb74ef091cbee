import { expect, onTestFinished, test, vi } from 'vitest';
import { startServer } from '../../src/daemon/server.ts';
import { checkinBytes, checkoutBytes, failureOf, greeted } from './raw-client.ts';

vi.mock('../../src/base/limits.ts', async (original) => {
  const { limits } = await original<typeof import('../../src/base/limits.ts')>();
  return { limits: { ...limits, checkoutsMax: 5 } };
});

const text = [
  'SERVER this_host ANY',
  'VENDOR acmed',
  'FEATURE free acmed 1.0 permanent uncounted HOSTID=ANY SIGN=22',
  '',
].join('\n');

test('a daemon keeps no more checkouts than its limit, whoever holds them', async () => {
  const server = await startServer({ licenses: [{ name: 'acme.lic', text }], port: 0 });
  onTestFinished(() => server.stop());
  const [ann, ben] = [
    await greeted(server.vendors[0]!.port),
    await greeted(server.vendors[0]!.port),
  ];
  const handles: number[] = [];
  for (let tag = 1; tag <= 5; tag++) {
    ann.send(checkoutBytes('free', { tag }));
    handles.push((await ann.message()).bytes.readUInt32BE(25));
  }
  ben.send(checkoutBytes('free'));
  expect(failureOf((await ben.message()).bytes)).toEqual([-140, 709]);
  ann.send(checkinBytes(handles[0]!));
  expect((await ann.message()).type).toBe(0x7f02);
  ben.send(checkoutBytes('free'));
  expect((await ben.message()).type).toBe(0x7f04);
});
