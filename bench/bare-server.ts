/**
 * The floor: a bare node:net server that frames, verifies and computes both checksums, and answers canned bodies.
 * No identity, no ledger, no journal, no log. One write per read, like ours. Listens on two free ports (one would
 * do, but ours has two) and prints them as JSON.
 */
import { createServer, type Server, type Socket } from 'node:net';
import { crc14, headerSum } from '../src/wire/checksum.ts';
import type { MessageValue } from '../src/wire/message.ts';
import { messages, OWN_VERSION } from '../src/wire/messages/index.ts';
import { HEADER_BYTES, Outbox } from '../src/wire/outbox.ts';
import { MessageSplitter } from '../src/wire/splitter.ts';

const own = { ownVersion: OWN_VERSION, tag: 0 } as const;

function canned(write: (out: Outbox) => void): Buffer {
  const out = new Outbox();
  write(out);
  return out.take();
}

const granted = canned((out) =>
  messages.granted.write(out, { ...own, handle: 100_000, poolVersion: '2030.0' }),
);
const accepted = canned((out) => messages.accepted.write(out, { ...own }));
const failure = canned((out) =>
  messages.failure.write(out, { ...own, major: -5, minor: 1, sys: 0, sysText: '', text: 'no' }),
);
const greeting = canned((out) => {
  const value = {
    versionMajor: 11,
    versionMinor: 18,
    suffix: 0,
    host: '127.0.0.1',
    daemon: 'acmed',
  };
  messages.greeting.write(out, value satisfies MessageValue<typeof messages.greeting>);
});
const redirect = canned((out) =>
  messages.redirect.write(out, { host: '127.0.0.1', port: 40_000, trail: undefined }),
);

const answers = new Map<number, Buffer>([
  [messages.checkout.typeCode, granted],
  [messages.checkin.typeCode, accepted],
]);

/** A reply of a read: the canned bytes with the request's tag, both sums computed anew. */
class Replies {
  #bytes = Buffer.allocUnsafeSlow(65_536);
  #end = 0;

  add(template: Buffer, request: Buffer | undefined, start: number): void {
    const at = this.#end;
    template.copy(this.#bytes, at);
    this.#end += template.length;
    if (request) request.copy(this.#bytes, at + HEADER_BYTES + 1, start + 21, start + 25);
    const crc = crc14(this.#bytes, at + 4, this.#end);
    this.#bytes[at + 2] = crc >>> 8;
    this.#bytes[at + 3] = crc;
    this.#bytes[at + 1] = headerSum(this.#bytes, at);
  }

  take(): Buffer {
    const taken = Buffer.allocUnsafe(this.#end);
    taken.set(this.#bytes.subarray(0, this.#end));
    this.#end = 0;
    return taken;
  }

  get length(): number {
    return this.#end;
  }
}

function serve(helloAnswer: Buffer): Server {
  return createServer({ noDelay: true }, (socket: Socket) => {
    const splitter = new MessageSplitter();
    const replies = new Replies();
    const sink = {
      frame: (type: number, bytes: Buffer, start: number) =>
        replies.add(answers.get(type) ?? failure, bytes, start),
      legacy: () => replies.add(helloAnswer, undefined, 0),
      fault: () => socket.destroy(),
    };
    socket.on('data', (chunk: Buffer) => {
      splitter.push(chunk, sink);
      if (replies.length > 0) socket.write(replies.take());
    });
    socket.on('error', () => {});
  });
}

const manager = serve(redirect);
const daemon = serve(greeting);
manager.listen(0, '127.0.0.1', () => {
  daemon.listen(0, '127.0.0.1', () => {
    const port = (server: Server): number => (server.address() as { port: number }).port;
    process.stdout.write(`${JSON.stringify({ port: port(manager), daemon: port(daemon) })}\n`);
  });
});
process.on('disconnect', () => process.exit(0));
