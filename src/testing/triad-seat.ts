import { type LicenseServer, newServer } from '../daemon/server.ts';
import type { ServerConfig } from '../daemon/server-config.ts';
import type { Triad } from '../daemon/triad/triad.ts';
import type { TestClock, TestLicenseServer } from './license-server.ts';
import { asTestServer } from './test-server.ts';
import type { TestTriadMember } from './triad.ts';

/** A place in a triad of this process, and the license server that is in it: one after the other, on one port. */
export class TriadSeat implements TestTriadMember {
  readonly name: string;
  readonly #config: ServerConfig;
  #server: LicenseServer | undefined;
  #shown: TestLicenseServer | undefined;
  #clock: TestClock | undefined;

  constructor(name: string, config: ServerConfig) {
    this.name = name;
    this.#config = config;
  }

  get #addressInTriad(): { host: string; port: number } {
    const { member, addresses = [] } = this.#config.triad!;
    return addresses[member]!;
  }

  get port(): number {
    return this.#addressInTriad.port;
  }

  get address(): string {
    return `${this.port}@${this.#addressInTriad.host}`;
  }

  /** The server, while it runs. */
  get live(): LicenseServer | undefined {
    return this.#server?.stopping === false ? this.#server : undefined;
  }

  get running(): boolean {
    return this.live !== undefined;
  }

  get triad(): Triad | undefined {
    return this.live?.triad;
  }

  get master(): boolean {
    return this.triad?.view.serving ?? false;
  }

  get server(): TestLicenseServer {
    return this.#shown!;
  }

  /** That of its first life: it moves the clock of all, whoever runs. */
  get clock(): TestClock {
    return this.#clock!;
  }

  async start(): Promise<void> {
    if (this.running) return;
    const server = newServer({ ...this.#config, port: this.port });
    this.#server = server;
    await server.start();
    // The others read it there.
    this.#addressInTriad.port = server.port;
    this.#shown = asTestServer(server, undefined);
    this.#clock ??= this.#shown.clock;
  }

  async kill(): Promise<void> {
    await this.live?.crash();
  }

  async stop(): Promise<void> {
    await this.live?.stop();
  }
}
