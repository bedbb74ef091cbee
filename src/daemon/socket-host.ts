import type { Socket } from 'node:net';
import { limits } from '../base/limits.ts';
import { Outbox } from '../wire/outbox.ts';
import { ownReads, sharedReads } from './connection-reads.ts';
import { Conversation, type ConversationEvents } from './conversation.ts';
import { isAmongTheLast } from './descriptors.ts';
import { Farewells } from './farewells.ts';
import type { PortState } from './faults/row.ts';
import { IdlePeers } from './idle-peers.ts';
import { Listener } from './listener.ts';
import { Peer, type Responder } from './peer.ts';
import { RareNotice } from './rare-notice.ts';
import { writeFull } from './refusals.ts';
import { Rounds } from './rounds.ts';
import type { Notice } from './server-config.ts';
import { Turns } from './turns.ts';

/** How often connections are looked at for having waited too long. */
const SWEEP_MS = 1_000;
/**
 * Of those that may go, this share goes when descriptors run out: a single one's descriptor would be the next
 * connection's, and the one after that would come still closer to the last.
 */
const SHARE_OUT_OF_DESCRIPTORS = 1 / 4;

export interface SocketHostOptions {
  readonly responder: Responder;
  readonly connectionsMax?: number;
  /** For connections that stay and ask again: less a request, a fifth more for a connection. */
  readonly sharesReads?: boolean;
  /** Told of what no protocol log has a line for: a full host, a socket error, a defect. */
  readonly notice: Notice;
}

/**
 * The only glue between sockets and the sans-I/O parts: accepts connections, bounds how many there are and how
 * long they may wait, and drops those that ask for nothing.
 */
