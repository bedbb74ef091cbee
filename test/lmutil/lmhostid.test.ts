import type { NetworkInterfaceInfo } from 'node:os';
import { expect, test } from 'vitest';
import type { LmutilIo } from '../../src/lmutil/io.ts';
import { banner, lines, lmutil } from './test-io.ts';

const address = (given: Partial<NetworkInterfaceInfo>): NetworkInterfaceInfo =>
  ({
    address: '',
    family: 'IPv4',
    internal: false,
    mac: '',
    netmask: '',
    cidr: null,
    ...given,
  }) as NetworkInterfaceInfo;

const container = 'ab'.repeat(32);
const files: Readonly<Record<string, string>> = {
  '/proc/self/mountinfo': `612 / /var/lib/docker/containers/${container}/hostname rw`,
};
const machine: Partial<LmutilIo> = {
  interfaces: () => ({
    lo: [address({ address: '127.0.0.1', internal: true })],
    eth0: [address({ address: '192.0.2.7' }), address({ address: '2001:db8::7', family: 'IPv6' })],
  }),
  systemFile: (path) => files[path],
};

const sentence = (id: string): string => `The FlexNet host ID of this machine is "${id}"`;

test.each([
  [[], '0200aabbccdd'],
  [['-ether'], '0200aabbccdd'],
  [['-internet'], 'INTERNET=192.0.2.7'],
  [['-internet', 'v4'], 'INTERNET=192.0.2.7'],
  [['-internet', 'v6'], 'INTERNET6=2001:db8::7'],
  [['-user'], 'USER=admin'],
  [['-display'], 'DISPLAY=/dev/pts/3'],
  [['-hostname'], 'HOSTNAME=desk'],
  [['-hostdomain'], 'HOSTDOMAIN=desk.example.com'],
  [['-long'], '00c00702'],
  [['-container_id'], `CONTAINER_ID=${container}`],
  [['-ptype', 'PHY', '-ether'], '0200aabbccdd'],
  [['-utf8'], '0200aabbccdd'],
  [['-string'], ''],
  [['-vsn'], ''],
  [['-ptype', 'VMW', '-ether'], ''],
])('lmhostid %j', async (args, id) => {
  const { status, out, err } = await lmutil(['lmhostid', ...args], { overrides: machine });
  expect(out).toBe(lines(banner, sentence(id)));
  expect({ status, err }).toEqual({ status: 0, err: '' });
});

test('-n prints the value alone', async () => {
  const { out } = await lmutil(['lmhostid', '-n', '-user']);
  expect(out).toBe('USER=admin\n');
});

test('several addresses stand in quotes of their own, with the advice to use one', async () => {
  const several = ['0200AABBCCDD', '0200AABBCCDE'];
  const identity: LmutilIo['identity'] = () => ({
    user: 'admin',
    host: 'desk',
    display: ':0',
    platform: 'x64_lsb',
    pid: 1,
    project: '',
    hostids: several,
  });
  const { out } = await lmutil(['lmhostid'], { overrides: { identity } });
  expect(out).toBe(
    lines(
      banner,
      sentence('"0200aabbccdd 0200aabbccde"'),
      'Only use ONE from the list of hostids.',
    ),
  );
});

test('/etc/hostid is the 32-bit id where there is one', async () => {
  const systemFile = (path: string) =>
    path === '/etc/hostid' ? '\u0078\u0056\u0034\u0012' : undefined;
  const { out } = await lmutil(['lmhostid', '-n', '-long'], { overrides: { systemFile } });
  expect(out).toBe('12345678\n');
});

test('no dongle is -110, and no Ethernet address -29', async () => {
  expect((await lmutil(['lmhostid', '-flexid'])).status).toBe(-110 & 0xff);
  const identity: LmutilIo['identity'] = () => ({
    user: '',
    host: '',
    display: '',
    platform: '',
    pid: 1,
    project: '',
    hostids: [],
  });
  expect((await lmutil(['lmhostid'], { overrides: { identity } })).status).toBe(-29 & 0xff);
});
