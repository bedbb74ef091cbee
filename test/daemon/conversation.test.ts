import type { Socket } from 'node:net';
import { Duplex } from 'node:stream';
import { expect, test } from 'vitest';
import { systemClock } from '../../src/base/clock.ts';
import { limits } from '../../src/base/limits.ts';
import { ownReads } from '../../src/daemon/connection-reads.ts';
import { Conversation } from '../../src/daemon/conversation.ts';
import { SiteFaults } from '../../src/daemon/faults/site-faults.ts';
import { Peer, type Responder } from '../../src/daemon/peer.ts';
import { Rounds } from '../../src/daemon/rounds.ts';
import { Traffic } from '../../src/daemon/traffic.ts';
import { frameBytes } from './raw-client.ts';

/** A connection whose client takes what was written only when told to. */
class SlowSocket extends Duplex {
  readonly written: Buffer[] = [];
  #taken: (() => void) | undefined;

  constructor() {
    super({ allowHalfOpen: true, highWaterMark: 16 * 1024 });
  }

  override _read(): void {}

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.written.push(chunk);
    this.#taken = done;
  }

  destroySoon(): void {
    this.end();
  }

  say(bytes: Buffer): void {
    this.push(bytes);
  }

  accept(): void {
    const taken = this.#taken;
    this.#taken = undefined;
    taken?.();
  }

  get unsent(): number {
    return this.writableLength;
  }
}

const immediate = (): Promise<void> => new Promise((done) => setImmediate(done));

/** Long enough for what was said to be heard, and for its answers to leave behind everything that was heard. */
async function turn(): Promise<void> {
  await immediate();
  await immediate();
}

const ASK = frameBytes(0x7f10, Buffer.from([1, 0, 0, 0, 1]));

function talk(
  answerBytes: number,
  failed: (error: unknown) => void = () => {},
  rounds = new Rounds(),
): { peer: Peer; socket: SlowSocket; answered: () => number } {
  const socket = new SlowSocket();
  let answered = 0;
  const responder: Responder = {
    traffic: new Traffic(),
    faults: new SiteFaults(systemClock, 'vendor'),
    featureOf: () => undefined,
    frame: (peer) => {
      answered++;
      peer.out.raw(Buffer.alloc(answerBytes));
    },
    legacy: () => {},
    holds: () => false,
    closed: () => {},
  };
  const peer = new Peer(1, socket as unknown as Socket, responder, 0);
  // It has said hello.
  peer.settled = true;
  const conversation = new Conversation(peer, rounds, {
    greeted: () => {},
    failed: (_peer, error) => failed(error),
  });
  ownReads(peer.socket).listen((bytes, length) => conversation.receive(bytes, length));
  return { peer, socket, answered: () => answered };
}

test('requests behind a round of answers wait until those are taken, and are then answered in order', async () => {
  const { peer, socket, answered } = talk(20_000);
  socket.say(Buffer.concat(Array<Buffer>(100).fill(ASK)));
  await turn();
  await turn();
  expect(answered()).toBe(Math.ceil(limits.answerBytesMax / 20_000));
  expect(socket.unsent).toBeLessThanOrEqual(limits.answerBytesMax + 20_000);
  expect(peer.stalledSince).toBeDefined();
  for (let round = 0; round < 100; round++) {
    socket.accept();
    await turn();
    await turn();
  }
  expect(answered()).toBe(100);
  expect(socket.written.reduce((sum, { length }) => sum + length, 0)).toBe(100 * 20_000);
  expect(peer.stalledSince).toBeUndefined();
});

test('a client counts as stalled from the first bytes that it does not take to the last that it takes', async () => {
  const { peer, socket } = talk(20_000);
  socket.say(ASK);
  await turn();
  const since = peer.stalledSince;
  expect(since).toBeDefined();
  socket.say(ASK);
  await turn();
  expect(peer.stalledSince).toBe(since);
  socket.accept();
  socket.accept();
  await turn();
  expect(peer.stalledSince).toBeUndefined();
  expect(peer.activeAt).toBeGreaterThanOrEqual(since!);
});

