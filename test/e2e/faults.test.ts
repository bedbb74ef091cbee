import { writeFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { askControl } from '../../src/control/control-client.ts';
import type { FaultAnswer, FaultListAnswer } from '../../src/control/fault-routes.ts';
import { acmed, both, client, codes, outcome } from '../daemon/faults/faulty-server.ts';
import { Folder, run, Server, textOf, until } from './processes.ts';

/** A server of its own, with a control plane, steered as a user steers it. */
class Faulty implements AsyncDisposable {
  readonly folder: Folder;
  readonly server: Server;

  private constructor(folder: Folder, server: Server) {
    this.folder = folder;
    this.server = server;
  }

  static async start(flags: readonly string[] = [], license = acmed): Promise<Faulty> {
    const folder = new Folder();
    const file = folder.file('acme.lic', license);
    const http = ['--http', '127.0.0.1:0', '--log', folder.at('debug.log')];
    return new Faulty(folder, await Server.start(folder, [file, ...http, ...flags]));
  }

  get address(): string {
    return this.server.ready.address;
  }

  async add(fault: string): Promise<FaultAnswer> {
    return (await this.#ask('POST', { fault })) as FaultAnswer;
  }

  async clear(): Promise<readonly FaultAnswer[]> {
    return ((await this.#ask('DELETE', {})) as FaultListAnswer).faults;
  }

  async list(): Promise<readonly FaultAnswer[]> {
    return ((await this.#ask('GET')) as FaultListAnswer).faults;
  }

  #ask(method: 'GET' | 'POST' | 'DELETE', body?: unknown): Promise<unknown> {
    return askControl(new URL(this.server.ready.http!), method, '/faults', body);
  }

  fauxlm(...words: string[]) {
    return run('fauxlm', words, { env: { FAUXLM_HTTP: this.server.ready.http! } });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.server[Symbol.asyncDispose]();
    this.folder[Symbol.dispose]();
  }
}

const cases: readonly (readonly [fault: string, seen: RegExp])[] = [
  ['refused server=vendor', /^-15,578:111/],
  ['blocked', /^-15,578:110/],
  ['reset on=checkout', /^-16,287:104/],
  ['reset server=vendor', /^-16/],
  ['half-open server=vendor', /^-52/],
  ['freeze server=vendor user=ann', /^-52/],
  ['garble on=checkout', /^-12/],
  ['lost feature=solve', /^-52/],
  ['full server=vendor', /^-140/],
  ['redirect', /^-15,578:111/],
  ['dns', /^-96/],
  ['down vendor=acmed', /^-97/],
  ['hostid user=ann', /^-9/],
  ['removed feature=solve', /^-5,346/],
  ['expired', /^-10/],
  ['denied code=-38', /^-38/],
  ['clock-skew by=-2d', /^-34/],
  ['clock-set-back', /^-88/],
  ['truncate on=checkout', /^-16/],
  ['length by=-4 on=checkout', /^-12/],
  ['slow latency=1m on=checkout', /^-52/],
];

describe.each([
  { flags: ['--processes'] },
  { flags: ['--single-port'] },
  { flags: ['--protocol', 'legacy'] },
])('with $flags', ({ flags }) => {
  test('every kind of fault is seen by clients, and heals', async () => {
    await using server = await Faulty.start(flags);
    for (const [fault, seen] of cases) {
      expect(await outcome(server, { patienceMs: 2_000 }), `before ${fault}`).toBe('granted');
      await server.add(fault);
      expect(await outcome(server), fault).toMatch(seen);
      const [cleared] = await server.clear();
      expect(cleared, fault).toMatchObject({ text: fault });
      expect(cleared!.hits, fault).toBeGreaterThan(0);
    }
    expect(await outcome(server, { patienceMs: 2_000 })).toBe('granted');
  });
});

test('a feature that is removed is lost by who holds it, whatever process its daemon is', async () => {
  await using server = await Faulty.start(['--processes']);
  const ann = await client(server, 'ann', 'ws1', 2_000);
  expect(codes(await ann.checkout('solve'))).toBe('granted');
  await server.add('removed feature=solve');
  const lines = () => textOf(server.folder.at('debug.log'));
  await until(() => lines().includes('IN: "solve" ann@ws1'));
});

test('a daemon in a process of its own that dies at a call goes on counting when it is back', async () => {
  await using server = await Faulty.start(['--processes']);
  await server.add('crash on=checkout nth=2');
  expect(await outcome(server)).toBe('granted');
  expect(await outcome(server)).toMatch(/^-16/);
  const back = async () => (await outcome(server, { patienceMs: 2_000 })) === 'granted';
  await until(back);
  expect(await outcome(server)).toBe('granted');
  expect(await server.list()).toMatchObject([{ text: 'crash on=checkout nth=2', hits: 1 }]);
});

test('--fault and fauxlm fault put faults in force, list them with their hits, and end them', async () => {
  await using server = await Faulty.start(['--fault', 'hostid user=ann id=lock', '--seed', '7']);
  const checkout = (user: string) => {
    const who = ['--user', user, '--host', 'ws1'];
    return server.fauxlm('checkout', 'solve', '-c', server.address, ...who, '--', 'true');
  };
  expect(await checkout('ann')).toMatchObject({ status: 6 });
  expect((await checkout('bob')).status).toBe(0);
  const added = await server.fauxlm('fault', 'add', 'denied', 'code=-38', 'user=bob');
  expect(added).toMatchObject({
    status: 0,
    out: 'f1  on       0 hits  denied code=-38 user=bob\n',
  });
  const refused = await checkout('bob');
  expect(refused.out + refused.err).toContain('FlexNet Licensing error:-38,940');
  const listed = await server.fauxlm('fault', 'list', '--json');
  expect(JSON.parse(listed.out)).toMatchObject({
    seed: '7',
    faults: [
      { id: 'lock', fault: 'hostid', words: { user: 'ann', id: 'lock' }, state: 'on', hits: 1 },
      { id: 'f1', fault: 'denied', words: { code: '-38', user: 'bob' }, state: 'on', hits: 1 },
    ],
  });
  expect(await server.fauxlm('fault', 'clear', 'lock')).toMatchObject({
    out: 'lock  cleared  1 hit  hostid user=ann\n',
  });
  expect((await checkout('ann')).status).toBe(0);
  expect((await server.fauxlm('fault', 'clear')).status).toBe(0);
  expect((await checkout('bob')).status).toBe(0);
  expect((await server.fauxlm('fault', 'list')).out).toBe('no faults\n');
});

test('a vendor daemon that is down is told of by lmstat with -97, of the others as ever', async () => {
  await using server = await Faulty.start([], both);
  expect((await server.fauxlm('fault', 'add', 'down', 'vendor=acmed')).status).toBe(0);
  const lmstat = () => run('lmutil', ['lmstat', '-a', '-c', server.address]);
  const down = await lmstat();
  expect(down.out).toContain('acmed: The desired vendor daemon is down. (-97,121)');
  expect(down.out).toContain('betad: UP v11.18.1');
  await server.fauxlm('fault', 'clear');
  expect((await lmstat()).out).toContain('acmed: UP v11.18.1');
});

test('lmutil says what it sees: a manager that refuses (-15), breaks off (-16), cannot be named (-96)', async () => {
  await using server = await Faulty.start();
  const lmstat = () => run('lmutil', ['lmstat', '-a', '-c', server.address]);
  await server.add('refused server=manager');
  expect(await lmstat()).toMatchObject({
    status: 241,
    out: expect.stringContaining('(-15,570:111'),
  });
  await server.clear();
  await server.add('reset server=manager');
  expect(await lmstat()).toMatchObject({ out: expect.stringContaining('(-16,287:104') });
  await server.clear();
  await server.add('dns');
  expect(await lmstat()).toMatchObject({ out: expect.stringContaining('(-96,7') });
  await server.clear();
  expect(await lmstat()).toMatchObject({ status: 0 });
});

test('a full disk stops no server; what was logged meanwhile is written when there is room', async () => {
  await using server = await Faulty.start();
  await server.add('disk-full');
  expect(await outcome(server)).toBe('granted');
  const log = server.folder.at('debug.log');
  expect(textOf(log)).not.toContain('OUT: "solve" ann@ws1');
  await server.clear();
  await until(() => textOf(log).includes('OUT: "solve" ann@ws1'));
  const { err } = await server.server.stop();
  expect(err).toContain('debug log takes no more lines; the server goes on');
  expect(err).toContain('ENOSPC');
});

test('a fault of a feature that no license has is taken, and told with the near name', async () => {
  await using faulty = await Faulty.start(['--fault', 'slow latency=1ms feature=mehs']);
  const said =
    'slow: expected feature= of the licenses, got "slove", which none has; did you mean solve?';
  const { status, out, err } = await faulty.fauxlm(
    'fault',
    'add',
    'slow',
    'latency=1ms',
    'feature=slove',
  );
  expect({ status, err }).toEqual({ status: 0, err: `fauxlm fault add: ${said}\n` });
  expect(out).toContain('slow latency=1ms feature=slove');
  const known = await faulty.fauxlm('fault', 'add', 'slow', 'latency=1ms', 'feature=SOLVE,solve');
  expect(known).toMatchObject({ status: 0, err: '' });
  expect((await faulty.list()).map(({ remark }) => remark)).toEqual([
    expect.stringContaining('got "mehs"'),
    said,
    undefined,
  ]);
  writeFileSync(
    faulty.folder.at('acme.lic'),
    `${acmed}INCREMENT slove acmed 2.0 permanent 1 SIGN=00\n`,
  );
  await askControl(new URL(faulty.server.ready.http!), 'POST', '/reread', {});
  expect((await faulty.list())[1]).not.toHaveProperty('remark');
  // The operational log has both, whichever way they came.
  const log = (await faulty.server.stop()).err;
  expect(log).toMatch(/mehs.*"msg":"fault of no feature"[\s\S]*slove.*"msg":"fault of no feature"/);
});
