import { connect, type Socket } from 'node:net';
import { KnownError } from '../base/errors.ts';
import type { Refusal } from '../base/refusal.ts';
import { quickDecoder } from '../wire/client-twins.ts';
import type { Message, MessageValue } from '../wire/message.ts';
import { type MessageKind, messages } from '../wire/messages/index.ts';
import { Outbox } from '../wire/outbox.ts';
import { MessageSplitter } from '../wire/splitter.ts';
import { refusalOfSystemError } from './system-errors.ts';

type Messages = typeof messages;

/**
 * A message that came, decoded; or why none will: a FlexNet refusal, the network's failures
 * included.
 */
export type Received =
  | {
      [K in MessageKind]: { readonly kind: K; readonly value: MessageValue<Messages[K]> };
    }[MessageKind]
  | {
      readonly kind: 'refused';
      readonly refusal: Refusal;
      /** The peer's own words, perhaps none; absent when it is the network that failed. */
      readonly text?: string;
      /** The tag of the request, in our own messages. */
      readonly tag?: number;
    };

export interface ConnectOptions {
  readonly host: string;
  readonly port: number;
  /** Longest wait for the connection to stand. */
  readonly connectTimeoutMs: number;
  /** Longest wait for one answer. */
  readonly answerTimeoutMs: number;
}

/** Answers that may wait for a reader before the connection counts as broken. */
const UNREAD_MAX = 10_000;

const kindOfFrame = new Map<number, MessageKind>();
const kindOfLegacy = new Map<number, MessageKind>();
for (const kind of Object.keys(messages) as MessageKind[]) {
  const { generation, typeCode } = messages[kind];
  (generation === 'frame' ? kindOfFrame : kindOfLegacy).set(typeCode, kind);
}
// Both the legacy redirect and the legacy text are `L`; a client of ours asks for text only.
kindOfLegacy.set(messages.legacyText.typeCode, 'legacyText');

/**
 * One connection to a manager or daemon: messages out, messages in, in order. Failures of the
 * network are refusals (-15, -16 ...), as FlexNet clients report them; nothing here throws for what
 * a peer does.
 */
export class Connection {
  readonly options: ConnectOptions;
  readonly #socket: Socket;
  readonly #splitter = new MessageSplitter();
  readonly #out = new Outbox();
  readonly #unread: Received[] = [];
  readonly #readers: ((received: Received) => void)[] = [];
  #ended: Received | undefined;
  #onClose: ((why: Refusal) => void) | undefined;
  #onMessage: ((received: Received) => void) | undefined;

