import { hostname } from 'node:os';
import { expect, onTestFinished, test } from 'vitest';
import { requestCheckout } from '../../src/client/checkout.ts';
import { clientContext } from '../../src/client/context.ts';
import { localIdentity } from '../../src/client/identity.ts';
import { parseLicensePath } from '../../src/client/license-path.ts';
import { startServer } from '../../src/daemon/server.ts';
import { lmutil } from './test-io.ts';

const license = `SERVER this_host ANY
VENDOR acmed
INCREMENT solve acmed 2.0 permanent 5 SIGN=00
INCREMENT mesh acmed 1.0 permanent 4 OVERDRAFT=2 SIGN=00
`;

async function start(options: string): Promise<{ address: string; port: number }> {
  const server = await startServer({
    licenses: [{ name: 'acme.lic', text: license }],
    options: { acmed: { name: 'acmed.opt', text: options } },
    port: 0,
  });
  onTestFinished(() => server.stop());
  return { address: `${server.port}@127.0.0.1`, port: server.port };
}

/** Holds licenses until the test ends. */
async function hold(address: string, user: string, feature: string, count = 1): Promise<void> {
  const identity = localIdentity({}, { user, host: `${user}-pc`, display: ':0' });
  const path = parseLicensePath(address, { origin: '-c', platform: 'linux' });
  const request = { feature, count, version: '1.0', data: '' };
  const grant = await requestCheckout(request, path, clientContext({ identity }));
  if (!grant.ok) throw new Error(`${feature}: ${JSON.stringify(grant.reported.refusal)}`);
  onTestFinished(() => grant.held?.session.close());
}

async function listing(address: string, feature: string): Promise<readonly string[]> {
  const { out } = await lmutil(['lmstat', '-f', feature, '-c', address]);
  return out.match(/^(Users of .*|\t.*RESERVATION.*| {2,}\S+ \S+-pc .*, start)/gm) ?? [];
}

test('lmstat lists reservations, fewer as their clients check out, and counts them as in use', async () => {
  const { address, port } = await start(
    'GROUP crew kim lee\nRESERVE 3 solve GROUP crew\nRESERVE 1 solve HOST zoe-pc\n',
  );
  const at = `(${hostname()}/${port})`;
  expect(await listing(address, 'solve')).toEqual([
    'Users of solve:  (Total of 5 licenses issued;  Total of 4 licenses in use)',
    `\t3 RESERVATIONs for GROUP crew ${at}`,
    `\t1 RESERVATION for HOST zoe-pc ${at}`,
  ]);
  await hold(address, 'kim', 'solve', 2);
  await hold(address, 'zoe', 'solve');
  expect(await listing(address, 'solve')).toEqual([
    'Users of solve:  (Total of 5 licenses issued;  Total of 4 licenses in use)',
    expect.stringMatching(/^ {4}kim /),
    expect.stringMatching(/^ {4}zoe /),
    `\t1 RESERVATION for GROUP crew ${at}`,
  ]);
});

test('lmstat shows more in use than issued when overdraft is lent', async () => {
  const { address } = await start('');
  await hold(address, 'kim', 'mesh', 6);
  expect((await listing(address, 'mesh'))[0]).toBe(
    'Users of mesh:  (Total of 4 licenses issued;  Total of 6 licenses in use)',
  );
});
