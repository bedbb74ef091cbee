import { createServer, type Server, type Socket } from 'node:net';
import { KnownError } from '../base/errors.ts';
import { limits } from '../base/limits.ts';
import { messages } from '../wire/messages/index.ts';
import { LEGACY_BYTES, Outbox } from '../wire/outbox.ts';
import type { MessageSink } from '../wire/splitter.ts';
import { Peer, type Responder } from './peer.ts';
import { protocolRefusals } from './refusals.ts';

/** How often connections are looked at for having waited too long. */
const SWEEP_MS = 1_000;
/** Ports tried when a free one must be free for both address families at once. */
const FREE_PORT_TRIES = 20;

export interface SocketHostOptions {
  readonly responder: Responder;
  readonly connectionsMax?: number;
  /** Told of what no protocol log has a line for: a full host, a socket error, a defect. */
  readonly notice: (what: string, details: Readonly<Record<string, unknown>>) => void;
}

/**
 * The only glue between sockets and the sans-I/O parts: accepts, splits, hands messages to the responder,
 * writes all answers to one read in one write, bounds everything a client can make us keep.
 */
export class SocketHost {
  readonly #options: SocketHostOptions;
  readonly #connectionsMax: number;
  readonly #servers: Server[] = [];
  readonly #peers = new Set<Peer>();
  /** Connections that have not said hello, oldest first: the first to go when room is needed. */
  readonly #fresh = new Set<Peer>();
  #nextId = 1;
  #sweep: ReturnType<typeof setInterval> | undefined;
  #port = 0;

  constructor(options: SocketHostOptions) {
    this.#options = options;
    this.#connectionsMax = options.connectionsMax ?? limits.connectionsMax;
  }

  get port(): number {
    return this.#port;
  }

  get connections(): number {
    return this.#peers.size;
  }

