import { hostname } from 'node:os';
import type { Clock, EpochMs } from '../base/clock.ts';
import { systemClock } from '../base/clock.ts';
import { KnownError } from '../base/errors.ts';
import { vendorPolicy } from '../domain/vendors/index.ts';
import type { PrefixStyle } from '../text/debug-log.ts';
import { type Catalog, type LicenseInput, readCatalog, type VendorEntry } from './catalog.ts';
import { ChildVendor } from './child-vendor.ts';
import { DaemonLog } from './daemon-log.ts';
import { Journal } from './journal.ts';
import { LicenseManager } from './license-manager.ts';
import { licensePaths } from './license-text.ts';
import { LocalVendor } from './local-vendor.ts';
import { LogFile } from './log-file.ts';
import { ManagerLog } from './manager-log.ts';
import { VendorDaemon } from './vendor-daemon.ts';
import { VendorLog } from './vendor-log.ts';
import type { VendorRunner } from './vendor-runner.ts';
import { flexnetVersion } from './versions.ts';

/** Told of what the debug log has no line for; the CLI hands it to pino. */
export type Notice = (what: string, details: Readonly<Record<string, unknown>>) => void;

export interface ServerConfig {
  /** License files, directories of *.lic, and texts. */
  readonly licenses: readonly LicenseInput[];
  /** Options file or text by vendor name. */
  readonly options?: Readonly<Record<string, LicenseInput>>;
  /** Addresses to listen on; loopback of both families unless told. */
  readonly hosts?: readonly string[];
  /** 0 takes a free port; absent: the SERVER line's, else the first free of 27000 to 27009. */
  readonly port?: number;
  /** What redirects and greetings name instead of the address the client reached. */
  readonly advertise?: { readonly host: string; readonly port?: number };
  /** One listener for manager and daemons. */
  readonly singlePort?: boolean;
  /** Each vendor daemon in a process of its own. */
  readonly processes?: boolean;
  readonly lenient?: boolean;
  readonly clock?: Clock;
  /** IANA name; absent: the machine's. */
  readonly timeZone?: string;
  /** The debug log: a file (emptied first unless `append`), or standard output without a path. */
  readonly log?: { readonly path?: string; readonly append?: boolean };
  readonly logStyle?: PrefixStyle;
  readonly journalEventsMax?: number;
  readonly connectionsMax?: number;
  readonly protocol?: 'current' | 'legacy';
  /** lmgrd -local. */
  readonly localOnly?: boolean;
  /** lmgrd -x. */
  readonly disabled?: readonly string[];
  /** The words the server was started with, for the log. */
  readonly commandLine?: readonly string[];
  readonly notice?: Notice;
}

/** A running vendor daemon. Port 0: it shares the manager's (single port), or is down. */
export interface RunningVendor {
  readonly name: string;
  readonly port: number;
  readonly pid: number;
  readonly up: boolean;
}

/** The default addresses: loopback, both families. */
export const loopbackHosts = ['127.0.0.1', '::1'] as const;

/** A license server: a manager and its vendor daemons, started and stopped as one. */
export class LicenseServer {
  readonly config: ServerConfig;
  readonly journal: Journal;
  readonly clock: Clock;
  /** Resolves when the server has ended, whoever asked for it, with the signal it ended as of. */
  readonly stopped: Promise<number>;
  readonly #notice: Notice;
  readonly #logFile: LogFile | undefined;
  readonly #manager: LicenseManager;
  #tellStopped!: (signal: number) => void;
  #stopping: Promise<void> | undefined;

