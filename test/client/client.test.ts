import { afterEach, describe, expect, test } from 'vitest';
import { type ConnectClientOptions, connectClient } from '../../src/client/client.ts';
import { greet, ScriptedServer, singlePortScript, startScripted } from './scripted-server.ts';

const stops: (() => unknown)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
});

async function started<T extends { stop(): unknown }>(starting: Promise<T>): Promise<T> {
  const server = await starting;
  stops.push(() => server.stop());
  return server;
}

async function connected(server: string, more: Partial<ConnectClientOptions> = {}) {
  const client = await connectClient({ server, ...more });
  stops.push(() => client.close());
  return client;
}

describe('a client of the library', () => {
  test('checks out as whom it is told to be, and checks in', async () => {
    const server = await started(startScripted({ acmed: { solve: '12.5' } }));
    const client = await connected(server.address, { user: 'bob', host: 'ws2', display: ':7' });
    const solve = await client.checkout('solve');
    expect(solve).toEqual({
      ok: true,
      feature: 'solve',
      count: 1,
      handle: 101,
      vendor: 'acmed',
      poolVersion: '12.5',
    });
    const daemon = server.daemons['acmed']!;
    expect(daemon.all('identify')).toMatchObject([{ user: 'bob', host: 'ws2', display: ':7' }]);
    expect(daemon.all('checkout')).toMatchObject([{ count: 1, version: '0.0' }]);
    expect(solve.ok && (await client.checkin(solve))).toBeUndefined();
    expect(daemon.all('checkin')).toMatchObject([{ handle: 101 }]);
    expect(await client.heartbeat()).toBeUndefined();
  });

  test('gets a refusal as a value with FlexNet’s code and words', async () => {
    const { address } = await started(startScripted({ acmed: { solve: -4 } }));
    const client = await connected(address);
    expect(await client.checkout('solve', { count: 2 })).toEqual({
      ok: false,
      refusal: { major: -4, minor: 300 },
      text: 'Licensed number of users already reached.',
    });
  });

  test('asks each daemon in order, and keeps equal handles of two daemons apart', async () => {
    const server = await started(startScripted({ acmed: { a: '1.0' }, betad: { b: '2.0' } }));
    const client = await connected(server.address);
    expect(client.vendors).toEqual(['acmed', 'betad']);
    const a = await client.checkout('a');
    const b = await client.checkout('b');
    if (!a.ok || !b.ok) throw new Error('one was denied');
    expect([a.handle, b.handle]).toEqual([101, 101]);
    await client.checkin(b);
    expect(server.daemons['acmed']?.all('checkin')).toEqual([]);
    expect(server.daemons['betad']?.all('checkin')).toHaveLength(1);
  });

  test('has one connection however many checkouts start at once', async () => {
    const vendors = { acmed: { solve: '1.0' } };
    const server = await started(ScriptedServer.start(singlePortScript(vendors)));
    const client = await connected(server.address, { vendor: 'acmed' });
    const all = await Promise.all([1, 2, 3].map(() => client.checkout('solve')));
    expect(all.map((each) => each.ok && each.handle)).toEqual([101, 102, 103]);
    expect(server.all('identify')).toHaveLength(1);
  });

  test('connects anew after its connection was lost', async () => {
    const server = await started(startScripted({ acmed: { solve: '1.0' } }));
    const client = await connected(server.address);
    await client.checkout('solve');
    const daemon = server.daemons['acmed']!;
    const refusal = client.heartbeat();
    daemon.talks[0]?.reset();
    expect((await refusal)?.refusal.major).toBe(-16);
    expect(await client.checkout('solve')).toMatchObject({ ok: true });
    expect(daemon.talks).toHaveLength(2);
  });

  test('is refused with -16 once closed, and -41 for what was never out', async () => {
    const { address } = await started(startScripted({ acmed: { solve: '1.0' } }));
    const client = await connected(address);
    const never = { ok: true, feature: 'solve', count: 1, handle: 9, vendor: 'acmed' } as const;
    const no = await client.checkin({ ...never, poolVersion: '1.0' });
    expect(no?.refusal.major).toBe(-41);
    client.close();
    expect(await client.checkout('solve')).toMatchObject({ refusal: { major: -16 } });
  });
});

describe('connectClient throws', () => {
  test('NET_UNREACHABLE where nothing listens', async () => {
    await expect(connectClient({ server: '1@127.0.0.1' })).rejects.toMatchObject({
      code: 'NET_UNREACHABLE',
      message: expect.stringContaining(
        '1@127.0.0.1: expected a license manager, got: Cannot connect',
      ),
      details: { refusal: { major: -15 } },
    });
  });

  test('NET_TIMEOUT where nobody answers', async () => {
    const { address } = await started(ScriptedServer.start(() => {}));
    const context = { answerTimeoutMs: 20 };
    await expect(connectClient({ server: address, context })).rejects.toMatchObject({
      code: 'NET_TIMEOUT',
    });
  });

  test('NET_UNREACHABLE at a server that is not ours', async () => {
    const foreign = ScriptedServer.start((_, talk) => greet(talk, 'lmgrd', 0));
    const { address } = await started(foreign);
    await expect(connectClient({ server: address })).rejects.toThrow(/fauxlm only/);
  });

  test.each(['', '/opt/a.lic', '1@a:2@b', 'alpha:27000'])('USAGE for %j', async (server) => {
    await expect(connectClient({ server })).rejects.toMatchObject({ code: 'USAGE' });
  });

  test('USAGE for a variable that is not set', async () => {
    const server = process.env['FAUXLM_NO_SUCH_SERVER'] as string;
    await expect(connectClient({ server })).rejects.toMatchObject({
      code: 'USAGE',
      message: 'server: expected port@host, got undefined',
    });
  });
});