  get addresses(): readonly string[] {
    return this.#servers.map((server) => {
      const bound = server.address();
      return bound !== null && typeof bound === 'object' ? bound.address : '';
    });
  }

  /**
   * Listens on `port` of every host; 0 takes one port that is free on all of them, and keeps it.
   * A host whose address family this machine lacks is left out as long as another one stands.
   * @throws KnownError NET_PORT_IN_USE, or NET_UNREACHABLE for a host that is not this machine's.
   */
  async listen(hosts: readonly string[], port: number): Promise<void> {
    for (let tried = 1; ; tried++) {
      try {
        await this.#bindAll(hosts, port);
        break;
      } catch (error) {
        await this.#closeServers();
        const inUse = error instanceof KnownError && error.code === 'NET_PORT_IN_USE';
        if (!(inUse && port === 0 && tried < FREE_PORT_TRIES)) throw error;
      }
    }
    this.#sweep = setInterval(() => this.#dropIdle(), SWEEP_MS);
    this.#sweep.unref();
  }

  async #bindAll(hosts: readonly string[], port: number): Promise<void> {
    let missing: unknown;
    for (const host of hosts) {
      try {
        const server = await bind(host, this.#port || port, (socket) => this.#accept(socket));
        this.#servers.push(server);
        this.#port = portOf(server);
      } catch (cause) {
        if (!isMissingFamily(cause)) throw bindError(host, this.#port || port, cause);
        missing = bindError(host, this.#port || port, cause);
      }
    }
    if (this.#servers.length === 0) throw missing;
  }

  async #closeServers(): Promise<void> {
    this.#port = 0;
    const servers = this.#servers.splice(0);
    await Promise.all(servers.map((server) => new Promise((done) => server.close(done))));
  }

  /** Stops listening and closes every connection; answers already collected are sent. */
  async stop(): Promise<void> {
    clearInterval(this.#sweep);
    const port = this.#port;
    this.closeConnections();
    await this.#closeServers();
    this.#port = port;
  }

  /** Closes every connection, and goes on listening; answers already collected are sent. */
  closeConnections(): void {
    for (const peer of [...this.#peers]) peer.close();
    // destroySoon waits for the peer to read; one that does not is cut off.
    for (const peer of [...this.#peers]) setImmediate(() => peer.socket.destroy());
  }

  /** Closes every connection at once, as a crashed process would, and stops listening. */
  async crash(): Promise<void> {
    clearInterval(this.#sweep);
    for (const peer of [...this.#peers]) peer.socket.resetAndDestroy();
    await this.#closeServers();
  }

  #accept(socket: Socket): void {
    if (this.#peers.size >= this.#connectionsMax && !this.#makeRoom()) {
      this.#options.notice('out of connections', { connections: this.#peers.size });
      return refuseFull(socket);
    }
    socket.setNoDelay(true);
    this.#options.responder.traffic.stir();
    const peer = new Peer(this.#nextId++, socket, this.#options.responder, performance.now());
    this.#peers.add(peer);
    this.#fresh.add(peer);
    const sink = sinkOf(peer);
    socket.on('data', (chunk: Buffer) => this.#receive(peer, sink, chunk));
    socket.on('drain', () => this.#drained(peer));
    socket.on('error', () => {});
    socket.on('close', () => this.#closed(peer));
  }

  /** Drops the oldest connection that never said hello: a flood of those keeps no real client out. */
  #makeRoom(): boolean {
    const oldest = this.#fresh.values().next().value;
    if (oldest === undefined) return false;
    this.#fresh.delete(oldest);
    this.#peers.delete(oldest);
    oldest.socket.destroy();
    return true;
  }

  #receive(peer: Peer, sink: MessageSink, chunk: Buffer): void {
    if (peer.closing) return;
    peer.responder.traffic.stir();
    peer.activeAt = performance.now();
    try {
      peer.splitter.push(chunk, sink);
    } catch (error) {
      this.#defect(peer, error);
    }
    if (!peer.settled && peer.client !== undefined) {
      peer.settled = true;
      this.#fresh.delete(peer);
    }
    if (peer.stream) this.#continue(peer);
    peer.flush();
  }

  /** A defect of ours costs one connection, never the server. */
  #defect(peer: Peer, error: unknown): void {
    this.#options.notice('defect while answering', { error, peer: peer.id });
    peer.socket.destroy();
  }

  #drained(peer: Peer): void {
    if (peer.stream) this.#continue(peer);
    else if (peer.socket.isPaused()) peer.socket.resume();
  }

  /**
   * Writes some more of a long answer; other connections get their turn between the pieces. Requests that came
   * behind it are answered when it is whole, and none is read meanwhile.
   */
  #continue(peer: Peer): void {
    if (peer.socket.destroyed) return this.#forgetStream(peer);
    try {
      if (!peer.stream!.next(peer)) peer.stream = undefined;
      while (peer.stream === undefined && peer.backlog.length > 0) {
        const message = peer.backlog.shift()!;
        answerOne(peer, message, 0, message.length);
      }
    } catch (error) {
      this.#defect(peer, error);
    }
    peer.flush();
    if (peer.stream === undefined) {
      if (peer.socket.isPaused() && !peer.socket.writableNeedDrain) peer.socket.resume();
      return;
    }
    if (!peer.socket.isPaused()) peer.socket.pause();
    // Else 'drain' comes and continues.
    if (!peer.socket.writableNeedDrain) setImmediate(() => peer.stream && this.#continue(peer));
  }

  #forgetStream(peer: Peer): void {
    peer.stream = undefined;
    peer.backlog.length = 0;
  }

  #closed(peer: Peer): void {
    this.#peers.delete(peer);
    this.#fresh.delete(peer);
    this.#forgetStream(peer);
    peer.responder.traffic.stir();
    peer.responder.closed(peer);
  }

  #dropIdle(): void {
    const now = performance.now();
    for (const peer of this.#fresh) {
      // Since the connection, not since its last byte: a client that sends one byte a second is no client.
      if (now - peer.acceptedAt < limits.handshakeMs) break;
      peer.socket.destroy();
    }
    for (const peer of this.#peers) {
      if (peer.seats > 0 || peer.stream) continue;
      const allowedMs = peer.announced ? limits.quietMs : limits.idleMs;
      if (now - peer.activeAt > allowedMs) peer.socket.destroy();
    }
  }
}

/** Forwards to whoever answers this connection now; in single-port mode that changes with the hello. */
function sinkOf(peer: Peer): MessageSink {
  const take = (bytes: Buffer, start: number, end: number): void => {
    if (peer.closing) return;
    if (peer.stream) peer.backlog.push(Buffer.from(bytes.subarray(start, end)));
    else answerOne(peer, bytes, start, end);
  };
  return {
    frame: (_type, bytes, start, end) => take(bytes, start, end),
    legacy: (_kind, bytes, start) => take(bytes, start, start + LEGACY_BYTES),
    fault: () => {
      // Behind a long answer the refusal would land in the middle of it.
      if (!peer.stream) messages.legacyError.write(peer.out, { code: '-60' });
      peer.close();
    },
  };
}

function answerOne(peer: Peer, bytes: Buffer, start: number, end: number): void {
  if (bytes[start] !== 0x2f) return peer.responder.legacy(peer, bytes[start]!, bytes, start);
  const type = (bytes[start + 6]! << 8) | bytes[start + 7]!;
  peer.responder.frame(peer, type, bytes, start, end);
}

/** The refusal a client gets from a full server: -140, which old and new clients alike know. */
function refuseFull(socket: Socket): void {
  const out = new Outbox();
  messages.legacyError.write(out, { code: String(protocolRefusals.full.major) });
  socket.on('error', () => {});
  socket.end(out.take(), () => socket.destroy());
}

function bind(host: string, port: number, accept: (socket: Socket) => void): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = createServer({ allowHalfOpen: false, noDelay: true }, accept);
    server.once('error', reject);
    server.listen({ host, port, ipv6Only: host === '::1' }, () => {
      server.removeListener('error', reject);
      // accept() may fail later, when descriptors run out: the connection is lost, the server is not.
      server.on('error', () => {});
      resolve(server);
    });
  });
}

function portOf(server: Server): number {
  const bound = server.address();
  return bound !== null && typeof bound === 'object' ? bound.port : 0;
}

function isMissingFamily(cause: unknown): boolean {
  const code = (cause as NodeJS.ErrnoException).code ?? '';
  return code === 'EAFNOSUPPORT' || code === 'EADDRNOTAVAIL' || code === 'EINVAL';
}

function bindError(host: string, port: number, cause: unknown): KnownError {
  const { code, message } = cause as NodeJS.ErrnoException;
  const details = { host, port };
  if (code === 'EADDRINUSE') {
    const text = `${host} port ${port}: expected a free port, got one in use`;
    return new KnownError('NET_PORT_IN_USE', text, details, { cause });
  }
  if (code === 'EACCES') {
    const text = `${host} port ${port}: expected a port this user may open, got permission denied`;
    return new KnownError('NET_PORT_IN_USE', text, details, { cause });
  }
  const text = `${host} port ${port}: expected an address of this machine, got: ${message}`;
  return new KnownError('NET_UNREACHABLE', text, details, { cause });
}
