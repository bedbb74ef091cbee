import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Clock } from '../base/clock.ts';
import { armFaults, parseFaults } from '../daemon/faults.ts';
import type { JournalEntry } from '../daemon/journal.ts';
import { type LicenseServer, startServer } from '../daemon/server.ts';
import type { Traffic } from '../daemon/traffic.ts';
import { type LedgerSnapshot, snapshot } from '../domain/ledger/snapshot.ts';
import type { ServerSetup } from './setup.ts';
import type { ScenarioServer, ServerFiles } from './stand.ts';
import { StepRefused } from './step-row.ts';

export interface InProcessParts {
  readonly clock: Clock;
  readonly traffic: Traffic;
  /** A folder for its files. */
  readonly folder: string;
  readonly onEvent: (server: string, entry: JournalEntry) => void;
}

/** A license server of a scenario inside this process, on a free port that it keeps. */
export class InProcessServer implements ScenarioServer {
  readonly name: string;
  readonly #setup: ServerSetup;
  readonly #parts: InProcessParts;
  #server: LicenseServer | undefined;
  #port = 0;

  constructor(setup: ServerSetup, parts: InProcessParts) {
    this.name = setup.name;
    this.#setup = setup;
    this.#parts = parts;
    mkdirSync(parts.folder, { recursive: true });
    this.#write({ license: setup.license, options: setup.options });
  }

  get up(): boolean {
    return this.#server !== undefined && !this.#server.stopping;
  }

  get address(): string {
    return `${this.#port}@127.0.0.1`;
  }

  get port(): number {
    return this.#port;
  }

  /** The running server, for who moves its clock. */
  get server(): LicenseServer | undefined {
    return this.up ? this.#server : undefined;
  }

  get vendorPorts(): readonly number[] {
    return this.#server?.vendors.map(({ port }) => port) ?? [];
  }

  async start(): Promise<void> {
    if (this.up) return;
    const { clock, traffic, onEvent } = this.#parts;
    const { lenient, singlePort, lmremoveAge } = this.#setup;
    const server = await startServer({
      licenses: [this.#file('license.lic')],
      options: this.#optionFiles(),
      hosts: ['127.0.0.1'],
      port: this.#port,
      clock,
      traffic,
      lenient,
      singlePort,
      log: { path: this.#file('debug.log'), append: true },
      stateFolder: this.#file('state'),
      ...(lmremoveAge === undefined ? {} : { lmremoveAgeSecondsMin: lmremoveAge }),
    });
    this.#server = server;
    this.#port = server.port;
    server.journal.listen((entry) => onEvent(this.name, entry));
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
    this.#write(files);
    await this.#running().reread();
  }

  async arm(fault: string): Promise<void> {
    armFaults(this.#running(), parseFaults([fault]));
  }

  async disarm(): Promise<void> {
    this.#running().disarmFaults();
  }

  async silence(user: string, host: string): Promise<number> {
    const server = this.#running();
    return this.#daemons(server).reduce((sum, daemon) => {
      return (
        sum + daemon.sessions.cut(({ client }) => client?.user === user && client.host === host)
      );
    }, 0);
  }

  async snapshots(): Promise<readonly LedgerSnapshot[]> {
    if (!this.up) return [];
    return this.#daemons(this.#running()).map(({ ledger }) => snapshot(ledger));
  }

  async log(): Promise<string> {
    // Moving the clock by nothing writes the log out.
    await this.server?.clock.advance(0);
    return readFileSync(this.#file('debug.log'), 'utf8');
  }

  #daemons(server: LicenseServer) {
    return server.vendors.flatMap(({ name }) => server.daemon(name) ?? []);
  }

  #running(): LicenseServer {
    if (this.#server !== undefined && this.up) return this.#server;
    throw new StepRefused(`server ${this.name} to be up`, 'one that is down');
  }

  #file(name: string): string {
    return join(this.#parts.folder, name);
  }

  #write({ license, options = {} }: ServerFiles): void {
    if (license !== undefined) writeFileSync(this.#file('license.lic'), license);
    for (const [vendor, text] of Object.entries(options)) {
      writeFileSync(this.#file(`${vendor}.opt`), text);
    }
  }

  #optionFiles(): Readonly<Record<string, string>> {
    const vendors = Object.keys(this.#setup.options);
    return Object.fromEntries(vendors.map((vendor) => [vendor, this.#file(`${vendor}.opt`)]));
  }
}
