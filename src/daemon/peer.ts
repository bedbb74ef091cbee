import type { Socket } from 'node:net';
import { limits } from '../base/limits.ts';
import type { Client } from '../domain/ledger/model.ts';
import { Outbox } from '../wire/outbox.ts';
import { MessageSplitter } from '../wire/splitter.ts';
import { FaultyLine } from './faults/faulty-line.ts';
import type { SiteFaults } from './faults/site-faults.ts';
import type { Traffic } from './traffic.ts';

/** Who answers a connection's messages: a manager, or a vendor daemon. Offsets as in `MessageSink`. */
export interface Responder {
  /** Told whenever bytes come or go. */
  readonly traffic: Traffic;
  /** What goes wrong here. */
  readonly faults: SiteFaults;
  frame(peer: Peer, type: number, bytes: Buffer, start: number, end: number): void;
  legacy(peer: Peer, kind: number, bytes: Buffer, start: number): void;
  /** Whether it holds seats, or waits for some: then it may be quiet for as long as it likes. */
  holds(peer: Peer): boolean;
  /** The feature of a seat that is out, or that a client waits for under this handle. */
  featureOf(handle: number): string | undefined;
  /** The connection is gone; called once. */
  closed(peer: Peer): void;
}

/** More answer to come than one write should carry: asked again whenever the socket has room. */
export interface Stream {
  /** Appends some of the rest to the peer's outbox; false when that was the last of it. */
  next(peer: Peer): boolean;
}

/** One accepted connection, and what its conversation has come to. */
export class Peer {
  readonly id: number;
  readonly socket: Socket;
  readonly splitter = new MessageSplitter();
  readonly out = new Outbox();
  responder: Responder;
  /** The identity of the latest hello or identify; absent until a hello came. */
  client: Client | undefined;
  /** The hello carried the mark of fauxlm's own programs. */
  announced = false;
  /** When it was accepted, on the monotonic clock of `performance.now()`; as the other times here. */
  readonly acceptedAt: number;
  /** When its last whole message came, or when it last took what waited for it. */
  activeAt: number;
  /** Since when bytes wait that it does not take; undefined while none do. */
  stalledSince: number | undefined;
  /** When we closed it: nothing that comes is read any more. */
  closedAt: number | undefined;
  stream: Stream | undefined;
  /** The address of ours that it reached, where its listener has only one. */
  reached: string | undefined;
  #remoteAddress: string | undefined;
  /** A fault has cut it off: nothing passes either way, and nobody is told. */
  cut = false;
  /** Faults have acted, or might: what goes out goes through it. */
  #line: FaultyLine | undefined;
  /** Answers that are being worked out: what came behind them waits. */
  #works = 0;
  /** Told when none is any more, or one has failed: with what went wrong then. */
  onAnswered: (failed: unknown) => void = () => {};
  /** It has said hello: no longer among those that may be dropped to make room. */
  settled = false;
  /** What the responder keeps per connection. */
  notes: unknown;

  constructor(id: number, socket: Socket, responder: Responder, activeAt: number) {
    this.id = id;
    this.socket = socket;
    this.responder = responder;
    this.acceptedAt = activeAt;
    this.activeAt = activeAt;
  }

  /** Where the client came from, an IPv4 address without its IPv6 dress; '' when nobody asked while it was there. */
  get remoteAddress(): string {
    this.#remoteAddress ??= plainAddress(this.socket.remoteAddress);
    return this.#remoteAddress;
  }

  /** The address of ours that the client reached: what answers from where it came. */
  get localAddress(): string {
    return this.reached ?? plainAddress(this.socket.localAddress);
  }

  /** Where faults act on the connection. */
  get line(): FaultyLine {
    this.#line ??= new FaultyLine(this);
    return this.#line;
  }

  /** The connection is gone. */
  forget(): void {
    this.stream = undefined;
    this.#line?.gone();
  }

  /** An answer is being worked out: what came behind it waits. */
  get waiting(): boolean {
    return this.#works > 0;
  }

  /** Sends what was collected in one write. Closes on a client that has left too much unread. */
  flush(): void {
    if (this.out.length === 0 || this.socket.destroyed) return;
    if (this.cut) return void this.out.take();
    if (this.#line !== undefined || this.responder.faults.calls !== undefined) {
      return this.line.flush();
    }
    this.write(this.out.take());
  }

  /** Sends bytes. Closes on a client that has left too much unread. */
  write(bytes: Buffer): void {
    this.responder.traffic.stir();
    if (this.socket.destroyed || this.socket.write(bytes)) return;
    this.stalledSince ??= performance.now();
    if (this.socket.writableLength > limits.unsentBytesMax) this.socket.destroy();
  }

  /** Waits for an answer that takes several turns of the event loop; `answer` puts it into the outbox. */
  later(answer: Promise<void>): void {
    this.#works++;
    const answered = (failed: unknown): void => {
      this.#works--;
      this.activeAt = performance.now();
      if (failed !== undefined || !this.waiting) this.onAnswered(failed);
    };
    answer.then(() => answered(undefined), answered);
  }

  get closing(): boolean {
    return this.closedAt !== undefined;
  }

  /**
   * Sends what was collected, then closes our side; what comes afterwards is not minded. The connection is gone
   * when the client has closed its own, or after a while: broken off at once, it might not deliver the last words.
   */
  close(): void {
    this.flush();
    this.shut();
  }

  /** The same without what was collected. */
  shut(): void {
    this.closedAt ??= performance.now();
    this.socket.end();
    this.socket.resume();
  }
}

function plainAddress(address: string | undefined): string {
  if (address === undefined) return '';
  return address.startsWith('::ffff:') && address.includes('.') ? address.slice(7) : address;
}
