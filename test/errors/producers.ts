import type { Socket } from 'node:net';
import { hostname } from 'node:os';
import { requestCheckout } from '../../src/client/checkout.ts';
import { connectClient } from '../../src/client/client.ts';
import { refusalOfSystemError } from '../../src/client/system-errors.ts';
import { answerManagerAdmin } from '../../src/daemon/manager-admin.ts';
import { messages, OWN_VERSION } from '../../src/wire/messages/index.ts';
import { Outbox } from '../../src/wire/outbox.ts';
import { makeContext, makePath, makeWanted } from '../client/make.ts';
import {
  checkoutBytes,
  failureOf,
  frameBytes,
  greeted,
  helloBytes,
  RawClient,
} from '../daemon/raw-client.ts';
import { lines } from '../lmutil/test-io.ts';
import { lendingProducers } from './lending.ts';
import {
  manager,
  type Provoke,
  type Stage,
  served,
  solve,
  stranger,
  thrown,
  tool,
} from './provoked.ts';

const dongle = 'FLEXID=7-b28520b9';
const unserved = 'FEATURE solve acmed 1.0 permanent uncounted HOSTID=ANY SIGN=00';

/** What a client is refused that searches a license path by itself. */
async function searching(path: string, version = '1.0'): Promise<number> {
  const result = await requestCheckout(makeWanted({ version }), makePath(path), makeContext());
  return result.ok ? 0 : result.reported.refusal.major;
}

/** Bytes sent to a manager, and the code of the `W` message that answers the last of them. */
async function rawAnswer(stage: Stage, bytes: readonly Buffer[]): Promise<number> {
  const server = await manager(stage, {});
  const client = await RawClient.open(server.port);
  stage.defer(() => client.end());
  let answer = Buffer.alloc(0);
  for (const each of bytes) {
    client.send(each);
    answer = Buffer.from((await client.message()).bytes);
  }
  return Number.parseInt(answer.toString('latin1', 2), 10);
}

/** What a vendor daemon answers a checkout that no client of ours would send. */
async function rawCheckout(stage: Stage, version: string): Promise<number> {
  const server = await manager(stage, {});
  const client = await greeted(server.vendors[0]!.port);
  stage.defer(() => client.end());
  client.send(checkoutBytes('solve', { version }));
  return failureOf((await client.message()).bytes)[0];
}

