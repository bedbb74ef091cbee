import { describe, expect, test } from 'vitest';
import { licenseFindings, licenseLine, lineOf } from '../language/make.ts';

describe('a SERVER line', () => {
  test('has a host, a host id, a port and settings of a triad', () => {
    const text = 'SERVER a 001122334455 27000 PRIMARY_IS_MASTER HEARTBEAT_INTERVAL=10 PLAT=3';
    expect(licenseLine(text)).toEqual({
      kind: 'server',
      start: 0,
      end: text.length,
      line: 1,
      lineCount: 1,
      at: { line: 1, column: 1 },
      host: 'a',
      hostids: ['001122334455'],
      port: 27000,
      primaryIsMaster: true,
      heartbeatIntervalSeconds: 10,
      platformMask: 3,
    });
  });

  test('needs a host and a host id only', () => {
    const line = lineOf('server', 'SERVER this_host ANY');
    expect(line).toMatchObject({ host: 'this_host', hostids: ['ANY'], primaryIsMaster: false });
    expect(line).not.toHaveProperty('port');
    expect(licenseFindings('SERVER')).toEqual(['error missing-field 1:7 -2']);
    expect(licenseFindings('SERVER a')).toEqual(['error missing-field 1:9 -2']);
  });

  test('may name several host ids: hex, masked, decimal or with a keyword', () => {
    const { hostids } = lineOf('server', 'SERVER a xxxxxxxxxxxx #439041101 ID=12-34 27000');
    expect(hostids).toEqual(['xxxxxxxxxxxx', '#439041101', 'ID=12-34']);
    expect(licenseFindings('SERVER a 1 001122334455 27000')).toEqual([]);
    expect(lineOf('server', 'SERVER a xxxxxxxxxxxx 112233445566 27000  ')).toMatchObject({
      hostids: ['xxxxxxxxxxxx', '112233445566'],
      port: 27000,
    });
  });

  test('may have its words in lower case', () => {
    const text = 'Server host hostid 4321 primary_is_master heartbeat_interval=89';
    expect(licenseLine(text)).toMatchObject({
      hostids: ['hostid'],
      port: 4321,
      primaryIsMaster: true,
      heartbeatIntervalSeconds: 89,
    });
    expect(licenseFindings(text)).toEqual([]);
  });

  test.each([
    ['SERVER a 1 70000', 'error bad-port 1:12 -2'],
    ['SERVER a 1 27000 27001', 'warning stray-word 1:18'],
    ['SERVER a 1 bad_word', 'warning stray-word 1:12'],
    ['SERVER a 1 HEARTBEAT_INTER=5', 'warning unknown-keyword 1:12'],
    ['SERVER a 1 HEARTBEAT_INTERVAL=often', 'error bad-attribute-value 1:12 -2'],
    ['SERVER a 1 PLAT=', 'error bad-attribute-value 1:12 -2'],
    ['SERVER a 1 PRIMARY_IS_MASTER=1', 'error bad-attribute-value 1:12 -2'],
    ['SERVER a 1 PRIMARY_IS_MASTER primary_is_master', 'warning duplicate-attribute 1:30'],
  ])('%s: %s', (text, finding) => {
    expect(licenseFindings(text)).toEqual([finding]);
    expect(licenseLine(text).kind).toBe('server');
  });
});

describe('a VENDOR line', () => {
  test.each([
    ['VENDOR v', {}],
    ['VENDOR v /bin/d', { daemonPath: '/bin/d' }],
    ['VENDOR v /bin/d /etc/o', { daemonPath: '/bin/d', optionsPath: '/etc/o' }],
    ['VENDOR v /bin/d /etc/o 4321', { daemonPath: '/bin/d', optionsPath: '/etc/o', port: 4321 }],
    ['VENDOR v /bin/d 4321', { daemonPath: '/bin/d', port: 4321 }],
    ['VENDOR v 4321', { port: 4321 }],
    ['VENDOR v port=4321', { port: 4321 }],
    ['VENDOR v OPTIONS="/etc/my o" PORT=1', { optionsPath: '/etc/my o', port: 1 }],
    [
      'VENDOR v /bin/d options=/etc/o port=1',
      { daemonPath: '/bin/d', optionsPath: '/etc/o', port: 1 },
    ],
    ['VENDOR v /bin/d options=', { daemonPath: '/bin/d' }],
    ['VENDOR v /bin/d ""', { daemonPath: '/bin/d' }],
    ['VENDOR v "C:\\Program Files\\d.exe"', { daemonPath: 'C:\\Program Files\\d.exe' }],
  ])('%s', (text, fields) => {
    const { daemonPath, optionsPath, port } = lineOf('vendor', text);
    expect({ daemonPath, optionsPath, port }).toEqual(fields);
    expect(licenseFindings(text)).toEqual([]);
  });

  test('is a DAEMON line in older files', () => {
    expect(lineOf('vendor', 'daemon v /d')).toMatchObject({ keyword: 'DAEMON', vendor: 'v' });
    expect(lineOf('vendor', 'Vendor v')).toMatchObject({ keyword: 'VENDOR', vendor: 'v' });
  });

  test.each([
    ['VENDOR', 'error missing-field 1:7 -2'],
    ['VENDOR v PORT=70000', 'error bad-port 1:10 -2'],
    ['VENDOR v PORT=x', 'error bad-port 1:10 -2'],
    ['VENDOR v 70000', 'error bad-port 1:10 -2'],
    ['VENDOR v OPTIONS=/o 4321', 'warning stray-word 1:21'],
    ['VENDOR v /d /o 1 2', 'warning stray-word 1:18'],
    ['VENDOR v porter=4321', 'warning unknown-keyword 1:10'],
    ['VENDOR v port=1 port=2', 'warning duplicate-attribute 1:17'],
    ['VENDOR v OPTIONS=/a OPTIONS=/b', 'warning duplicate-attribute 1:21'],
  ])('%s: %s', (text, finding) => {
    expect(licenseFindings(text)).toEqual([finding]);
  });
});

test('USE_SERVER takes no words, and what is behind it counts for nothing', () => {
  expect(licenseLine('use_server')).toMatchObject({ kind: 'useServer' });
  expect(licenseFindings('USE_SERVER')).toEqual([]);
  expect(licenseFindings('USE_SERVER port=2080 x')).toEqual([
    'warning stray-word 1:12',
    'warning stray-word 1:22',
  ]);
});