  private constructor(socket: Socket, options: ConnectOptions) {
    this.#socket = socket;
    this.options = options;
    socket.setNoDelay(true);
    socket.on('data', (chunk: Buffer) => this.#receive(chunk));
    socket.on('error', (error) => this.#end(refusalOfSystemError(error, 'read')));
    socket.on('close', () => this.#end({ major: -16, minor: 287 }));
  }

  /** Connects; resolves with the connection or with the refusal a FlexNet client would report. */
  static open(options: ConnectOptions): Promise<Connection | Refusal> {
    if (!isPort(options.port)) return Promise.resolve({ major: -15, minor: 570, ...noSuchPort });
    return new Promise((resolve) => {
      const socket = connect({ host: options.host, port: options.port });
      const timer = setTimeout(() => {
        socket.destroy();
        resolve({ major: -15, minor: 570, sys: 110, sysText: 'Connection timed out' });
      }, options.connectTimeoutMs);
      socket.once('error', (error) => {
        clearTimeout(timer);
        resolve(refusalOfSystemError(error, 'connect'));
      });
      socket.once('connect', () => {
        clearTimeout(timer);
        socket.removeAllListeners('error');
        resolve(new Connection(socket, options));
      });
    });
  }

  get localAddress(): string {
    return this.#socket.localAddress ?? '';
  }

  get ended(): boolean {
    return this.#ended !== undefined;
  }

  /** Called once, when the connection ends for any reason but `close`. */
  onClose(listener: (why: Refusal) => void): void {
    this.#onClose = listener;
  }

  /**
   * From now on messages go to `listener` as they come; `next` is for dialogues with one question
   * at a time.
   */
  onMessage(listener: (received: Received) => void): void {
    this.#onMessage = listener;
    for (const received of this.#unread.splice(0)) listener(received);
  }

  /** Lets the process end although this connection is open (`unref`) or not. */
  keepAlive(keep: boolean): void {
    if (keep) this.#socket.ref();
    else this.#socket.unref();
  }

  /** Queues a message; all messages of one turn of the event loop leave in one write. */
  send<K extends MessageKind>(kind: K, value: MessageValue<Messages[K]>, time = 0): void {
    const message = messages[kind] as unknown as Message<string, never>;
    message.write(this.#out, value as never, time);
    this.#flushSoon();
  }

  /** Sends bytes as they are: for tools that must speak wrongly. */
  sendRaw(bytes: Uint8Array): void {
    this.#out.raw(bytes);
    this.#flushSoon();
  }

  #flushing = false;
  #flushSoon(): void {
    if (this.#flushing) return;
    this.#flushing = true;
    queueMicrotask(() => {
      this.#flushing = false;
      if (this.#out.length > 0 && !this.#ended) this.#socket.write(this.#out.take());
    });
  }

  /**
   * The next message in order; a refusal (-52) when none comes in time, or when the connection has
   * ended.
   */
  next(timeoutMs = this.options.answerTimeoutMs): Promise<Received> {
    const first = this.#unread.shift();
    if (first) return Promise.resolve(first);
    if (this.#ended) return Promise.resolve(this.#ended);
    return new Promise((resolve) => {
      const reader = (received: Received): void => {
        clearTimeout(timer);
        resolve(received);
      };
      const timer = setTimeout(() => {
        this.#readers.splice(this.#readers.indexOf(reader), 1);
        resolve({ kind: 'refused', refusal: { major: -52, minor: 1 } });
      }, timeoutMs);
      this.#readers.push(reader);
    });
  }

  /** Sends a request and waits for the next message. */
  ask<K extends MessageKind>(
    kind: K,
    value: MessageValue<Messages[K]>,
    time = 0,
  ): Promise<Received> {
    this.send(kind, value, time);
    return this.next();
  }

  close(): void {
    this.#onClose = undefined;
    if (this.#out.length > 0 && !this.#ended) this.#socket.write(this.#out.take());
    this.#ended ??= { kind: 'refused', refusal: { major: -16, minor: 287 } };
    for (const reader of this.#readers.splice(0)) reader(this.#ended);
    this.#socket.destroySoon();
  }

  #receive(chunk: Buffer): void {
    this.#splitter.push(chunk, {
      frame: (type, bytes, start, end) => this.#decode(kindOfFrame.get(type), bytes, start, end),
      legacy: (kind, bytes, start) =>
        this.#decode(kindOfLegacy.get(kind), bytes, start, start + 147),
      fault: () => this.#end({ major: -12, minor: 1 }),
    });
  }

  #decode(kind: MessageKind | undefined, bytes: Buffer, start: number, end: number): void {
    if (kind === undefined) {
      this.#end({ major: -12, minor: 2 });
      return;
    }
    try {
      // A copy: fields that are raw bytes would else point into the socket's read buffer.
      const whole = Buffer.from(bytes.subarray(start, end));
      const value = quickDecoder(messages[kind])(whole, 0, whole.length);
      this.#deliver(asRefusal(kind, value) ?? ({ kind, value } as Received));
    } catch (error) {
      if (!(error instanceof KnownError)) throw error;
      this.#end({ major: -12, minor: 3 });
    }
  }

  #deliver(received: Received): void {
    const reader = this.#readers.shift();
    if (reader) reader(received);
    else if (this.#onMessage) this.#onMessage(received);
    else if (this.#unread.length < UNREAD_MAX) this.#unread.push(received);
    else this.#end({ major: -12, minor: 4 });
  }

  #end(refusal: Refusal): void {
    if (this.#ended) return;
    this.#ended = { kind: 'refused', refusal };
    this.#socket.destroy();
    for (const reader of this.#readers.splice(0)) reader(this.#ended);
    this.#onClose?.(refusal);
  }
}

function isPort(port: number): boolean {
  return Number.isInteger(port) && port >= 1 && port <= 65_535;
}

/** What Linux says of a port that cannot be. */
const noSuchPort = { sys: 22, sysText: 'Invalid argument' } as const;

/** Our `failure` and the old `W` are refusals; everything else is a message. */
function asRefusal(kind: MessageKind, value: unknown): Received | undefined {
  if (kind === 'failure') {
    const { tag, major, minor, sys, sysText, text } = value as MessageValue<Messages['failure']>;
    // 0 is no system error; words may come without a number.
    const system = { ...(sys === 0 ? {} : { sys }), ...(sysText === '' ? {} : { sysText }) };
    return { kind: 'refused', refusal: { major, minor, ...system }, text, tag };
  }
  if (kind === 'legacyError') {
    const code = Number.parseInt((value as MessageValue<Messages['legacyError']>).code, 10);
    const refusal = { major: Number.isNaN(code) ? -12 : code, minor: 0 };
    return { kind: 'refused', refusal, text: '' };
  }
  return undefined;
}
