import { hostname } from 'node:os';
import type { EpochMs } from '../base/clock.ts';
import { type Catalog, readCatalog } from '../daemon/catalog.ts';
import type { LedgerEvent } from '../domain/ledger/events.ts';
import { snapshot } from '../domain/ledger/snapshot.ts';
import { LedgerDaemon } from './ledger-daemon.ts';
import type { ServerSetup } from './setup.ts';
import type { ScenarioServer, ServerFiles, StandFault, StandFeature } from './stand.ts';
import { featuresOf } from './stand-features.ts';
import { StepRefused } from './step-row.ts';

export interface LedgerParts {
  readonly now: () => EpochMs;
  readonly onEvent: (daemon: LedgerDaemon, event: LedgerEvent) => void;
}

/** The ledgers of a license file, one a vendor daemon: what a server decides, without a server. */
export class LedgerServer implements ScenarioServer {
  readonly name: string;
  readonly address = '';
  readonly #setup: ServerSetup;
  readonly #parts: LedgerParts;
  readonly #daemons = new Map<string, LedgerDaemon>();
  #files: Required<ServerFiles>;
  #catalog: Catalog | undefined;

  constructor(setup: ServerSetup, parts: LedgerParts) {
    this.name = setup.name;
    this.#setup = setup;
    this.#parts = parts;
    this.#files = { license: setup.license, options: setup.options };
  }

  get up(): boolean {
    return this.#catalog !== undefined;
  }

  get daemons(): readonly LedgerDaemon[] {
    return [...this.#daemons.values()];
  }

  /** @throws KnownError for files that cannot be served */
  async start(): Promise<void> {
    this.#catalog = this.#read();
    for (const entry of this.#catalog.vendors) this.#adopt(entry);
  }

  #adopt(entry: Catalog['vendors'][number]): void {
    const { now, onEvent } = this.#parts;
    const hosts = this.#catalog!.servers.map(({ host }) => host);
    const daemon: LedgerDaemon = new LedgerDaemon(entry, {
      now: now(),
      serverHosts: [...hosts, hostname()],
      tell: (event) => onEvent(daemon, event),
    });
    this.#daemons.set(entry.name.toLowerCase(), daemon);
  }

  #read(): Catalog {
    const { license, options } = this.#files;
    const texts = Object.entries(options).map(([vendor, text]) => {
      return [vendor, { name: `${vendor}.opt`, text }] as const;
    });
    return readCatalog({
      licenses: [{ name: 'license.lic', text: license }],
      options: Object.fromEntries(texts),
      lenient: this.#setup.lenient,
      now: this.#parts.now(),
    });
  }

  /** The daemons that may have a feature, in order: those that the license text gives it to, else all. */
  candidates(feature: string, vendor: string | undefined): readonly LedgerDaemon[] {
    if (vendor !== undefined) {
      const own = this.#daemons.get(vendor.toLowerCase());
      return own === undefined ? [] : [own];
    }
    const name = feature.toLowerCase();
    const having = this.daemons.filter(({ entry }) => {
      const components = entry.packages.flatMap((line) => line.components);
      const all = [...entry.features, ...entry.packages, ...components];
      return all.some((each) => each.name.toLowerCase() === name);
    });
    return having.length > 0 ? having : this.daemons;
  }

  async reread(files: ServerFiles): Promise<void> {
    const options = { ...this.#files.options, ...files.options };
    this.#files = { license: files.license ?? this.#files.license, options };
    this.#catalog = this.#read();
    for (const entry of this.#catalog.vendors) {
      const own = this.#daemons.get(entry.name.toLowerCase());
      if (own === undefined) this.#adopt(entry);
      else own.reread(entry, this.#parts.now());
    }
  }

  async features(): Promise<readonly StandFeature[]> {
    return featuresOf(this.daemons.map(({ ledger }) => snapshot(ledger)));
  }

  async stop(): Promise<void> {}

  async kill(): Promise<void> {
    throw this.#none('a server that can be killed');
  }

  async killDaemon(): Promise<void> {
    throw this.#none('a vendor daemon');
  }

  async arm(): Promise<void> {
    throw this.#none('a server for faults');
  }

  async faults(): Promise<readonly StandFault[]> {
    return [];
  }

  async disarm(): Promise<void> {}

  async silence(): Promise<number> {
    throw this.#none('connections');
  }

  async log(): Promise<string> {
    throw this.#none('a debug log');
  }

  #none(what: string): StepRefused {
    return new StepRefused(what, 'a ledger alone (--mode ledger)');
  }
}
