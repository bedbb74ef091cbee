import { expect, test } from 'vitest';
import { readyLines } from '../../src/cli/ready-file.ts';
import type { LicenseServer } from '../../src/daemon/server.ts';

const server = {
  address: '27000@lic1',
  port: 27000,
  addresses: ['0.0.0.0', '::1'],
  vendors: [
    { name: 'acmed', up: true, port: 27010, pid: 7 },
    { name: 'zetad', up: false, port: 27011, pid: 7 },
  ],
} as unknown as LicenseServer;
const listening = 'fauxlm ready: 27000@lic1 (listening on 27000@0.0.0.0 27000@[::1])';

test.each([
  ['http://127.0.0.1:8080', '; acmed on 27010; control plane http://127.0.0.1:8080\n'],
  [undefined, '; acmed on 27010\n'],
])('the line says where server, daemons and control plane %s are', (http, rest) => {
  expect(readyLines(server, false, http)).toBe(listening + rest);
});

test('a member of a triad that does not serve names no daemon', () => {
  const spare = { ...server, vendors: [] } as unknown as LicenseServer;
  expect(readyLines(spare, false)).toBe(`${listening}\n`);
  const control = 'http://127.0.0.1:8080';
  expect(readyLines(spare, false, control)).toBe(`${listening}; control plane ${control}\n`);
});
