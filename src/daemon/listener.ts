import { createServer, type Server, type Socket } from 'node:net';
import { KnownError } from '../base/errors.ts';
import { AcceptPace } from './accept-pace.ts';
import { arePlenty } from './descriptors.ts';
import { BlockedPort } from './faults/blocked-port.ts';
import type { PortState } from './faults/row.ts';
import { type GivenPorts, givenPorts } from './given-ports.ts';
import { ListenerCopies } from './listener-copies.ts';
import { loopbackHosts } from './server-config.ts';

/** Ports tried when a free one must be free for both address families at once, and nobody's before. */
const FREE_PORT_TRIES = 20;
/** Bytes of answers that wait for a client before it is said to be full; newer releases of Node have more. */
const WAITING_BYTES = 16 * 1024;

/** Descriptors of one listening socket that a crowd is accepted by; more do not help any more (bench/README.md). */
const DESCRIPTORS_MAX = 8;
// Half-open: a client that has said all and closed its side still wants its answers.
const serverOptions = { allowHalfOpen: true, noDelay: true, highWaterMark: WAITING_BYTES };

/**
 * Takes a connection; `local` is the address of ours that it reached, or undefined where several may be: then the
 * system knows, which is asked only when that matters (it costs a system call a connection).
 */
export type Accept = (socket: Socket, local: string | undefined) => void;

/** One port on several addresses. */
export class Listener {
  readonly #accept: Accept;
  readonly #failed: (error: Error) => void;
  readonly #servers: Server[] = [];
  #port = 0;
  #addresses: readonly string[] = [];
  #state: PortState | undefined;
  #blocked: BlockedPort | undefined;
  readonly #pace: Pick<AcceptPace, 'isSlow'>;
  readonly #given: Pick<GivenPorts, 'has' | 'add'>;
  /** Of each server whose clients had to wait: more descriptors, or some on their way. */
  readonly #copies = new Map<Server, ListenerCopies>();

  /** `failed` is told when a connection cannot be accepted; the listener goes on. */
  constructor(
    accept: Accept,
    failed: (error: Error) => void,
    pace: Pick<AcceptPace, 'isSlow'> = new AcceptPace(),
    given: Pick<GivenPorts, 'has' | 'add'> = givenPorts,
  ) {
    this.#accept = accept;
    this.#failed = failed;
    this.#pace = pace;
    this.#given = given;
  }

  /** Descriptors that connections are accepted by. */
  get descriptors(): number {
    return this.#servers.length;
  }

  /** 0 before it listens; stays what it was once it is closed. */
  get port(): number {
    return this.#port;
  }

  get addresses(): readonly string[] {
    return this.#addresses;
  }

  /** How the port is shut; undefined while it is open. */
  get state(): PortState | undefined {
    return this.#state;
  }

  /**
   * Shuts the port, or opens it again; connections that stand stay.
   * @throws KnownError as `listen` does, when somebody else has taken it
   */
  async become(state: PortState | undefined): Promise<void> {
    // Resolves when the last connection is gone: nobody waits for that.
    for (const server of this.#servers.splice(0)) server.close();
    await this.#giveUpCopies();
    await this.#blocked?.close();
    this.#blocked = undefined;
    this.#state = state;
    const hosts = this.#addresses;
    if (hosts.length === 0) this.#port = 0;
    else if (state === undefined) await this.#bindAll(hosts, this.#port);
    if (state === 'blocked') await this.#block(hosts.length > 0 ? hosts : loopbackHosts);
  }

  async #block(hosts: readonly string[]): Promise<void> {
    this.#blocked = await BlockedPort.open(hosts, this.#port);
    this.#port = this.#blocked.port;
  }

  /**
   * Listens on `port` of every host; 0 takes one port that is free on all of them, and keeps it: none that a listener
   * of this process had lately.
   * A host whose address family this machine lacks is left out as long as another one stands.
   * @throws KnownError NET_PORT_IN_USE, or NET_UNREACHABLE for a host that is not this machine's.
   */
  async listen(hosts: readonly string[], port: number): Promise<void> {
    for (let left = port === 0 ? FREE_PORT_TRIES : 1; ; left--) {
      try {
        await this.#bindAll(hosts, port);
        if (left === 1 || !this.#given.has(this.#port)) break;
        await this.#startOver();
      } catch (error) {
        await this.#startOver();
        const inUse = error instanceof KnownError && error.code === 'NET_PORT_IN_USE';
        if (!inUse || left === 1) throw error;
      }
    }
    this.#given.add(this.#port);
    this.#addresses = this.#servers.map(addressOf);
  }

  async #startOver(): Promise<void> {
    await this.close();
    this.#port = 0;
  }

  async #bindAll(hosts: readonly string[], port: number): Promise<void> {
    let missing: unknown;
    for (const host of hosts) {
      try {
        const server = await this.#bind(host, this.#port || port);
        this.#servers.push(server);
        this.#port = portOf(server);
      } catch (cause) {
        if (!isMissingFamily(cause)) throw bindError(host, this.#port || port, cause);
        missing = bindError(host, this.#port || port, cause);
      }
    }
    if (this.#servers.length === 0) throw missing;
  }

  #bind(host: string, port: number): Promise<Server> {
    return new Promise((resolve, reject) => {
      let local: string | undefined;
      const server = createServer(serverOptions, (socket) => {
        if (this.#pace.isSlow()) void this.#multiply(server);
        this.#accept(socket, local);
      });
      server.once('error', reject);
      server.listen({ host, port, ipv6Only: host === '::1' }, () => {
        server.removeListener('error', reject);
        server.on('error', this.#failed);
        local = onlyAddressOf(server);
        resolve(server);
      });
    });
  }

  /** Accepts by more descriptors, once: clients of a server wait for turns of the event loop. */
  async #multiply(server: Server): Promise<void> {
    if (!arePlenty || this.#copies.has(server) || !this.#servers.includes(server)) return;
    const copies = new ListenerCopies(server, DESCRIPTORS_MAX - 1);
    this.#copies.set(server, copies);
    const local = onlyAddressOf(server);
    for (const handle of await copies.copies) {
      const more = createServer(serverOptions, (socket) => this.#accept(socket, local));
      more.on('error', this.#failed);
      if (this.#copies.get(server) === copies) this.#servers.push(more.listen(handle));
      else handle.close();
    }
  }

  async #giveUpCopies(): Promise<void> {
    const copies = [...this.#copies.values()];
    this.#copies.clear();
    await Promise.all(copies.map((each) => each.giveUp()));
  }

  /** Takes no more connections; resolves when those it took are gone. */
  async close(): Promise<void> {
    const servers = this.#servers.splice(0);
    await this.#giveUpCopies();
    await this.#blocked?.close();
    await Promise.all(servers.map((server) => new Promise((done) => server.close(done))));
  }
}

function addressOf(server: Server): string {
  const bound = server.address();
  return bound !== null && typeof bound === 'object' ? bound.address : '';
}

/** The one address that its connections reach; undefined when it listens on all of a machine's. */
function onlyAddressOf(server: Server): string | undefined {
  const address = addressOf(server);
  return ['', '0.0.0.0', '::'].includes(address) ? undefined : address;
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