/** One for every line of `provocations`, doing what the line says. */
export const producers: Readonly<Record<number, Provoke>> = {
  [-1]: () => searching('/nosuch/license.lic'),
  [-2]: (stage) => tool(['lmcksum', '-c', stage.file('a.lic', `${solve} ck=999`)]),
  [-3]: (stage) => searching(stage.file('a.lic', solve)),
  [-4]: (stage) => served(stage, [solve], [], { before: 1 }),
  [-5]: (stage) => served(stage, [solve], [], { feature: 'nosuch' }),
  // The operating system's own refusals: what a client makes of each.
  [-7]: async () => refusalOfSystemError({ code: 'EMFILE' }, 'connect').major,
  [-8]: (stage) => tool(['lminstall', '-overfmt', '5', '-i', stage.file('a.lic', solve)]),
  [-9]: (stage) => served(stage, [`${solve} HOSTID=0200ffffffff`]),
  [-10]: (stage) => served(stage, ['INCREMENT solve acmed 1.0 1-jan-2001 1 SIGN=00']),
  [-12]: async (stage) => {
    const port = await stranger(stage, (socket) =>
      socket.write('HTTP/1.1 400 Bad Request\r\n'.repeat(9)),
    );
    return thrown(connectClient({ server: `${port}@127.0.0.1` }));
  },
  [-13]: (stage) => tool(['lmstat', '-c', stage.file('a.lic', unserved)]),
  [-15]: () => searching('1@127.0.0.1'),
  [-16]: async (stage) => {
    const port = await stranger(stage, (socket) => socket.once('data', () => socket.end()));
    return thrown(connectClient({ server: `${port}@127.0.0.1` }));
  },
  [-17]: async () => refusalOfSystemError({ code: 'EPIPE' }, 'read').major,
  [-21]: (stage) => searching(stage.file('a.lic', unserved), '1.1'),
  [-25]: (stage) => served(stage, [solve], [], { version: '1.1' }),
  [-26]: (stage) => served(stage, [solve], [], { count: 2 }),
  [-29]: () => tool(['lmhostid'], { identity: () => ({ ...makeContext().identity, hostids: [] }) }),
  [-30]: (stage) => tool(['lmdiag', '-c', stage.file('a.lic', '#'.repeat(17 * 1024 * 1024))]),
  [-31]: (stage) => served(stage, [`${solve} START=1-jan-2090`]),
  [-33]: (stage) => rawAnswer(stage, [frameBytes(0x0108, Buffer.from('0104000000000000', 'hex'))]),
  [-38]: (stage) => served(stage, [solve], ['EXCLUDE solve USER ann']),
  [-39]: (stage) => served(stage, [solve], ['INCLUDE solve USER ben']),
  [-41]: async (stage) => {
    const server = await manager(stage, {});
    return tool(['lmremove', '-c', server.address, 'solve', 'ann', 'ws1', '/dev/pts/0']);
  },
  [-42]: () => tool(['lmstat', '-nosuch']),
  [-52]: async (stage) => {
    const port = await stranger(stage, () => {});
    const context = { answerTimeoutMs: 1 };
    return thrown(connectClient({ server: `${port}@127.0.0.1`, context }));
  },
  [-63]: async (stage) => {
    const server = await manager(stage, { disabled: ['lmdown'] });
    return tool(['lmdown', '-q', '-c', server.address]);
  },
  [-69]: (stage) => served(stage, [`${solve} FLOAT_OK HOSTID=${dongle}`], [], { host: hostname() }),
  [-64]: async (stage) => {
    const server = await manager(stage, {});
    const who = { user: 'ann', host: 'ws1', display: ':0' };
    const client = await connectClient({ server: server.address, ...who });
    stage.defer(() => client.close());
    await client.checkout('solve');
    return tool(['lmremove', '-c', server.address, 'solve', 'ann', 'ws1', ':0']);
  },
  [-77]: (stage) => rawCheckout(stage, 'two'),
  [-82]: (stage) => served(stage, ['PACKAGE solve acmed 1.0', solve], [], { lenient: true }),
  [-84]: (stage) => served(stage, [`${solve} USER_BASED`]),
  [-85]: async (stage) => {
    const port = await stranger(stage, greetAsAnother);
    return tool(['lmreread', '-c', `${port}@127.0.0.1`]);
  },
  [-87]: (stage) => served(stage, [solve], ['MAX 0 solve USER ann']),
  [-89]: (stage) => served(stage, [`${solve} PLATFORMS=nosuch_p`]),
  [-96]: () => searching('27000@nosuch.invalid'),
  [-97]: async (stage) => {
    const server = await manager(stage, {});
    const client = await connectClient({ server: server.address, vendor: 'nosuchd' });
    stage.defer(() => client.close());
    const result = await client.checkout('solve');
    return result.ok ? 0 : result.refusal.major;
  },
  [-98]: (stage) => tool(['lminstall', '-odecimal', '-i', stage.file('a.lic', solve)]),
  [-99]: (stage) =>
    tool(['lminstall', '-i', stage.file('a.lic', 'acmed-solve-01234-56789-01234-5')]),
  [-100]: async (stage) => {
    const text = lines('SERVER this_host ANY', 'VENDOR acmed', `${solve} LINGER=600`);
    const licenses = [{ name: 'a.lic', text }];
    const server = await manager(stage, { licenses, lmremoveAgeSecondsMin: 0 });
    const identity = { user: 'ann', host: 'ws1', display: ':0' };
    const client = await connectClient({ server: server.address, ...identity });
    stage.defer(() => client.close());
    const seat = await client.checkout('solve');
    if (seat.ok) await client.checkin(seat);
    return tool(['lmremove', '-c', server.address, 'solve', 'ann', 'ws1', ':0']);
  },
  [-101]: (stage) => served(stage, [solve], ['RESERVE 1 solve USER ben']),
  [-103]: (stage) => served(stage, [unserved], [], { remoteDesktop: true }),
  [-110]: () => tool(['lmhostid', '-flexid']),
  [-119]: async () => remoteShutdown(),
  [-121]: (stage) => served(stage, [`${solve} FLOAT_OK HOSTID="${dongle} FLEXID=7-b2857678"`]),
  [-125]: (stage) => served(stage, ['PACKAGE solve acmed COMPONENTS=mesh OPTIONS=SUITE', solve]),
  ...lendingProducers,
  [-140]: (stage) => rawAnswer(stage, [helloBytes(''), frameBytes(0x0fff, Buffer.alloc(1))]),
  [-178]: (stage) =>
    served(stage, [`${unserved} ONE_TS_OK`], [], { before: 1, as: 'ben', remoteDesktop: true }),
};

/** A greeting without the suffix by which our servers tell themselves. */
function greetAsAnother(socket: Socket): void {
  socket.once('data', () => {
    socket.write(frameBytes(0x010e, Buffer.from('\x0b\x12\0\0other\0acmed\0', 'latin1')));
  });
}

/** lmdown as a manager that was started with -local hears it from the documentation's network. */
function remoteShutdown(): number {
  const out = new Outbox();
  messages.adminRequest.write(out, { ownVersion: OWN_VERSION, tag: 1, verb: 'down', words: [] });
  const request = out.take();
  const peer = { remoteAddress: '192.0.2.7', localAddress: '192.0.2.1', client: {}, out };
  const manager = { options: { rights: { localOnly: true, disabled: new Set() } } };
  answerManagerAdmin(manager as never, peer as never, request, 0, request.length);
  return failureOf(out.take())[0];
}
