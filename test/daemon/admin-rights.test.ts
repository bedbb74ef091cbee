import { resolve } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { type AdminRights, adminRightsOf, forbidden } from '../../src/daemon/admin-rights.ts';
import { administratorsIn, readAdministrators } from '../../src/daemon/administrators.ts';
import { type LicenseServer, startServer } from '../../src/daemon/server.ts';
import type { ServerConfig } from '../../src/daemon/server-config.ts';
import { lmutil } from '../lmutil/test-io.ts';
import { checkoutBytes, greeted } from './raw-client.ts';

const text = 'SERVER this_host ANY\nVENDOR acmed\nINCREMENT solve acmed 2.0 permanent 5 SIGN=00\n';
const config: ServerConfig = { licenses: [{ name: 'acme.lic', text }], port: 0 };

let server: LicenseServer | undefined;
afterEach(async () => {
  await server?.stop();
  server = undefined;
});

/** A tool run by `user` on this machine: its status and what it said. */
async function tool(user: string, words: readonly string[]) {
  const identity = {
    ...{ user, host: 'desk', display: ':0', platform: 'x64_lsb', pid: 7, project: '' },
    hostids: [],
  };
  return lmutil(words, { overrides: { identity: () => identity } });
}

const remove = () => ['lmremove', '-c', server!.address, 'solve', 'ann', 'ws1', '/dev/pts/1'];

async function hold() {
  const client = await greeted(server!.vendors[0]!.port);
  client.send(checkoutBytes('solve'));
  expect((await client.message()).type).toBe(0x7f04);
  return client;
}

test.each([
  ['in the manager', false],
  ['in processes of their own', true],
])('-x lmremove disables lmremove for everyone, the daemons %s', async (_where, processes) => {
  // What runs in processes of its own is the built program.
  const built = await import(/* @vite-ignore */ resolve('dist/daemon/server.js'));
  const start = processes ? (built.startServer as typeof startServer) : startServer;
  server = await start({ ...config, processes, disabled: ['lmremove'] });
  const client = await hold();
  const { status, out } = await tool('root', remove());
  expect(out).toContain('(-63,707');
  expect(status).toBe(256 - 63);
  expect(server.journal.entries().map(({ event }) => event.kind)).not.toContain('seatReturned');
  client.end();
});

test('-2 -p leaves lmremove, lmreread, lmdown and the tools for logs to administrators', async () => {
  server = await startServer({ ...config, administratorsOnly: true });
  const client = await hold();
  for (const words of [
    remove(),
    ['lmreread', '-c', server.address],
    ['lmdown', '-q', '-c', server.address],
    ['lmswitch', '-c', server.address, 'acmed', '/no/such/folder/x'],
    ['lmswitchr', '-c', server.address, 'acmed', '/no/such/folder/x'],
    ['lmnewlog', '-c', server.address, 'solve', '/no/such/folder/x'],
  ]) {
    const { status, out } = await tool('mallory', words);
    expect({ status, refused: out.includes('(-63,709') }).toEqual({ status: 193, refused: true });
  }
  for (const user of [...readAdministrators()].slice(0, 1)) {
    expect((await tool(user, ['lmreread', '-c', server.address])).status).toBe(0);
  }
  client.end();
});

test.each<[string, Partial<AdminRights>, Parameters<typeof forbidden>[1], string, string, unknown]>(
  [
    ['-local, from afar', { localOnly: true }, 'lmdown', 'root', '192.0.2.7', [-119, 706]],
    ['-local, from afar', { localOnly: true }, 'lmreread', 'root', '192.0.2.7', [-119, 706]],
    ['-local, from afar', { localOnly: true }, 'lmswitch', 'root', '192.0.2.7', [-119, 706]],
    ['-local says nothing of lmremove', { localOnly: true }, 'lmremove', 'a', '192.0.2.7', []],
    ['-local, from here', { localOnly: true }, 'lmdown', 'root', '127.0.0.1', []],
    ['-local, from here by IPv6', { localOnly: true }, 'lmdown', 'root', '::1', []],
    ['-x', { disabled: new Set(['lmdown']) }, 'lmdown', 'root', '127.0.0.1', [-63, 707]],
    ['-x of another', { disabled: new Set(['lmdown']) }, 'lmreread', 'a', '127.0.0.1', []],
    ['-2 -p', { administrators: new Set(['root']) }, 'lmdown', 'ann', '127.0.0.1', [-63, 709]],
    ['-2 -p', { administrators: new Set(['root']) }, 'lmdown', 'root', '192.0.2.7', []],
  ],
)('%s: %j lets %s by %s@%s end in %j', (_what, rights, wanted, user, address, refusal) => {
  const all = { disabled: new Set<string>(), localOnly: false, ...rights };
  const no = forbidden(all, wanted, { user, address });
  expect(no === undefined ? [] : [no.major, no.minor]).toEqual(refusal);
});

test('without a group lmadmin root administers; with one its members do, root only as one of them', () => {
  const accounts = 'root:x:0:0::/:/bin/sh\neve:x:9:30::/:/bin/sh\nann:x:8:8::/:/bin/sh\n';
  expect([...administratorsIn('root:x:0:\n', accounts)]).toEqual(['root']);
  expect([...administratorsIn('root:x:0:\nlmadmin:x:30:ann,ben\n', accounts)]).toEqual([
    'ann',
    'ben',
    'eve',
  ]);
  expect([...administratorsIn('lmadmin:x:31:\n', '')]).toEqual([]);
});

test('a tool that cannot be disabled is a usage error naming those that can', () => {
  expect(() => adminRightsOf({ ...config, disabled: ['lmstat'] })).toThrow(
    'expected one of lmdown, lmreread, lmremove, lmswitch, lmswitchr, lmnewlog, got "lmstat"',
  );
});
