import { hostname } from 'node:os';
import type { Clock } from '../base/clock.ts';
import { KnownError } from '../base/errors.ts';
import type { Catalog } from './catalog.ts';
import { answerManagerFrame, answerManagerLegacy } from './manager-answers.ts';
import type { ManagerLog } from './manager-log.ts';
import { Newcomers } from './newcomers.ts';
import type { Peer, Responder } from './peer.ts';
import { SocketHost } from './socket-host.ts';
import type { RereadSources, VendorRunner } from './vendor-runner.ts';

/** Crashes in a row after which a daemon stays down; unverified: real managers are said to give up at ten. */
const CRASHES_MAX = 10;
/** A daemon that lived this long is no longer in a row of crashes. */
const SETTLED_MS = 60_000;
/** lmgrd's ports when the SERVER line names none. Source: LAG, "SERVER Lines". */
export const usualPorts = Array.from({ length: 10 }, (_, index) => 27000 + index);

export interface ManagerOptions {
  readonly clock: Clock;
  readonly log: ManagerLog;
  readonly hosts: readonly string[];
  /** 0 takes a free port; absent: the SERVER line's, else the first free of 27000 to 27009. */
  readonly port?: number;
  readonly advertise?: { readonly host: string; readonly port?: number };
  readonly singlePort: boolean;
  readonly legacy: boolean;
  /** lmgrd -local: lmdown and lmreread only from this machine. */
  readonly localOnly: boolean;
  /** lmgrd -x: tools disabled for everyone. */
  readonly disabled: ReadonlySet<string>;
  readonly connectionsMax?: number;
  readonly notice: (what: string, details: Readonly<Record<string, unknown>>) => void;
  /** Reads the license files again. Throws KnownError when they cannot be served. */
  readonly readAgain: () => { readonly catalog: Catalog; readonly sources: RereadSources };
  readonly newRunner: (entry: Catalog['vendors'][number]) => VendorRunner;
  /** Somebody asked for the whole server to go down (lmdown). */
  readonly onDown: () => void;
}

/**
 * The license manager (lmgrd): tells clients where the vendor daemons are, keeps those running, rereads and
 * stops. It holds no seats.
 */
export class LicenseManager implements Responder {
  readonly options: ManagerOptions;
  readonly host: SocketHost;
  readonly newcomers = new Newcomers();
  #catalog: Catalog;
  readonly #runners = new Map<string, VendorRunner>();
  readonly #crashes = new Map<string, { count: number; startedAt: number; restarts: number }>();
  #stopping = false;

  constructor(catalog: Catalog, options: ManagerOptions) {
    this.#catalog = catalog;
    this.options = options;
    this.host = new SocketHost({
      responder: this,
      notice: options.notice,
      ...(options.connectionsMax === undefined ? {} : { connectionsMax: options.connectionsMax }),
    });
    for (const entry of catalog.vendors) this.#adopt(options.newRunner(entry));
  }

  #adopt(runner: VendorRunner): void {
    this.#runners.set(runner.name.toLowerCase(), runner);
    runner.onExit((signal) => void this.#vendorDied(runner, signal));
  }

  get catalog(): Catalog {
    return this.#catalog;
  }

  get port(): number {
    return this.host.port;
  }

