import { describe, expect, test } from 'vitest';
import { addressMatches, hostidMatches } from '../../../src/domain/license/hostids.ts';

const client = {
  user: 'ana',
  host: 'ws1.lab.test',
  display: ':0',
  address: '10.7.1.20',
  hostids: ['0200000000A1', '1A2B3C4D', 'ID=1234', 'FLEXID=9-00A1B2C3', 'DISK_SERIAL_NUM=3E4F5A6B'],
};

const matches = (hostid: string): boolean => hostidMatches(hostid, client);

describe('host ids', () => {
  test.each([
    ['ANY'],
    ['any'],
    ['DEMO'],
    ['0200000000a1'],
    ['02:00:00:00:00:A1'],
    ['02-00-00-00-00-a1'],
    ['1a2b3c4d'],
    ['#439041101'],
    ['USER=ana'],
    ['DISPLAY=:0'],
    ['HOSTNAME=WS1.lab.test'],
    ['ID=1234'],
    ['ID=12-34'],
    ['id=1-2-3-4'],
    ['INTERNET=10.7.*.*'],
    ['INTERNET=10.7.1.20'],
    ['FLEXID=9-00a1b2c3'],
    ['DISK_SERIAL_NUM=3e4f5a6b'],
    ['VSN=3e4f-5a6b'],
    ['deadbeef0000 USER=ana'],
  ])('%s is this client', (hostid) => {
    expect(matches(hostid)).toBe(true);
  });

  test.each([
    ['0200000000a2'],
    ['#439041102'],
    ['#99999999999'],
    ['USER=Ana'],
    ['USER='],
    ['DISPLAY=:1'],
    ['HOSTNAME=ws1'],
    ['ID=123'],
    ['ID=12345'],
    ['INTERNET=10.8.*.*'],
    ['INTERNET=10.7.1'],
    ['INTERNET=10.7.1.20.5'],
    ['INTERNET=*'],
    ['FLEXID=8-00a1b2c3'],
    ['VSN=00000000'],
    ['COMPOSITE=0011223344556677'],
    ['deadbeef0000 USER=bo'],
    ['='],
    [''],
    ['   '],
  ])('%s is not', (hostid) => {
    expect(matches(hostid)).toBe(false);
  });

  test('an opaque kind fits a client that names it, whatever the case', () => {
    const other = { ...client, hostids: ['VM_UUID=4C4C-AB', 'COMPOSITE=A1B2C3D4E5F6'] };
    expect(hostidMatches('vm_uuid=4c4c-ab', other)).toBe(true);
    expect(hostidMatches('COMPOSITE=a1b2c3d4e5f6', other)).toBe(true);
    expect(hostidMatches('VM_UUID=4C4C-AC', other)).toBe(false);
  });

  test('addresses of a dual-stack socket and of IPv6 are compared by their parts', () => {
    expect(addressMatches('10.7.*.*', '::ffff:10.7.1.20')).toBe(true);
    expect(addressMatches('2001:db8:*:*:*:*:*:*', '2001:DB8::1')).toBe(true);
    expect(addressMatches('2001:db8::1', '2001:0db8:0:0:0:0:0:1')).toBe(true);
    expect(addressMatches('fe80::1', 'fe80::1%eth0')).toBe(true);
    expect(addressMatches('::1', '::2')).toBe(false);
    expect(addressMatches('::', '1::')).toBe(false);
    expect(addressMatches('1::2::3', '1::2::3')).toBe(false);
    expect(addressMatches('10.7.1.20', '2001:db8::1')).toBe(false);
    expect(addressMatches('300.1.1.1', 'not an address')).toBe(false);
  });
});
