import type { Socket } from 'node:net';
import { limits } from '../base/limits.ts';
import type { Client } from '../domain/ledger/model.ts';
import { Outbox } from '../wire/outbox.ts';
import { MessageSplitter } from '../wire/splitter.ts';
import type { Traffic } from './traffic.ts';

/** Who answers a connection's messages: a manager, or a vendor daemon. Offsets as in `MessageSink`. */
export interface Responder {
  /** Told whenever bytes come or go. */
  readonly traffic: Traffic;
  frame(peer: Peer, type: number, bytes: Buffer, start: number, end: number): void;
  legacy(peer: Peer, kind: number, bytes: Buffer, start: number): void;
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
  /** Seats it holds: a connection with seats is never idle. */
  seats = 0;
  /** When it was accepted, and when its last bytes came, on the monotonic clock of `performance.now()`. */
  readonly acceptedAt: number;
  activeAt: number;
  stream: Stream | undefined;
  /** Messages that came while a long answer was on its way: answered behind it, in order. */
  readonly backlog: Buffer[] = [];
  closing = false;
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

  /** The address the client came from, an IPv4 one without its IPv6 dress. */
  get remoteAddress(): string {
    return plainAddress(this.socket.remoteAddress);
  }

  /** The address of ours that the client reached: what answers from where it came. */
  get localAddress(): string {
    return plainAddress(this.socket.localAddress);
  }

  /** Sends what was collected in one write. Stops reading from a client that does not read its answers. */
  flush(): void {
    if (this.out.length === 0 || this.socket.destroyed) return;
    this.responder.traffic.stir();
    this.socket.write(this.out.take());
    const unsent = this.socket.writableLength;
    if (unsent > limits.unsentBytesFatal) this.socket.destroy();
    else if (unsent > limits.unsentBytesMax && !this.socket.isPaused()) this.socket.pause();
  }

  /** Sends what was collected, then closes. Nothing that comes afterwards is read. */
  close(): void {
    this.flush();
    this.closing = true;
    this.socket.destroySoon();
  }
}

function plainAddress(address: string | undefined): string {
  if (address === undefined) return '';
  return address.startsWith('::ffff:') && address.includes('.') ? address.slice(7) : address;
}
