import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { type ConnectionReads, ownReads, sharedReads } from '../../src/daemon/connection-reads.ts';

const servers: Server[] = [];

afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

/** A connection, from both its ends. */
interface Line {
  readonly server: Server;
  readonly client: Socket;
  readonly reads: ConnectionReads;
}

/** A connection that is read as `readsOf` has it. */
async function line(readsOf: (socket: Socket) => ConnectionReads): Promise<Line> {
  const server = createServer({ allowHalfOpen: true, noDelay: true });
  servers.push(server);
  const accepted = new Promise<ConnectionReads>((done) => {
    server.once('connection', (socket) => done(readsOf(socket)));
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as { port: number };
  const client = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
  return { server, client, reads: await accepted };
}

/** What comes next, as the one that listens is told of it. */
function nextRead({ listen }: ConnectionReads): Promise<{ bytes: Buffer; text: string }> {
  return new Promise((done) => {
    listen((bytes, length) => done({ bytes, text: bytes.toString('latin1', 0, length) }));
  });
}

test('all connections are read into one buffer', async () => {
  const [one, other] = [await line(sharedReads), await line(sharedReads)];
  one.client.write('of one');
  const first = await nextRead(one.reads);
  other.client.write('of the other');
  const second = await nextRead(other.reads);
  expect([first.text, second.text]).toEqual(['of one', 'of the other']);
  expect(second.bytes).toBe(first.bytes);
  one.client.destroy();
  other.client.destroy();
});

test('what is more than one read holds comes in several, nothing missing', async () => {
  const { client, reads } = await line(sharedReads);
  const sent = Buffer.alloc(200_000, 'fauxlm');
  let got = Buffer.alloc(0);
  const all = new Promise<void>((done) => {
    reads.listen((bytes, length) => {
      got = Buffer.concat([got, bytes.subarray(0, length)]);
      if (got.length >= sent.length) done();
    });
  });
  client.write(sent);
  await all;
  expect(got.equals(sent)).toBe(true);
  client.destroy();
});

test('a paused connection is not read until it goes on', async () => {
  const { client, reads } = await line(sharedReads);
  const texts: string[] = [];
  let told = (): void => {};
  reads.listen((bytes, length) => {
    texts.push(bytes.toString('latin1', 0, length));
    reads.socket.pause();
    told();
  });
  const heard = (): Promise<void> => new Promise((done) => (told = done));
  const first = heard();
  client.write('first');
  await first;
  // The client's second has arrived at this machine when the call that sends it is over.
  await new Promise<void>((done) => client.write('second', () => done()));
  await new Promise((done) => setImmediate(done));
  expect(texts).toEqual(['first']);
  const second = heard();
  reads.socket.resume();
  await second;
  expect(texts).toEqual(['first', 'second']);
  client.destroy();
});

test('a client that has closed its side is told so, and still answered', async () => {
  const { client, reads } = await line(sharedReads);
  const [read, end] = [nextRead(reads), once(reads.socket, 'end')];
  client.end('last words');
  expect((await read).text).toBe('last words');
  await end;
  const [answer, closed] = [once(client, 'data'), once(reads.socket, 'close')];
  reads.socket.end('the answer');
  expect(String((await answer)[0])).toBe('the answer');
  await closed;
});

test('a server that was closed is so when the last of its connections is gone', async () => {
  const { server, client, reads } = await line(sharedReads);
  let closed = false;
  const gone = new Promise<void>((done) => {
    server.close(() => {
      closed = true;
      done();
    });
  });
  const read = nextRead(reads);
  client.write('still here');
  await read;
  expect(closed).toBe(false);
  reads.socket.destroy();
  await gone;
  expect(closed).toBe(true);
  client.destroy();
});

test('a connection that was reset says so and closes', async () => {
  const { client, reads } = await line(sharedReads);
  const read = nextRead(reads);
  client.write('hello');
  await read;
  const failed = once(reads.socket, 'error');
  client.resetAndDestroy();
  const [error] = (await failed) as [NodeJS.ErrnoException];
  expect(error.code).toBe('ECONNRESET');
});

test('a Node that does not let the socket be replaced reads as ever', async () => {
  let accepted: Socket | undefined;
  const { client, reads } = await line((socket) => {
    accepted = socket;
    const { _handle } = socket as unknown as { _handle: object };
    Object.defineProperty(_handle, 'useUserBuffer', { value: undefined });
    return sharedReads(socket);
  });
  expect(reads.socket).toBe(accepted);
  client.write('hello');
  expect((await nextRead(reads)).text).toBe('hello');
  client.destroy();
});

test('reads of a connection that stays by itself are each a buffer of their own', async () => {
  const { client, reads } = await line(ownReads);
  const first = nextRead(reads);
  client.write('first');
  const one = await first;
  const second = nextRead(reads);
  client.write('second');
  await second;
  expect(one.bytes.toString()).toBe('first');
  client.destroy();
});
