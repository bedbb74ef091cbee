import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ServerSetup } from './setup.ts';
import type { ScenarioServer, ServerFiles, StandFeature } from './stand.ts';
import { StepRefused } from './step-row.ts';

/** A license server that is reached over sockets, with files of its own in a folder. */
export abstract class SocketServer implements ScenarioServer {
  readonly name: string;
  protected readonly setup: ServerSetup;
  readonly #folder: string;

  constructor(setup: ServerSetup, folder: string) {
    this.name = setup.name;
    this.setup = setup;
    this.#folder = folder;
    mkdirSync(folder, { recursive: true });
    this.write({ license: setup.license, options: setup.options });
  }

  abstract readonly up: boolean;
  /** 0 before its first start; it keeps it from then on. */
  abstract readonly port: number;
  abstract readonly vendorPorts: readonly number[];
  abstract start(): Promise<void>;
  abstract stop(): Promise<void>;
  abstract kill(): Promise<void>;
  abstract killDaemon(vendor: string | undefined): Promise<void>;
  abstract reread(files: ServerFiles): Promise<void>;
  abstract arm(fault: string): Promise<void>;
  abstract disarm(): Promise<void>;
  abstract silence(user: string, host: string): Promise<number>;
  abstract features(): Promise<readonly StandFeature[]>;
  /** Sees to it that the log has everything so far. */
  protected abstract flushed(): Promise<void>;

  get address(): string {
    return `${this.port}@127.0.0.1`;
  }

  async log(): Promise<string> {
    await this.flushed();
    return readFileSync(this.file('debug.log'), 'utf8');
  }

  protected file(name: string): string {
    return join(this.#folder, name);
  }

  protected write({ license, options = {} }: ServerFiles): void {
    if (license !== undefined) writeFileSync(this.file('license.lic'), license);
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
