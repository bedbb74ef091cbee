import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { connectClient, startLicenseServer } from '../../src/index.ts';
import { lmutil } from '../lmutil/test-io.ts';

const license = `SERVER this_host ANY
VENDOR acmed
INCREMENT solve acmed 1.0 8-jan-2030 1 SIGN=00
INCREMENT solve acmed 1.0 8-jan-2030 1 SIGN=00
INCREMENT solve acmed 1.0 9-jan-2030 1 SIGN=00
INCREMENT solve acmed 1.0 permanent 1 START=9-jan-2030 SIGN=00
`;

test('each line of a feature that expires is told, and lmstat shows when what is left does', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'expiring-lines-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const log = join(folder, 'debug.log');
  await using server = await startLicenseServer({
    licenses: { name: 'a.lic', text: license },
    clock: 'manual@2030-01-07T09:00Z',
    timeZone: 'UTC',
    log,
  });
  const client = await connectClient({ server: server.address, user: 'ann', host: 'ws1' });
  onTestFinished(() => client.close());
  const listed = async () => {
    const seat = await client.checkout('solve');
    const { out } = await lmutil(['lmstat', '-a', '-c', server.address]);
    if (seat.ok) await client.checkin(seat);
    return [/Total of (\d+) licenses? issued/.exec(out)?.[1], /expiry: (\S+)/.exec(out)?.[1]];
  };
  expect(await listed()).toEqual(['3', '8-jan-2030']);
  await server.clock.set('2030-01-09T00:00Z');
  expect(await listed()).toEqual(['2', '9-jan-2030']);
  await server.clock.set('2030-01-10T00:00Z');
  expect(await listed()).toEqual(['1', 'permanent(no']);
  await server.stop();
  const expired = readFileSync(log, 'utf8').match(/EXPIRED: \S+$/gm);
  expect(expired).toEqual(['EXPIRED: solve', 'EXPIRED: solve', 'EXPIRED: solve']);
});