  /** In the order of the VENDOR lines. */
  get runners(): readonly VendorRunner[] {
    return [...this.#runners.values()];
  }

  /** The name this server goes by: of its SERVER line, or the machine's. */
  get serverName(): string {
    const written = this.#catalog.servers[0]?.host;
    return written === undefined || written.toLowerCase() === 'this_host' ? hostname() : written;
  }

  runner(vendor: string): VendorRunner | undefined {
    return this.#runners.get(vendor.toLowerCase());
  }

  /** Binds the manager's port. @throws KnownError NET_PORT_IN_USE, NET_UNREACHABLE */
  async listen(): Promise<void> {
    const { hosts, port } = this.options;
    const written = port ?? this.#catalog.servers[0]?.port;
    if (written !== undefined) return this.host.listen(hosts, written);
    for (const usual of usualPorts) {
      try {
        return await this.host.listen(hosts, usual);
      } catch (error) {
        if (!(error instanceof KnownError) || error.code !== 'NET_PORT_IN_USE') throw error;
      }
    }
    const text = `expected a free port among ${usualPorts[0]} to ${usualPorts.at(-1)}, got none`;
    throw new KnownError('NET_PORT_IN_USE', text);
  }

  /** Starts every vendor daemon; the first that cannot start stops those before it and is thrown. */
  async startVendors(): Promise<void> {
    for (const runner of this.runners) await this.#startVendor(runner, 0);
  }

  async #startVendor(runner: VendorRunner, restarts: number): Promise<void> {
    const { log } = this.options;
    await runner.start(restarts, (port, pid) => {
      if (restarts > 0) log.vendorRestarted(runner.name, port || this.port, pid);
      else log.vendorStarted(runner.name, port || this.port, runner.fixedPort, pid);
    });
    const count = this.#crashes.get(runner.name)?.count ?? 0;
    this.#crashes.set(runner.name, { count, startedAt: this.options.clock.now(), restarts });
  }

  /** Restarts a daemon that died, as lmgrd does, until it dies too often in a row. */
  async #vendorDied(runner: VendorRunner, signal: number): Promise<void> {
    if (this.#stopping) return;
    this.options.log.vendorDied(runner.name, signal);
    this.options.notice('vendor daemon died', { vendor: runner.name, signal });
    const before = this.#crashes.get(runner.name) ?? { count: 0, startedAt: 0, restarts: 0 };
    const settled = this.options.clock.now() - before.startedAt > SETTLED_MS;
    const count = settled ? 1 : before.count + 1;
    const restarts = before.restarts + 1;
    this.#crashes.set(runner.name, { ...before, count, restarts });
    if (count > CRASHES_MAX) return this.options.log.vendorGivenUp(runner.name);
    try {
      await this.#startVendor(runner, restarts);
      if (this.#stopping) await runner.stop(15);
    } catch (error) {
      this.options.notice('vendor daemon does not start', { vendor: runner.name, error });
      this.options.log.vendorGivenUp(runner.name);
    }
  }

  /**
   * lmreread: reads the files that the server was started with; daemons new in them are started, those that
   * are down are started again. Ports stay. Source: LAG, "lmreread".
   * @throws KnownError when the files cannot be read or served: what is in force stays so.
   */
  async reread(by: { readonly user: string; readonly host: string }, vendor = ''): Promise<void> {
    const { log } = this.options;
    log.rereadRequested(by.user, by.host);
    let read: ReturnType<ManagerOptions['readAgain']>;
    try {
      read = this.options.readAgain();
    } catch (error) {
      log.rereadFailed(error instanceof Error ? error.message : String(error));
      throw error;
    }
    this.#catalog = read.catalog;
    const chosen = read.catalog.vendors.filter(
      ({ name }) => vendor === '' || name.toLowerCase() === vendor.toLowerCase(),
    );
    for (const entry of chosen) {
      const known = this.runner(entry.name);
      if (known === undefined) this.#adopt(this.options.newRunner(entry));
      await known?.reread(entry, read.sources);
      const runner = this.runner(entry.name)!;
      if (!runner.up) await this.#startVendor(runner, 0);
    }
    log.rereadDone();
  }

  /** Stops one vendor daemon (lmdown -vendor). */
  async stopVendor(runner: VendorRunner, signal = 15): Promise<void> {
    this.options.log.shuttingDown(runner.name, runner.pid, signal);
    await runner.stop(signal);
    this.options.log.vendorStopped(runner.name);
  }

  /** Orderly end of everything. */
  async stop(signal: number): Promise<void> {
    if (this.#stopping) return;
    this.#stopping = true;
    for (const runner of this.runners) if (runner.up) await this.stopVendor(runner, signal);
    this.options.log.exiting(signal);
    await this.host.stop();
  }

  frame(peer: Peer, type: number, bytes: Buffer, start: number, end: number): void {
    answerManagerFrame(this, peer, type, bytes, start, end);
  }

  legacy(peer: Peer, kind: number, bytes: Buffer, start: number): void {
    answerManagerLegacy(this, peer, kind, bytes, start);
  }

  closed(): void {}
}
