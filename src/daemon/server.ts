import { hostname } from 'node:os';
import { type Clock, systemClock } from '../base/clock.ts';
import { KnownError } from '../base/errors.ts';
import type { Catalog, VendorEntry } from './catalog.ts';
import { ChildVendor } from './child-vendor.ts';
import { checkAdvertised, checkConfig } from './config-conflicts.ts';
import { FaultBoard } from './faults/fault-board.ts';
import { faultsOfServer } from './faults/faults-of-server.ts';
import type { ServerFaults } from './faults/server-faults.ts';
import { tellFindings } from './finding-notices.ts';
import { Journal } from './journal.ts';
import { LicenseManager } from './license-manager.ts';
import { LocalVendor } from './local-vendor.ts';
import { ManagerLog } from './manager-log.ts';
import { managerSettings } from './manager-settings.ts';
import type { RunningVendor } from './running-vendor.ts';
import { serverAddress } from './server-address.ts';
import { ServerClock } from './server-clock.ts';
import { loopbackHosts, type Notice, type ServerConfig } from './server-config.ts';
import { ServerLogs } from './server-logs.ts';
import { resetServer } from './server-reset.ts';
import { startOf } from './server-start.ts';
import { connectionsOf, runningVendors, ServerLedgers } from './server-views.ts';
import { Traffic } from './traffic.ts';
import { managerTriad } from './triad/manager-triad.ts';
import type { Triad } from './triad/triad.ts';
import { asMember } from './triad/triad-setting.ts';
import { withUsualLog } from './usual-log.ts';
import type { VendorDaemon } from './vendor-daemon.ts';
import { newVendorDaemon, readCatalogOf } from './vendor-factory.ts';
import type { VendorRunner } from './vendor-runner.ts';

/** A license server: a manager and its vendor daemons, started and stopped as one. */
export class LicenseServer {
  readonly config: ServerConfig;
  readonly journal: Journal;
  readonly clock: ServerClock;
  /** Told of what the debug log has no line for. */
  readonly notice: Notice;
  readonly #clock: Clock;
  readonly traffic: Traffic;
  readonly #board: FaultBoard;
  /** What is made to go wrong. */
  readonly faults: ServerFaults;
  /** Resolves when the server has ended, whoever asked for it, with the signal it ended as of. */
  readonly stopped: Promise<number>;
  readonly ledgers: ServerLedgers;
  readonly #logs: ServerLogs;
  readonly #manager: LicenseManager;
  #tellStopped!: (signal: number) => void;
  #stopping: Promise<void> | undefined;

