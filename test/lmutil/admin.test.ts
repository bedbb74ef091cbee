import { expect, test } from 'vitest';
import type { ScriptedServer } from '../client/scripted-server.ts';
import { greet, type ScriptedVendor, startOwn, startScript } from './license-server.ts';
import { banner, lines, lmutil, withoutPorts } from './test-io.ts';

const vendors: Readonly<Record<string, ScriptedVendor>> = { acmed: {}, betad: {} };
const refused = 'Cannot connect to license server system. (-15,570:111 "Connection refused")';

/** The admin requests a server heard: the verb and its named words. */
function commands(server: ScriptedServer) {
  return server.all('adminRequest').map(({ verb, words }) => {
    return [verb, Object.fromEntries(words.map(({ name, value }) => [name, value]))];
  });
}

const list = (...rows: readonly string[]) => ['', '   Port@Host            Vendors', ...rows, ''];
const row = (address: string) => `1) ${address}`.padEnd(24) + 'acmed betad';

test('lmdown lists the server, asks, and stops it', async () => {
  const server = await startOwn({ vendors });
  const { status, out, err } = await lmutil(['lmdown', '-c', server.address], { answers: ['y'] });
  const question = 'Are you sure (y/n)?  ';
  expect(out).toBe(
    lines(
      banner,
      ...list(row(server.address)),
      `${question}    1 FlexNet License Server shut down`,
    ),
  );
  expect({ status, err }).toEqual({ status: 0, err: '' });
  expect(commands(server)).toEqual([['down', { user: 'admin', host: 'desk.example.com' }]]);
});

test.each([['n'], [''], ['yes'], [undefined]])('the answer %j stops nothing', async (answer) => {
  const server = await startOwn({ vendors });
  const answers = answer === undefined ? [] : [answer];
  const { status, out } = await lmutil(['lmdown', '-c', server.address], { answers });
  expect(out.endsWith('No server selected, exiting\n')).toBe(true);
  expect(status).toBe(0);
  expect(commands(server)).toEqual([]);
});

test('-q asks nothing and prints no heading; -force and -vendor are handed on', async () => {
  const server = await startOwn({ vendors });
  const quiet = await lmutil(['lmdown', '-q', '-force', '-c', server.address]);
  expect(quiet.out).toBe('    1 FlexNet License Server shut down\n');
  const vendor = await lmutil(['lmdown', '-q', '-vendor', 'acmed', '-c', server.address]);
  expect(vendor.out).toBe('    1 vendor daemon shut down\n');
  const who = { user: 'admin', host: 'desk.example.com' };
  expect(commands(server)).toEqual([
    ['down', { ...who, force: '1' }],
    ['down', { ...who, vendor: 'acmed' }],
  ]);
});

test('of several servers lmdown asks which; -all takes every one', async () => {
  const first = await startOwn({ vendors });
  const second = await startOwn({ vendors });
  const path = `${first.address}:${second.address}`;
  const one = await lmutil(['lmdown', '-c', path], { answers: ['2', 'y'] });
  expect(one.out.endsWith('    1 FlexNet License Server shut down\n')).toBe(true);
  expect([commands(first).length, commands(second).length]).toEqual([0, 1]);
  const none = await lmutil(['lmdown', '-c', path], { answers: ['3', 'y'] });
  expect(none.out.endsWith('No server selected, exiting\n')).toBe(true);
  const all = await lmutil(['lmdown', '-all', '-c', path]);
  expect(all.out.endsWith('\n    2 FlexNet License Servers shut down\n')).toBe(true);
  expect([commands(first).length, commands(second).length]).toEqual([1, 2]);
});

test.each([-119, -63, -120])('a server that refuses with %i stays up', async (code) => {
  const server = await startOwn({ vendors, admin: () => code });
  const { status, out } = await lmutil(['lmdown', '-q', '-c', server.address]);
  expect(out).toMatch(new RegExp(`^Shutdown failed: .*\\(${code},300\\)\\n$`));
  expect(status).toBe(code & 0xff);
});

test('lmdown of nobody is a failure with its reason', async () => {
  const { status, out } = await lmutil(['lmdown', '-c', '1@127.0.0.1']);
  expect(out).toBe(lines(banner, `Shutdown failed: ${refused}`));
  expect(status).toBe(241);
});

test('lmreread says whether it worked', async () => {
  const server = await startOwn({ vendors });
  const { status, out } = await lmutil(['lmreread', '-vendor', 'acmed', '-c', server.address]);
  expect(out).toBe(lines(banner, 'lmreread successful'));
  expect(status).toBe(0);
  const who = { user: 'admin', host: 'desk.example.com' };
  expect(commands(server)).toEqual([['reread', { ...who, vendor: 'acmed' }]]);
  const strict = await startOwn({ vendors, admin: () => -63 });
  const no = await lmutil(['lmreread', '-c', strict.address]);
  expect(no.out).toBe(
    lines(banner, 'lmreread failed: Only a license administrator may do this. (-63,300)'),
  );
  expect(no.status).toBe(-63 & 0xff);
});

test('lmreread -all goes on behind a server that refuses, and tells its refusal', async () => {
  const first = await startOwn({ vendors: {}, admin: () => -63 });
  const second = await startOwn({ vendors: {} });
  const path = `${first.address}:${second.address}`;
  const { status, out } = await lmutil(['lmreread', '-all', '-c', path]);
  expect(out).toContain('(-63,300)\n');
  expect(status).toBe(-63 & 0xff);
  expect(second.all('adminRequest')).toHaveLength(1);
});

