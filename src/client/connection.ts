import { connect, type Socket } from 'node:net';
import type { Refusal } from '../base/refusal.ts';
import { quickWriter, type Write } from '../wire/client-twins.ts';
import type { MessageValue } from '../wire/message.ts';
import { type MessageKind, messages } from '../wire/messages/index.ts';
import { LEGACY_BYTES, Outbox } from '../wire/outbox.ts';
import { type MessageSink, MessageSplitter } from '../wire/splitter.ts';
import {
  brokenStream,
  type Incoming,
  incomingFrames,
  incomingLegacy,
  noAnswer,
  noMessage,
  type Received,
  receivedIn,
  startsMessage,
  tooLong,
} from './received.ts';
import { refusalOfSystemError } from './system-errors.ts';

type Messages = typeof messages;

export interface ConnectOptions {
  readonly host: string;
  readonly port: number;
  /** Longest wait for the connection to stand. */
  readonly connectTimeoutMs: number;
  /** Longest wait for one answer. */
  readonly answerTimeoutMs: number;
}

/** Bytes of answers that may wait for a reader before no more are taken from the socket. */
const UNREAD_BYTES_MAX = 1024 * 1024;

/**
 * What all sockets read into, one after the other: what a read gives is dealt with before the next. Buffers of their
 * own are made and thrown away with each read, which cost a load generator a tenth of its time.
 */
const readBuffer = Buffer.allocUnsafeSlow(64 * 1024);

/** How each kind is written, found once. */
const writes: Partial<Record<MessageKind, Write>> = {};

/** Those that have something to send at the end of this turn: one task for all, as each has its price. */
let unflushed: Connection[] = [];

function flushAll(): void {
  const connections = unflushed;
  unflushed = [];
  for (const connection of connections) connection.flush();
}

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
  readonly #unread: { readonly received: Received; readonly bytes: number }[] = [];
  #unreadBytes = 0;
  /** It is among those that are flushed at the end of this turn. */
  #isFlushing = false;
  /** Something came that a message may begin with. */
  #heard = false;
  #endsAt = Number.POSITIVE_INFINITY;
  readonly #readers: ((received: Received) => void)[] = [];
  #ended: Received | undefined;
  #onClose: ((why: Refusal) => void) | undefined;
  #onMessage: ((received: Received) => void) | undefined;

  private constructor(socket: Socket, options: ConnectOptions) {
    this.#socket = socket;
    this.options = options;
    socket.setNoDelay(true);
    socket.on('error', (error) => this.#end(refusalOfSystemError(error, 'read')));
    socket.on('close', () => this.#end(this.#closed()));
  }

  /** Connects; resolves with the connection or with the refusal a FlexNet client would report. */
  static open(options: ConnectOptions): Promise<Connection | Refusal> {
    if (!isPort(options.port)) return Promise.resolve({ major: -15, minor: 570, ...noSuchPort });
    return new Promise((resolve) => {
      let connection: Connection | undefined;
      const callback = (length: number): boolean => {
        if (connection !== undefined) connection.#receive(length);
        return true;
      };
      const { host, port } = options;
      const socket = connect({ host, port, onread: { buffer: readBuffer, callback } });
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
        connection = new Connection(socket, options);
        resolve(connection);
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
    for (const { received } of this.#unread.splice(0)) listener(received);
    this.#unreadBytes = 0;
    this.#socket.resume();
  }

  /** The whole conversation ends then, by performance.now(): a listing of answers without end is given up. */
  limit(endsAt: number): void {
    this.#endsAt = endsAt;
  }

  /** Lets the process end although this connection is open (`unref`) or not. */
  keepAlive(keep: boolean): void {
    if (keep) this.#socket.ref();
    else this.#socket.unref();
  }

  /** Queues a message; all messages of one turn of the event loop leave in one write. */
  send<K extends MessageKind>(kind: K, value: MessageValue<Messages[K]>, time = 0): void {
    writes[kind] ??= quickWriter(messages[kind]);
    writes[kind](this.#out, value as never, time);
    this.#flushSoon();
  }

  /** Writes what is queued, without waiting for the end of the turn. */
  flush(): void {
    this.#isFlushing = false;
    if (this.#out.length > 0 && !this.#ended) this.#socket.write(this.#out.take());
  }

  /** Sends bytes as they are: for tools that must speak wrongly. */
  sendRaw(bytes: Uint8Array): void {
    this.#out.raw(bytes);
    this.#flushSoon();
  }

  #flushSoon(): void {
    if (this.#isFlushing) return;
    this.#isFlushing = true;
    if (unflushed.push(this) === 1) queueMicrotask(flushAll);
  }

  /**
   * The next message in order; a refusal (-52) when none comes in time, or when the connection has
   * ended.
   */
  next(timeoutMs = this.options.answerTimeoutMs): Promise<Received> {
    const leftMs = this.#endsAt - performance.now();
    if (leftMs <= 0) return Promise.resolve(tooLong);
    const first = this.#unread.shift();
    if (first) {
      this.#unreadBytes -= first.bytes;
      return Promise.resolve(first.received);
    }
    if (this.#ended) return Promise.resolve(this.#ended);
    this.#socket.resume();
    return new Promise((resolve) => {
      const reader = (received: Received): void => {
        clearTimeout(timer);
        resolve(received);
      };
      const timer = setTimeout(
        () => {
          this.#readers.splice(this.#readers.indexOf(reader), 1);
          resolve(leftMs < timeoutMs ? tooLong : noAnswer);
        },
        Math.min(timeoutMs, leftMs),
      );
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
    this.flush();
    this.#ended ??= { kind: 'refused', refusal: { major: -16, minor: 287 } };
    for (const reader of this.#readers.splice(0)) reader(this.#ended);
    this.#socket.destroySoon();
  }

  /** So many bytes have come; nothing is kept of the buffer that they are in. */
  #receive(length: number): void {
    if (!this.#heard && !startsMessage(readBuffer[0]!)) {
      return this.#end(noMessage(readBuffer.subarray(0, length)));
    }
    this.#heard = true;
    this.#splitter.push(readBuffer, this.#sink, length);
  }

  readonly #sink: MessageSink = {
    frame: (type, bytes, start, end) => this.#decode(incomingFrames.get(type), bytes, start, end),
    legacy: (kind, bytes, start) =>
      this.#decode(incomingLegacy.get(kind), bytes, start, start + LEGACY_BYTES),
    fault: (fault) => this.#end(brokenStream(fault)),
  };

  #decode(incoming: Incoming | undefined, bytes: Buffer, start: number, end: number): void {
    const received = receivedIn(incoming, bytes, start, end);
    if ('kind' in received) this.#deliver(received, end - start);
    else this.#end(received);
  }

  #deliver(received: Received, bytes: number): void {
    const reader = this.#readers.shift();
    if (reader) return reader(received);
    if (this.#onMessage) return this.#onMessage(received);
    this.#unread.push({ received, bytes });
    this.#unreadBytes += bytes;
    // Who sends more than was asked for waits until it is read, perhaps for ever.
    if (this.#unreadBytes > UNREAD_BYTES_MAX) this.#socket.pause();
  }

  /** The peer is gone; perhaps in the middle of a message. */
  #closed(): Refusal {
    const { pendingBytes } = this.#splitter;
    const sysText = `the connection ended ${pendingBytes} bytes into a message`;
    return { major: -16, minor: 287, ...(pendingBytes > 0 ? { sysText } : {}) };
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