  /** Use `newServer` or `startServer`. */
  constructor(config: ServerConfig, catalog: Catalog) {
    this.config = config;
    const clock = config.clock ?? systemClock;
    this.traffic = config.traffic ?? new Traffic();
    this.#clock = this.traffic.ownClock(clock);
    this.#board = new FaultBoard(this.#clock);
    this.notice = config.notice ?? (() => {});
    this.journal = new Journal({
      size: config.journalEventsMax,
      notice: this.notice,
      traffic: this.traffic,
    });
    this.#logs = new ServerLogs(config, {
      clock: this.#clock,
      notice: this.notice,
      writer: 'lmgrd',
    });
    this.stopped = new Promise((resolve) => {
      this.#tellStopped = resolve;
    });
    this.#manager = new LicenseManager(catalog, {
      clock: this.#clock,
      log: new ManagerLog(this.#logs.of('lmgrd'), this.#clock),
      traffic: this.traffic,
      faults: this.#board.site('manager'),
      ...managerSettings(config),
      notice: this.notice,
      ...managerTriad(config, catalog, this.#clock),
      readAgain: () => this.#readAgain(),
      newRunner: (entry) => this.#newRunner(entry),
      onDown: () => void this.stop(),
    });
    this.ledgers = new ServerLedgers(this.#manager);
    this.clock = new ServerClock({
      clock,
      traffic: this.traffic,
      logs: this.#logs.files,
      timeZone: config.timeZone,
      followers: () => this.#manager.runners.flatMap(({ follower }) => follower ?? []),
      wentBack: () => this.#managerLog.clockWentBack(),
    });
    const { files: logs } = this.#logs;
    const parts = { config, clock: this.#clock, traffic: this.traffic, logs };
    this.faults = faultsOfServer({ ...parts, board: this.#board, manager: this.#manager });
  }

  /** Its part in its triad; absent: a single server. */
  get triad(): Triad | undefined {
    return this.#manager.triad;
  }

  get hosts(): readonly string[] {
    return this.config.hosts ?? loopbackHosts;
  }

  get port(): number {
    return this.#manager.port;
  }

  get catalog(): Catalog {
    return this.#manager.catalog;
  }

  /** `port@host` for clients on this machine, or for those to whom the server advertises itself. */
  get address(): string {
    return serverAddress(this.config, { port: this.port, bound: this.addresses[0] });
  }

  get addresses(): readonly string[] {
    return this.#manager.host.addresses;
  }

  get vendors(): readonly RunningVendor[] {
    return runningVendors(this.#manager);
  }

  /** Open connections of the manager and of daemons in this process. */
  get connections(): number {
    return connectionsOf(this.#manager);
  }

  /** The vendor daemon, when it lives in this process and is up. */
  daemon(vendor: string): VendorDaemon | undefined {
    return this.#manager.runner(vendor)?.daemon;
  }

  /**
   * Listens and starts the daemons; on failure nothing is left running. Also resolves when it was told to stop
   * meanwhile, and has.
   */
  async start(): Promise<void> {
    try {
      await this.#start();
    } catch (error) {
      // What a stop breaks off fails, too.
      if (this.#stopping) return this.#stopping;
      this.#stopping = this.#end(this.#manager.stop(15), 15);
      await this.#stopping;
      throw error;
    }
    if (this.#stopping) return this.#stopping;
    const vendors = this.vendors.map(({ name, port }) => ({ name, port: port || this.port }));
    this.notice('ready', { address: this.address, vendors }, 'info');
  }

  async #start(): Promise<void> {
    tellFindings(this.catalog.findings, this.notice);
    await this.#manager.listen();
    if (this.#stopping) return;
    // After the port: a second server on it must not empty the log of the first.
    this.#logs.open();
    this.#managerLog.started(startOf(this.config, this.catalog, this.port));
    await this.#manager.startVendors();
  }

  #readAgain(): Catalog {
    const catalog = readCatalogOf(this.config, this.#clock.now());
    checkAdvertised(this.config, catalog);
    return catalog;
  }

  get #managerLog(): ManagerLog {
    return this.#manager.options.log;
  }

  /** New files in the place of logs that were put aside (logrotate), in all processes. */
  async reopenLogs(): Promise<void> {
    this.#logs.files.reopen();
    await Promise.all(this.#manager.runners.map((runner) => runner.reopenLogs()));
  }

  #newRunner(entry: VendorEntry): VendorRunner {
    if (this.config.processes) {
      const { config, journal } = this;
      const faults = () => this.faults.armed;
      const lease = config.triad && (() => this.triad?.servingUntil ?? 0);
      const parts = { config, journal, notice: this.notice, faults };
      return new ChildVendor(entry, { ...parts, ...(lease === undefined ? {} : { lease }) });
    }
    return new LocalVendor(entry, (current, start) => this.#newDaemon(current, start));
  }

  #newDaemon(
    entry: VendorEntry,
    { restarts, port }: { readonly restarts: number; readonly port: number | undefined },
  ): VendorDaemon {
    return newVendorDaemon(entry, {
      config: this.config,
      clock: this.#clock,
      catalog: this.catalog,
      journal: this.journal,
      traffic: this.traffic,
      faults: this.#board.site('vendor', entry.name),
      log: this.#logs.of(entry.name),
      logs: this.#logs.files,
      notice: this.notice,
      restarts,
      port,
      mayGrant: this.triad && (() => this.triad?.mayGrant ?? false),
    });
  }

  /** Reads the license and options files again. @throws KnownError when they cannot be served. */
  reread(by = { user: 'root', host: hostname() }): Promise<void> {
    return this.#manager.reread(by);
  }

  /** Ends a vendor daemon as kill -9 would; the manager restarts it. @throws KnownError USAGE when unknown */
  async killVendor(name: string): Promise<void> {
    const life = this.#manager.life(name);
    if (life === undefined) {
      const known = this.vendors.map((vendor) => vendor.name).join(', ');
      throw new KnownError('USAGE', `expected one of the vendor daemons ${known}, got ${name}`);
    }
    await life.kill();
  }

  /**
   * As at the start, for the next test: seats come back and clients are cut off, daemons that are down come up,
   * faults are off, the clock stands where it began, the journal is empty. Ports, files and options in force stay,
   * and the debug log goes on.
   * @throws KnownError of a daemon that cannot start
   */
  reset(): Promise<void> {
    const { clock, journal, faults, traffic } = this;
    const manager = this.#manager;
    return resetServer({ manager, faults, clock, journal, logs: this.#logs.files, traffic });
  }

  /** Told to stop, and stopping or stopped. */
  get stopping(): boolean {
    return this.#stopping !== undefined;
  }

  /** Orderly end: seats come back with reason SHUTDOWN, ports close, the log is written out. */
  stop(signal = 15): Promise<void> {
    this.#stopping ??= this.#tellStop(signal);
    return this.#stopping;
  }

  async #tellStop(signal: number): Promise<void> {
    this.notice('stopping', { signal }, 'info');
    await this.#end(this.#manager.stop(signal), signal);
    this.notice('stopped', { signal }, 'info');
  }

  async #end(ending: Promise<void>, signal: number): Promise<void> {
    this.faults.stop();
    await ending;
    await this.#logs.files.close();
    this.#tellStopped(signal);
  }

  /** What kill -9 of manager and daemons does: nobody is told, nothing is logged. `stopped` resolves with 9. */
  crash(): Promise<void> {
    this.#stopping ??= this.#end(this.#manager.crash(), 9);
    return this.#stopping;
  }

  /** Writes out the log at once: for a process that is about to end without an orderly stop. */
  flushNow(): void {
    this.#logs.files.closeNow();
  }
}

/**
 * Makes a license server that `start` has listen: it may be told to stop while it starts.
 * @throws KnownError for files that cannot be read or served, settings that exclude each other.
 */
export function newServer(config: ServerConfig): LicenseServer {
  const clock = config.clock ?? systemClock;
  const catalog = readCatalogOf(config, clock.now());
  const told = withUsualLog(config, catalog);
  checkConfig(told, catalog);
  return new LicenseServer(asMember(told, catalog), catalog);
}

/**
 * Starts a license server; resolves when manager and daemons listen.
 * @throws KnownError as `newServer` does, and for ports in use.
 */
export async function startServer(config: ServerConfig): Promise<LicenseServer> {
  const server = newServer(config);
  await server.start();
  return server;
}
