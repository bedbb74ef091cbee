import type { Clock } from '../base/clock.ts';
import { ControlDesk } from '../control/control-desk.ts';
import { metricsText } from '../control/metrics.ts';
import { parseFault } from '../daemon/faults/order.ts';
import type { JournalEntry } from '../daemon/journal.ts';
import { type LicenseServer, startServer } from '../daemon/server.ts';
import type { Traffic } from '../daemon/traffic.ts';
import type { TriadSetting } from '../daemon/triad/setting.ts';
import { snapshot } from '../domain/ledger/snapshot.ts';
import type { ServerSetup } from './setup.ts';
import { SocketServer, type VendorPort } from './socket-server.ts';
import type { ServerFiles, StandFault, StandFeature } from './stand.ts';
import { featuresOf } from './stand-features.ts';

export interface InProcessParts {
  readonly clock: Clock;
  readonly traffic: Traffic;
  /** A folder for its files. */
  readonly folder: string;
  readonly seed: string;
  readonly onEvent: (server: string, entry: JournalEntry) => void;
}

/** A license server of a scenario inside this process, on a free port that it keeps. */
export class InProcessServer extends SocketServer {
  readonly #parts: InProcessParts;
  #server: LicenseServer | undefined;
  /** Of the control plane what counts. */
  #desk: ControlDesk | undefined;

  constructor(setup: ServerSetup, parts: InProcessParts) {
    super(setup, parts.folder);
    this.#parts = parts;
  }

  get up(): boolean {
    return this.#server !== undefined && !this.#server.stopping;
  }

  /** The running server, for who moves its clock. */
  get server(): LicenseServer | undefined {
    return this.up ? this.#server : undefined;
  }

  get vendorPorts(): readonly VendorPort[] {
    return this.#server?.vendors ?? [];
  }

  protected async launch(): Promise<void> {
    const { clock, traffic, onEvent, seed } = this.#parts;
    const { lenient, singlePort, lmremoveAge, timeZone, triad } = this.setup;
    const server = await startServer({
      licenses: [this.file('license.lic')],
      options: this.optionFiles,
      hosts: ['127.0.0.1'],
      port: this.port,
      clock,
      traffic,
      seed,
      lenient,
      singlePort,
      log: { path: this.file('debug.log'), append: true },
      folder: this.file(''),
      stateFolder: this.file('state'),
      ...(timeZone === undefined ? {} : { timeZone }),
      ...(lmremoveAge === undefined ? {} : { lmremoveAgeSecondsMin: lmremoveAge }),
      ...(triad === undefined ? {} : { triad: this.#setting }),
    });
    this.#server = server;
    this.#desk = new ControlDesk(server);
    this.port = server.port;
    server.journal.listen((entry) => onEvent(this.name, entry));
  }

  get #setting(): TriadSetting {
    const { place, ports } = this.members;
    return { member: place, addresses: ports.map((port) => ({ host: '127.0.0.1', port })) };
  }

  async stop(): Promise<void> {
    await this.#server?.stop();
  }

  async kill(): Promise<void> {
    await this.#server?.crash();
  }

  async killDaemon(vendor: string | undefined): Promise<void> {
    const server = this.#running();
    await server.killVendor(vendor ?? server.vendors[0]!.name);
  }

  async reread(files: ServerFiles): Promise<void> {
    this.write(files);
    await this.#running().reread();
  }

  async arm(fault: string): Promise<void> {
    const { faults } = this.#running();
    const order = parseFault(fault, 'fault');
    faults.check([order], 'fault');
    await faults.addAll([order]);
  }

  faults(): Promise<readonly StandFault[]> {
    return this.#running().faults.list();
  }

  protected async clear(id: string): Promise<void> {
    await this.#running().faults.clear(id);
  }

  async silence(user: string, host: string): Promise<number> {
    const cut = this.#daemons.map(({ sessions }) =>
      sessions.cut(({ client }) => client?.user === user && client.host === host),
    );
    return cut.reduce((sum, each) => sum + each, 0);
  }

  async features(): Promise<readonly StandFeature[]> {
    if (!this.up) return [];
    return featuresOf(this.#daemons.map(({ ledger }) => snapshot(ledger)));
  }

  async metrics(): Promise<string> {
    return this.up && this.#desk !== undefined ? metricsText(this.#desk) : '';
  }

  /** Moving the clock by nothing writes the log out. */
  protected async flushed(): Promise<void> {
    await this.server?.clock.advance(0);
  }

  get #daemons() {
    const server = this.#running();
    return server.vendors.flatMap(({ name }) => server.daemon(name) ?? []);
  }

  #running(): LicenseServer {
    if (this.#server !== undefined && this.up) return this.#server;
    throw this.down();
  }
}
