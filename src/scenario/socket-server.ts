import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { fixedPortsOf, withFreePorts } from './fixed-ports.ts';
import type { ServerSetup } from './setup.ts';
import type { ScenarioServer, ServerFiles, StandFault, StandFeature, StartOrder } from './stand.ts';
import { StepRefused } from './step-row.ts';
import { serverHosts, withServerPorts } from './triad-ports.ts';

/** Where clients look for a server that was never started: nothing listens there. */
const NOBODYS_PORT = 1;

/** What the fault is called that a step of that name puts in force. */
const PARTITION = 'partition';

/** Where a vendor daemon listens. */
export interface VendorPort {
  readonly name: string;
  readonly port: number;
}

/** A license server that is reached over sockets, with files of its own in a folder. */
export abstract class SocketServer implements ScenarioServer {
  readonly name: string;
  protected readonly setup: ServerSetup;
  readonly #folder: string;
  #portsAsked: ReadonlyMap<string, number> = new Map();
  /** Of the members of its triad, by host. */
  #triadPorts: ReadonlyMap<string, number> = new Map();
  /** What keeps members of its triad apart. */
  #groups: string | undefined;
  #license = '';
  /** 0 before its first start; it keeps it from then on. */
  port = 0;

  constructor(setup: ServerSetup, folder: string) {
    this.name = setup.name;
    this.setup = setup;
    this.#folder = folder;
    mkdirSync(folder, { recursive: true });
    this.write({ license: setup.license, options: setup.options });
  }

  abstract readonly up: boolean;
  abstract readonly vendorPorts: readonly VendorPort[];
  /** Has it serve the files there are, on its port; sets that. */
  protected abstract launch(): Promise<void>;
  abstract stop(): Promise<void>;
  abstract kill(): Promise<void>;
  abstract killDaemon(vendor: string | undefined): Promise<void>;
  abstract reread(files: ServerFiles): Promise<void>;
  abstract arm(fault: string): Promise<void>;
  abstract faults(): Promise<readonly StandFault[]>;
  /** Ends the fault of that id. */
  protected abstract clear(id: string): Promise<void>;
  abstract silence(user: string, host: string): Promise<number>;
  abstract features(): Promise<readonly StandFeature[]>;
  /** Sees to it that the log has everything so far. */
  protected abstract flushed(): Promise<void>;

  get triad(): string | undefined {
    return this.setup.triad;
  }

  /** Where the members of its triad are to listen, by host: told before the first start. */
  useTriadPorts(ports: ReadonlyMap<string, number>): void {
    this.#triadPorts = ports;
    this.port = ports.get(this.name) ?? 0;
    this.write({ license: this.setup.license });
  }

  /** The members in the order of its own SERVER lines: their ports, and its place. */
  protected get members(): { readonly ports: readonly number[]; readonly place: number } {
    const hosts = serverHosts(this.#license);
    return {
      ports: hosts.map((host) => this.#triadPorts.get(host) ?? 0),
      place: hosts.indexOf(this.name),
    };
  }

  async partition(groups: string | undefined): Promise<void> {
    const before = this.#groups;
    this.#groups = groups;
    if (!this.up) return;
    if (before !== undefined) await this.clear(PARTITION);
    await this.#keepApart();
  }

  get groups(): string | undefined {
    return this.#groups;
  }

  async disarm(id: string): Promise<void> {
    if (id === PARTITION) await this.partition(undefined);
    else await this.clear(id);
  }

  async #keepApart(): Promise<void> {
    if (this.#groups === undefined) return;
    await this.arm(`partition groups=${this.#groups} id=${PARTITION}`);
  }

  /** Started with the scenario. */
  get isWanted(): boolean {
    return this.setup.started;
  }

  /** What PORT= says of a vendor daemon. */
  portAsked(vendor: string): number | undefined {
    return this.#portsAsked.get(vendor.toLowerCase());
  }

  get address(): string {
    return `${this.port || NOBODYS_PORT}@127.0.0.1`;
  }

  async start({ missing, mode, taken, ...files }: StartOrder = {}): Promise<void> {
    if (this.up) return;
    this.write(files);
    if (mode !== undefined) chmodSync(this.file('license.lic'), Number.parseInt(mode, 8));
    if (missing) rmSync(this.file('license.lic'), { force: true });
    const free = taken ? await this.#takePort() : async () => {};
    try {
      await this.launch();
      await this.#keepApart();
    } finally {
      await free();
    }
  }

  /** Listens where it will want to; gives what ends that. */
  async #takePort(): Promise<() => Promise<void>> {
    const other = createServer((socket) => socket.destroy());
    await new Promise<void>((resolve, reject) => {
      other.once('error', reject).listen(this.port, '127.0.0.1', resolve);
    });
    this.port = (other.address() as { readonly port: number }).port;
    return () => new Promise((resolve) => other.close(() => resolve()));
  }

  async log(name = 'debug.log'): Promise<string | undefined> {
    await this.flushed();
    const file = this.file(name);
    return existsSync(file) ? readFileSync(file, 'utf8') : undefined;
  }

  protected file(name: string): string {
    return join(this.#folder, name);
  }

  protected write({ license, options = {} }: ServerFiles): void {
    if (license !== undefined) {
      this.#portsAsked = fixedPortsOf(license);
      const text = this.setup.fixedPorts ? license : withFreePorts(license);
      this.#license = withServerPorts(text, this.#triadPorts);
      writeFileSync(this.file('license.lic'), this.#license);
    }
    for (const [vendor, text] of Object.entries(options)) {
      writeFileSync(this.file(`${vendor}.opt`), text);
    }
  }

  protected get optionFiles(): Readonly<Record<string, string>> {
    const vendors = Object.keys(this.setup.options);
    return Object.fromEntries(vendors.map((vendor) => [vendor, this.file(`${vendor}.opt`)]));
  }

  /** The scenario's own mistake, told as a failure of the step. */
  protected down(): StepRefused {
    return this.refused(`server ${this.name} to be up`, 'one that is down');
  }

  protected refused(expected: string, got: string): StepRefused {
    return new StepRefused(expected, got);
  }
}
