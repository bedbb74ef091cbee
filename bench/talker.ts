import { connect, type Socket } from 'node:net';
import { writeCheckin, writeCheckout } from '../src/wire/hot.ts';
import { messages, OWN_VERSION } from '../src/wire/messages/index.ts';
import { HEADER_BYTES, Outbox } from '../src/wire/outbox.ts';
import { FEATURE, framesOf, hello } from './wire-client.ts';

/** What comes back: a grant with its handle, consent to a check-in or a heartbeat, or a refusal. */
export interface Answers {
  granted(handle: number): void;
  accepted(): void;
  refused(): void;
}

/** One connection to a vendor daemon; what is said is sent by `send`, many requests in one write. */
export class Talker {
  readonly socket: Socket;
  answers: Answers = { granted() {}, accepted() {}, refused() {} };
  readonly #out = new Outbox();
  /** By us: whatever ends otherwise counts as a refusal, lest somebody waits for its answer. */
  #closed = false;

  private constructor(socket: Socket) {
    this.socket = socket;
  }

  /** Connects and says hello; resolves when that is answered. */
  static open(port: number, user: string): Promise<Talker> {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true });
    const talker = new Talker(socket);
    return new Promise((resolve, reject) => {
      socket.on('error', reject);
      socket.once('close', () => {
        reject(new Error('a connection was closed before its hello was answered'));
        if (!talker.#closed) talker.answers.refused();
      });
      socket.once('connect', () => socket.write(hello('acmed', user)));
      let greeted = false;
      socket.on(
        'data',
        framesOf((type, bytes, at) => {
          if (greeted) return talker.#answered(type, bytes, at);
          greeted = true;
          resolve(talker);
        }),
      );
    });
  }

  checkout(feature = FEATURE): void {
    const value = { tag: 1, flags: 0, count: 1, feature, version: '2030.0', data: '' };
    writeCheckout(this.#out, value);
  }

  checkin(handle: number): void {
    writeCheckin(this.#out, 2, handle);
  }

  heartbeat(): void {
    messages.heartbeat.write(this.#out, { ownVersion: OWN_VERSION, tag: 3, flags: 0 });
  }

  send(): void {
    if (this.#out.length > 0 && !this.socket.destroyed) this.socket.write(this.#out.take());
  }

  close(): void {
    this.#closed = true;
    this.socket.destroy();
  }

  #answered(type: number, bytes: Buffer, at: number): void {
    if (type === messages.granted.typeCode) {
      this.answers.granted(bytes.readUInt32BE(at + HEADER_BYTES + 5));
    } else if (type === messages.failure.typeCode) this.answers.refused();
    else this.answers.accepted();
  }
}

/** So many talkers, opened a few at a time: a server's backlog is short. */
export async function openTalkers(port: number, count: number): Promise<readonly Talker[]> {
  const talkers: Talker[] = [];
  while (talkers.length < count) {
    const some = Math.min(OPENED_AT_ONCE, count - talkers.length);
    const from = talkers.length;
    const opened = Array.from({ length: some }, (_, index) =>
      Talker.open(port, `user${from + index}`),
    );
    talkers.push(...(await Promise.all(opened)));
  }
  return talkers;
}

const OPENED_AT_ONCE = 100;