  /** Use `startServer`. */
  constructor(config: ServerConfig, catalog: Catalog) {
    this.config = config;
    this.clock = config.clock ?? systemClock;
    this.journal = new Journal(config.journalEventsMax);
    this.#notice = config.notice ?? (() => {});
    this.#logFile = config.log ? new LogFile(config.log, this.#notice) : undefined;
    this.stopped = new Promise((resolve) => {
      this.#tellStopped = resolve;
    });
    this.#manager = new LicenseManager(catalog, {
      clock: this.clock,
      log: new ManagerLog(this.#daemonLog('lmgrd'), this.clock),
      hosts: this.hosts,
      ...(config.port === undefined ? {} : { port: config.port }),
      ...(config.advertise === undefined ? {} : { advertise: config.advertise }),
      ...(config.connectionsMax === undefined ? {} : { connectionsMax: config.connectionsMax }),
      singlePort: config.singlePort ?? false,
      legacy: config.protocol === 'legacy',
      localOnly: config.localOnly ?? false,
      disabled: new Set(config.disabled ?? []),
      notice: this.#notice,
      readAgain: () => ({
        catalog: readCatalogOf(config, this.clock.now()),
        sources: { licenses: config.licenses, options: config.options ?? {} },
      }),
      newRunner: (entry) => this.#newRunner(entry),
      onDown: () => void this.stop(),
    });
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
    const { advertise } = this.config;
    const bound = this.#manager.host.addresses[0] ?? '127.0.0.1';
    const local = { '0.0.0.0': '127.0.0.1', '::': '::1' }[bound] ?? bound;
    const host = advertise?.host ?? local;
    return `${advertise?.port ?? this.port}@${host}`;
  }

  get addresses(): readonly string[] {
    return this.#manager.host.addresses;
  }

  get vendors(): readonly RunningVendor[] {
    return this.#manager.runners.map(({ name, port, pid, up }) => ({ name, port, pid, up }));
  }

  /** Open connections of the manager and of daemons in this process. */
  get connections(): number {
    const daemons = this.#manager.runners.map(({ daemon }) => daemon?.host.connections ?? 0);
    return daemons.reduce((sum, count) => sum + count, this.#manager.host.connections);
  }

  /** The vendor daemon, when it lives in this process and is up. */
  daemon(vendor: string): VendorDaemon | undefined {
    return this.#manager.runner(vendor)?.daemon;
  }

  /** Listens and starts the daemons; on failure nothing is left running. */
  async start(): Promise<void> {
    try {
      await this.#manager.listen();
      this.#logStart();
      await this.#manager.startVendors();
    } catch (error) {
      await this.stop();
      throw error;
    }
  }

  #logStart(): void {
    this.#managerLog.started({
      port: this.port,
      release: this.#release,
      licenseFiles: licensePaths(this.catalog),
      commandLine: this.config.commandLine ?? [],
      triad: this.catalog.servers.length === 3,
      localOnly: this.config.localOnly ?? false,
    });
  }

  get #managerLog(): ManagerLog {
    return this.#manager.options.log;
  }

  get #release() {
    return { version: flexnetVersion.text, build: flexnetVersion.build, platform: 'x64_lsb' };
  }

  #daemonLog(daemon: string): DaemonLog {
    const style = this.config.logStyle ?? 'time';
    return new DaemonLog(daemon, { file: this.#logFile, clock: this.clock, style });
  }

  #newRunner(entry: VendorEntry): VendorRunner {
    if (this.config.processes) return new ChildVendor(entry, this.config, this.journal, this.#notice);
    return new LocalVendor(entry, (current, start) => this.#newDaemon(current, start));
  }

  #newDaemon(
    entry: VendorEntry,
    { restarts, port }: { readonly restarts: number; readonly port: number | undefined },
  ): VendorDaemon {
    return newVendorDaemon(entry, {
      config: this.config,
      clock: this.clock,
      catalog: this.catalog,
      journal: this.journal,
      log: this.#daemonLog(entry.name),
      notice: this.#notice,
      restarts,
      port,
    });
  }

  /** Reads the license and options files again. @throws KnownError when they cannot be served. */
  reread(by = { user: 'root', host: hostname() }): Promise<void> {
    return this.#manager.reread(by);
  }

  /** Ends a vendor daemon as kill -9 would; the manager restarts it. @throws KnownError USAGE when unknown */
  async killVendor(name: string): Promise<void> {
    const runner = this.#manager.runner(name);
    if (runner === undefined) {
      const known = this.vendors.map((vendor) => vendor.name).join(', ');
      throw new KnownError('USAGE', `expected one of the vendor daemons ${known}, got ${name}`);
    }
    await runner.kill();
  }

  /** Orderly end: seats come back with reason SHUTDOWN, ports close, the log is written out. */
  stop(signal = 15): Promise<void> {
    this.#stopping ??= this.#stop(signal);
    return this.#stopping;
  }

  async #stop(signal: number): Promise<void> {
    await this.#manager.stop(signal);
    await this.#logFile?.close();
    this.#tellStopped(signal);
  }

  /** Writes out the log at once: for a process that is about to end without an orderly stop. */
  flushNow(): void {
    this.#logFile?.closeNow();
  }
}

/** Makes a vendor daemon of a configuration, in the manager's process or in one of its own. */
export function newVendorDaemon(
  entry: VendorEntry,
  parts: {
    readonly config: ServerConfig;
    readonly clock: Clock;
    readonly catalog: Catalog;
    readonly journal: Journal;
    readonly log: DaemonLog;
    readonly notice: Notice;
    readonly restarts: number;
    readonly port: number | undefined;
  },
): VendorDaemon {
  const { config, clock, catalog, journal, log, notice, restarts, port } = parts;
  const server = catalog.servers[0];
  const { text: version, build } = flexnetVersion;
  return new VendorDaemon({
    entry,
    policy: vendorPolicy(entry.name),
    clock,
    journal,
    notice,
    ...(config.timeZone === undefined ? {} : { timeZone: config.timeZone }),
    ...(config.connectionsMax === undefined ? {} : { connectionsMax: config.connectionsMax }),
    ...(config.advertise === undefined ? {} : { advertisedHost: config.advertise.host }),
    ...(port === undefined ? {} : { port }),
    hosts: config.singlePort ? [] : (config.hosts ?? loopbackHosts),
    legacy: config.protocol === 'legacy',
    log: new VendorLog({
      log,
      clock,
      release: { version, build, platform: 'x64_lsb' },
      pid: process.pid,
      serverHost: server?.host ?? 'this_host',
      serverHostids: server?.hostids ?? ['ANY'],
      licenseFiles: licensePaths(catalog),
      restarts,
    }),
  });
}

/** Reads the license and options files a configuration names. Throws as `readCatalog` does. */
export function readCatalogOf(config: ServerConfig, now: EpochMs): Catalog {
  return readCatalog({
    licenses: config.licenses,
    options: config.options ?? {},
    lenient: config.lenient ?? false,
    now,
    ...(config.timeZone === undefined ? {} : { timeZone: config.timeZone }),
  });
}

/**
 * Starts a license server; resolves when manager and daemons listen.
 * @throws KnownError for files that cannot be read or served, ports in use, settings that exclude each other.
 */
export async function startServer(config: ServerConfig): Promise<LicenseServer> {
  if (config.processes && config.singlePort) {
    const text = 'expected --processes or --single-port, got both: one listener is one process';
    throw new KnownError('USAGE', text);
  }
  const clock = config.clock ?? systemClock;
  const server = new LicenseServer(config, readCatalogOf(config, clock.now()));
  await server.start();
  return server;
}
