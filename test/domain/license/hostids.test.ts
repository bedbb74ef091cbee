import { describe, expect, test } from 'vitest';
import {
  addressMatches,
  type HostidClient,
  hostidMatches,
} from '../../../src/domain/license/hostids.ts';

const nobody: HostidClient = {
  user: 'ann',
  host: 'ws1',
  display: ':0',
  address: '192.0.2.7',
  hostids: [],
};

type Overrides = Partial<HostidClient>;
const owning = (...hostids: readonly string[]): Overrides => ({ hostids });

/** Each form of a host id, a client that it fits, and one that it does not. */
const forms: readonly (readonly [hostid: string, fits: Overrides, other: Overrides])[] = [
  ['aabbccddeeff', owning('AABBCCDDEEFF'), owning('AABBCCDDEEF0')],
  ['AA:BB:CC:DD:EE:FF', owning('AABBCCDDEEFF'), owning('AABBCCDDEE')],
  ['aabbccddeeff', owning('AA-BB-CC-DD-EE-FF'), owning('aa-bb')],
  ['1a2b3c4d', owning('1A2B3C4D'), owning('1A2B3C4E')],
  ['#439041101', owning('1A2B3C4D'), owning('439041101')],
  ['1A2B3C4D', owning('#439041101'), owning('#439041102')],
  ['#16', owning('00000010'), owning('10')],
  ['#439041101', owning('#439041101'), owning('0200000000A1')],
  ['composite=0123456789AB', owning('COMPOSITE=0123456789ab'), owning('COMPOSITE=0123456789')],
  ['COMPOSITE=0123456789ab', owning('COMPOSITE=0123456789AB'), owning('0123456789AB')],
  ['DISPLAY=:0', { display: ':0' }, { display: ':1' }],
  ['HOSTNAME=WS1', { host: 'ws1' }, { host: 'ws1.lab.test' }],
  ['USER=ann', { user: 'ann' }, { user: 'Ann' }],
  ['ID=12-34', owning('ID=1234'), owning('1234')],
  ['ID=1234', owning('ID=1-2-34'), owning('ID=12345')],
  ['id=1-2-3-4', owning('ID=1234'), owning('ID=123')],
  ['INTERNET=192.0.2.7', { address: '192.0.2.7' }, { address: '192.0.2.70' }],
  ['INTERNET=192.0.*.*', { address: '192.0.77.1' }, { address: '192.1.0.1' }],
  ['internet=*.*.*.7', { address: '10.0.0.7' }, { address: '10.0.7.0' }],
  ['INTERNET=192.0.2.7', { address: '::ffff:192.0.2.7' }, { address: '::192.0.2.7' }],
  ['INTERNET6=2001:db8::7', { address: '2001:DB8:0::0:7' }, { address: '2001:db8::8' }],
  ['INTERNET6=2001:db8:*:*:*:*:*:*', { address: '2001:db8::1' }, { address: '2001:db9::1' }],
  ['DISK_SERIAL_NUM=3e4f5a6b', owning('VSN=3E4F5A6B'), owning('3E4F5A6B')],
  ['VSN=3e4f-5a6b', owning('DISK_SERIAL_NUM=3E4F5A6B'), owning('VSN=3E4F5A6C')],
  ['FLEXID=9-00a1b2c3', owning('FLEXID=9-00A1B2C3'), owning('FLEXID=900A1B2C3')],
  ['ID_STRING=abc', owning('ID_STRING=ABC'), owning('ID=ABC')],
  ['VM_UUID=4c4c-ab', owning('VM_UUID=4C4C-AB'), owning('VM_UUID=4C4CAB')],
  ['aabbccddeeff USER=ann', { user: 'ann' }, { user: 'ben' }],
  ['aabbccddeeff  112233445566', owning('112233445566'), owning('AABBCCDDEEFF 112233445566')],
];

describe('a host id', () => {
  test.each(forms)('%s fits %o and not %o', (hostid, fits, other) => {
    expect(hostidMatches(hostid, { ...nobody, ...fits })).toBe(true);
    expect(hostidMatches(hostid, { ...nobody, ...other })).toBe(false);
  });

  test.each(['ANY', 'any', 'DEMO', 'Demo'])('%s fits everyone', (hostid) => {
    expect(hostidMatches(hostid, nobody)).toBe(true);
  });

  test('is one of a client that has many', () => {
    const many = { ...nobody, hostids: ['112233445566', 'ID=7', 'AABBCCDDEEFF'] };
    expect(hostidMatches('aabbccddeeff', many)).toBe(true);
    expect(hostidMatches('ID=7', many)).toBe(true);
  });

  test.each([
    ...['', ' ', '=', 'USER=', 'USER', 'toString', '__proto__=', 'INTERNET=', 'INTERNET=*'],
    ...['INTERNET=192.0.2', 'INTERNET=192.0.2.7.5', '#99999999999', 'VSN=00000000'],
  ])('"%s" fits nobody', (hostid) => {
    expect(hostidMatches(hostid, { ...nobody, hostids: ['112233445566'] })).toBe(false);
  });
});

describe('addresses', () => {
  test('of a dual-stack socket and of IPv6 are compared by their parts', () => {
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