export class SocketHost {
  readonly #responder: Responder;
  readonly #connectionsMax: number;
  readonly #sharesReads: boolean;
  readonly #notice: RareNotice;
  readonly #listener: Listener;
  readonly #rounds = new Rounds();
  readonly #peers = new Set<Peer>();
  /** Connections that have not said hello, oldest first: the first to go when room is needed. */
  readonly #fresh = new Set<Peer>();
  readonly #idle = new IdlePeers(this.#peers);
  readonly #events: ConversationEvents = {
    greeted: (peer) => this.#fresh.delete(peer),
    failed: (peer, error) => this.#defect(peer, error),
  };
  readonly #farewells = new Farewells();
  #nextId = 1;
  readonly #turns = new Turns();
  #unwatch: (() => void) | undefined;
  #sweep: ReturnType<typeof setInterval> | undefined;

  constructor({ responder, connectionsMax, sharesReads = false, notice }: SocketHostOptions) {
    this.#responder = responder;
    this.#connectionsMax = connectionsMax ?? limits.connectionsMax;
    this.#sharesReads = sharesReads;
    this.#notice = new RareNotice(notice);
    this.#listener = new Listener(
      (socket, local) => this.#accept(socket, local),
      (error) => this.#notice.tell('connection not accepted', { error: error.message }),
    );
  }

  get port(): number {
    return this.#listener.port;
  }

  get connections(): number {
    return this.#peers.size;
  }

  get addresses(): readonly string[] {
    return this.#listener.addresses;
  }

  /** Listens as `Listener.listen` does. @throws KnownError NET_PORT_IN_USE, NET_UNREACHABLE */
  async listen(hosts: readonly string[], port: number): Promise<void> {
    await this.#listener.listen(hosts, port);
    await this.watch();
    this.#sweep = setInterval(() => this.#dropIdle(), SWEEP_MS);
    this.#sweep.unref();
  }

  /** Shuts and opens the port as faults want it; also one that only shows where it would be. */
  async watch(): Promise<void> {
    this.#unwatch = this.#responder.faults.onChange(() => void this.settled());
    await this.settled();
  }

  /** Stops listening and closes every connection; answers already collected are sent. */
  async stop(): Promise<void> {
    this.#end();
    this.closeConnections();
    this.#farewells.stop();
    await this.#listener.close();
  }

  /** Nothing of its own accord from here on. */
  #end(): void {
    clearInterval(this.#sweep);
    this.#unwatch?.();
    this.#unwatch = undefined;
  }

  /** Resolves when the port is open or shut, as the faults in force want it. */
  settled(): Promise<void> {
    const { faults, traffic } = this.#responder;
    return traffic.during(this.#turns.take(() => this.#shutOrOpen(faults.port)));
  }

  async #shutOrOpen(wanted: PortState | undefined): Promise<void> {
    if (this.#unwatch === undefined || wanted === this.#listener.state) return;
    try {
      await this.#listener.become(wanted);
    } catch (error) {
      // Somebody else has taken the port meanwhile.
      this.#notice.tell('port cannot be opened again', { port: this.port, error });
    }
  }

  /** Closes every connection, and goes on listening; answers already collected are sent. */
  closeConnections(): void {
    for (const peer of [...this.#peers]) peer.close();
    // One that does not read, or does not close, must hold up nobody.
    for (const peer of [...this.#peers]) setImmediate(() => peer.socket.destroy());
  }

  /** Closes every connection at once, as a crashed process would, and stops listening. */
  async crash(): Promise<void> {
    this.#end();
    // As the system closes the connections of a process that ends: a reset only for who had sent more.
    for (const peer of [...this.#peers]) peer.socket.destroy();
    this.#farewells.stop();
    await this.#listener.close();
  }

  #accept(accepted: Socket, local: string | undefined): void {
    const struck = this.#responder.faults.atConnect();
    if (struck?.fate === 'full' || !this.#hasRoom(accepted)) {
      return this.#farewells.say(accepted, refusal());
    }
    const reads = this.#sharesReads ? sharedReads(accepted) : ownReads(accepted);
    const { socket } = reads;
    this.#responder.traffic.stir();
    const peer = new Peer(this.#nextId++, socket, this.#responder, performance.now());
    peer.reached = local;
    this.#peers.add(peer);
    this.#fresh.add(peer);
    const conversation = new Conversation(peer, this.#rounds, this.#events);
    reads.listen((bytes, length) => conversation.receive(bytes, length));
    socket.on('error', () => {});
    socket.on('close', () => {
      conversation.forget();
      this.#peers.delete(peer);
      this.#fresh.delete(peer);
      peer.responder.traffic.stir();
      peer.responder.closed(peer);
    });
    if (struck !== undefined) peer.line.strike(struck);
  }

  /** Whether a connection may stay, perhaps in the place of others. */
  #hasRoom(socket: Socket): boolean {
    const isFull = this.#peers.size >= this.#connectionsMax;
    if (!isFull && !isAmongTheLast(socket)) return true;
    const what = isFull ? 'out of connections' : 'out of file descriptors';
    this.#notice.tell(what, { connections: this.#peers.size });
    return this.#makeRoom(isFull ? 0 : SHARE_OUT_OF_DESCRIPTORS);
  }

  /**
   * Drops the oldest connections that never said hello: a flood of those keeps no real client out. Where there are
   * none, those without seats that have been idle for longest.
   */
  #makeRoom(share: number): boolean {
    const oldest = this.#oldestFresh(Math.max(1, Math.ceil(this.#fresh.size * share)));
    const leaving = oldest.length > 0 ? oldest : this.#idle.take(1, share);
    for (const peer of leaving) {
      this.#fresh.delete(peer);
      this.#peers.delete(peer);
      peer.socket.destroy();
    }
    return leaving.length > 0;
  }

  #oldestFresh(count: number): readonly Peer[] {
    const oldest: Peer[] = [];
    for (const peer of this.#fresh) {
      if (oldest.length === count) break;
      oldest.push(peer);
    }
    return oldest;
  }

  #defect(peer: Peer, error: unknown): void {
    this.#notice.tell('defect while answering', { error, peer: peer.id });
    peer.socket.destroy();
  }

  #dropIdle(): void {
    const now = performance.now();
    for (const peer of this.#fresh) {
      // Since the connection, not since its last byte: a client that sends one byte a second is no client.
      if (now - peer.acceptedAt < limits.handshakeMs) break;
      // One that a fault keeps silent is to wait for as long as it likes.
      if (peer.cut || peer.waiting) continue;
      peer.socket.destroy();
    }
    for (const peer of this.#peers) {
      if (this.#isTooLong(peer, now)) peer.socket.destroy();
    }
  }

  #isTooLong(peer: Peer, now: number): boolean {
    const { closedAt, stalledSince, announced, activeAt, cut } = peer;
    if (cut) return false;
    if (closedAt !== undefined && now - closedAt > limits.closingMs) return true;
    if (stalledSince !== undefined && now - stalledSince > limits.stalledMs) return true;
    const allowedMs = announced ? limits.quietMs : limits.idleMs;
    return now - activeAt > allowedMs && !peer.waiting && !peer.responder.holds(peer);
  }
}

function refusal(): Buffer {
  const out = new Outbox();
  writeFull(out);
  return out.take();
}