test('nothing is read from a client while what it asked waits', async () => {
  const { socket } = talk(limits.answerBytesMax);
  socket.say(Buffer.concat([ASK, ASK, ASK]));
  await turn();
  expect(socket.isPaused()).toBe(true);
  for (let round = 0; round < 4; round++) {
    socket.accept();
    await turn();
    await turn();
  }
  expect(socket.isPaused()).toBe(false);
});

test('answers to one read leave in one write', async () => {
  const { socket, answered } = talk(40);
  socket.say(Buffer.concat(Array<Buffer>(16).fill(ASK)));
  await turn();
  expect([answered(), socket.written.length]).toEqual([16, 1]);
});

test('answers leave when everybody who was heard in a turn has been answered', async () => {
  const rounds = new Rounds();
  const talks = [1, 2, 3].map(() => talk(40, undefined, rounds));
  for (const { socket } of talks) socket.say(ASK);
  await immediate();
  const seen = talks.map(({ socket, answered }) => [answered(), socket.written.length]);
  await immediate();
  const left = talks.map(({ socket, answered }) => [answered(), socket.written.length]);
  expect(seen).toEqual([1, 2, 3].map(() => [1, 0]));
  expect(left).toEqual([1, 2, 3].map(() => [1, 1]));
});

test('a hello is answered at once', async () => {
  const { peer, socket } = talk(40);
  peer.settled = false;
  socket.say(ASK);
  await immediate();
  expect(socket.written.length).toBe(1);
});

test('a connection that is gone before its answers leave takes nobody else with it', async () => {
  const rounds = new Rounds();
  const [first, second] = [talk(40, undefined, rounds), talk(40, undefined, rounds)];
  first.socket.say(ASK);
  second.socket.say(ASK);
  await immediate();
  first.socket.destroy();
  await immediate();
  expect([first.socket.written.length, second.socket.written.length]).toEqual([0, 1]);
});

test('a client that leaves more unread than two rounds of answers is cut off', async () => {
  const { peer, socket } = talk(limits.unsentBytesMax);
  socket.say(ASK);
  await turn();
  peer.out.raw(Buffer.alloc(1));
  peer.flush();
  expect(socket.destroyed).toBe(true);
});

test('an answer that takes its time keeps its place, and the connection open for a client that has said all', async () => {
  const { peer, socket, answered } = talk(40);
  const answer = answerLater(peer);
  socket.say(Buffer.concat([ASK, ASK, ASK]));
  socket.push(null);
  await turn();
  expect([answered(), socket.written.length, socket.isPaused()]).toEqual([1, 0, true]);
  answer.give();
  await turn();
  await turn();
  expect(answered()).toBe(3);
  socket.accept();
  await turn();
  const bytes = Buffer.concat(socket.written);
  expect(bytes.toString('latin1', 0, 5)).toBe('later');
  expect(bytes.length).toBe(5 + 2 * 40);
});

test('an answer that fails by a defect of ours costs its connection and nothing else', async () => {
  const failures: unknown[] = [];
  const { peer, socket } = talk(40, (error) => failures.push(error));
  const answer = answerLater(peer);
  socket.say(ASK);
  await turn();
  answer.fail(new Error('a defect'));
  await turn();
  expect(failures).toEqual([new Error('a defect')]);
});

/** Has the next request answered when told to. */
function answerLater(peer: Peer): { give: () => void; fail: (error: Error) => void } {
  const plain = peer.responder;
  let give!: () => void;
  let fail!: (error: Error) => void;
  const answer = new Promise<void>((resolve, reject) => {
    give = resolve;
    fail = reject;
  });
  peer.responder = {
    ...plain,
    frame: (...message) => {
      plain.frame(...message);
      peer.out.rewind(0);
      peer.responder = plain;
      peer.later(answer.then(() => peer.out.raw(Buffer.from('later'))));
    },
  };
  return { give, fail };
}