test('lmreread asks the first server, with -all every one', async () => {
  const first = await startOwn({ vendors });
  const second = await startOwn({ vendors });
  const path = `${first.address}:${second.address}`;
  await lmutil(['lmreread', '-c', path]);
  expect([commands(first).length, commands(second).length]).toEqual([1, 0]);
  await lmutil(['lmreread', '-all', '-c', path]);
  expect([commands(first).length, commands(second).length]).toEqual([2, 1]);
});

/** betad knows solve and its users; acmed does not. */
function removing(code = 0) {
  const heard: unknown[] = [];
  const answering = (answer: number): ScriptedVendor => ({
    admin: ({ verb, words }) => {
      const named = Object.fromEntries(words.map(({ name, value }) => [name, value]));
      if (answer !== -5) heard.push([verb, named]);
      return answer;
    },
  });
  return { heard, vendors: { acmed: answering(-5), betad: answering(code) } };
}

test('lmremove frees a license by feature, user, host and display', async () => {
  const { heard, vendors: both } = removing();
  const server = await startOwn({ vendors: both });
  const words = ['solve', 'ann', 'ws1', '/dev/pts/1'];
  for (const args of [
    ['-c', server.address, ...words],
    [...words, '-c', server.address],
  ]) {
    const { status, out } = await lmutil(['lmremove', ...args]);
    expect(out).toBe(lines(banner));
    expect(status).toBe(0);
  }
  const expected = { user: 'ann', host: 'ws1', feature: 'solve', display: '/dev/pts/1' };
  expect(heard).toEqual([
    ['removeClient', expected],
    ['removeClient', expected],
  ]);
});

test('lmremove -h takes what lmstat prints, the port also as 27000@host', async () => {
  const { heard, vendors: both } = removing();
  const server = await startOwn({ vendors: both, singlePort: true });
  for (const port of [`${server.port}`, `${server.port}@127.0.0.1`]) {
    const args = ['-h', 'solve', '127.0.0.1', port, '101'];
    expect((await lmutil(['lmremove', ...args])).status).toBe(0);
  }
  const who = { user: 'admin', host: 'desk.example.com' };
  const expected = ['remove', { ...who, feature: 'solve', handle: '101' }];
  expect(heard).toEqual([expected, expected]);
});

test('without -c, the way to a server_host that is not known here is the environment’s, to that server only', async () => {
  const { heard, vendors: both } = removing();
  const server = await startOwn({ vendors: both });
  const env = { LM_LICENSE_FILE: server.address };
  const remove = (host: string, port: number) =>
    lmutil(['lmremove', '-h', 'solve', host, `${port}`, '101'], { env });
  expect((await remove('beta', server.port)).status).toBe(-96 & 0xff);
  expect((await remove('alpha', 1)).status).not.toBe(0);
  expect(heard).toHaveLength(0);
  expect((await remove('ALPHA', server.port)).status).toBe(0);
  expect(heard).toHaveLength(1);
});

test('a license that the first server of the path does not know is looked for at the next', async () => {
  const without = await startOwn({ vendors: { acmed: { admin: () => -41 } } });
  const { heard, vendors: both } = removing();
  const server = await startOwn({ vendors: both });
  const words = ['solve', 'ann', 'ws1', ':0'];
  const path = `${without.address}:${server.address}`;
  expect((await lmutil(['lmremove', '-c', path, ...words])).status).toBe(0);
  expect(heard).toHaveLength(1);
  const nowhere = `${without.address}:1@127.0.0.1`;
  expect((await lmutil(['lmremove', '-c', nowhere, ...words])).status).toBe(241);
});

test('with -c, a server_host that is not known here is looked for on the path', async () => {
  const { heard, vendors: both } = removing();
  const server = await startOwn({ vendors: both });
  const args = ['-c', server.address, '-h', 'solve', 'no-such-host.invalid', '27000', '101'];
  expect((await lmutil(['lmremove', ...args])).status).toBe(0);
  expect(heard).toHaveLength(1);
});

test.each([
  [-64, 'lmremove failed: It is too soon to remove this license. (-64,300)'],
  [-100, 'lmremove failed: A lingering or borrowed license cannot be removed. (-100,300)'],
  [-41, 'lmremove failed: There is no such checkout. (-41,300)'],
  [-5, 'lmremove failed: No such feature exists. (-5,222)'],
])('lmremove passes %i on', async (code, line) => {
  const server = await startOwn({ vendors: removing(code).vendors });
  const { status, out } = await lmutil(['lmremove', '-c', server.address, 'solve', 'a', 'b', 'c']);
  expect(out).toBe(lines(banner, line));
  expect(status).toBe(code & 0xff);
});

test('a server of another maker is told to lack the capability, -85', async () => {
  const server = await startScript((_heard, talk) => greet(talk, 'acmed', 0));
  const { status, out } = await lmutil(['lmreread', '-c', server.address]);
  expect(withoutPorts(out, server.port)).toBe(
    lines(
      banner,
      'lmreread failed: License server lacks a capability this asks for. ' +
        '(-85,1 "not fauxlm: how it takes this command is not public")',
    ),
  );
  expect(status).toBe(-85 & 0xff);
});
