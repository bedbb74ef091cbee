import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Clock, EpochMs } from '../base/clock.ts';
import { pathSeparator } from '../client/license-path.ts';
import { environmentNaming } from '../daemon/client-environment.ts';
import { Traffic } from '../daemon/traffic.ts';
import { vendorPolicies } from '../domain/vendors/index.ts';
import { runLmutil } from './lmutil-call.ts';
import { Normalizer } from './normalizer.ts';
import { ScenarioClients } from './scenario-clients.ts';
import type { ServerSetup } from './setup.ts';
import type { SocketServer } from './socket-server.ts';
import type {
  CheckoutOutcome,
  Holder,
  Stand,
  StandCheckout,
  StandEvent,
  StandHolding,
  StandOutput,
} from './stand.ts';
import { explainCheckout } from './stand-questions.ts';
import { freeTriadPorts } from './triad-ports.ts';

export interface StandOptions {
  readonly servers: readonly ServerSetup[];
  readonly start: EpochMs;
  /** Of what faults leave to chance. */
  readonly seed: string;
  /** `27000@host`: the server elsewhere that takes the place of the scenario's. */
  readonly target?: string;
  /** Told of what happens to clients without their asking. */
  readonly tell: (client: string, text: string) => void;
}

/** The clients of a scenario, in this process, and servers that they reach over sockets. */
export abstract class SocketStand<Server extends SocketServer> implements Stand {
  readonly events: StandEvent[] = [];
  readonly folder = mkdtempSync(join(tmpdir(), 'fauxlm-run-'));
  abstract readonly servers: readonly Server[];
  /** What goes on among the clients, and in servers of this process. */
  protected readonly traffic = new Traffic();
  protected readonly clock: Clock;
  protected readonly clients: ScenarioClients;

  constructor(clock: Clock, tell: StandOptions['tell'], held = false) {
    this.clock = clock;
    this.clients = new ScenarioClients({
      clock,
      path: (server) => this.#path(server),
      nameOf: (port) => this.servers.find((each) => `${each.port}` === port)?.name ?? port,
      traffic: this.traffic,
      held,
      tell,
    });
  }

  abstract moveTo(at: EpochMs): Promise<void>;
  abstract settled(): Promise<void>;

  async start(): Promise<void> {
    try {
      await this.#takeTriadPorts();
      for (const server of this.servers) if (server.isWanted) await server.start();
      await this.settled();
    } catch (error) {
      await this.stop();
      throw error;
    }
  }

  async #takeTriadPorts(): Promise<void> {
    for (const triad of new Set(this.servers.flatMap((server) => server.triad ?? []))) {
      const members = this.servers.filter((server) => server.triad === triad);
      const free = await freeTriadPorts();
      const ports = new Map(members.map(({ name }, place) => [name, free[place]!]));
      for (const member of members) member.useTriadPorts(ports);
    }
  }

  now(): EpochMs {
    return this.clock.now();
  }

  checkout(request: StandCheckout): Promise<CheckoutOutcome> {
    return this.clients.checkout(request);
  }

  checkin(who: Holder): Promise<number> {
    return this.clients.checkin(who);
  }

  killClient(who: Holder): number {
    return this.clients.kill(who);
  }

  use(client: string, inUse: boolean): Promise<number> {
    return this.clients.use(client, inUse);
  }

  holdings(): readonly StandHolding[] {
    return this.clients.holdings;
  }

  lmutil(
    words: readonly string[],
    as: { readonly user: string; readonly host: string },
  ): Promise<StandOutput> {
    const [env, home] = [this.environment(), this.#homeOf(as)];
    return runLmutil(words, { now: () => this.now(), env, home, as });
  }

  /** Where the tools keep what they do for a user on a host. */
  #homeOf({ user, host }: { readonly user: string; readonly host: string }): string {
    const home = join(this.folder, 'homes', encodeURIComponent(`${user}@${host}`));
    mkdirSync(home, { recursive: true });
    return home;
  }

  environment(server?: string): Readonly<Record<string, string>> {
    return environmentNaming(this.#path(server), vendorPolicies);
  }

  async explain(request: StandCheckout): Promise<readonly string[]> {
    const lines = await explainCheckout(request, this.#path(request.server), this.clock);
    return lines.map((line) => this.explained(line));
  }

  /** A line of an explanation, for people: as outputs have it. */
  protected explained(line: string): string {
    return this.normalized(line);
  }

  normalized(text: string): string {
    const normalizer = new Normalizer();
    normalizer.name(this.folder, '<folder>');
    this.servers.forEach((server, index) => {
      normalizer.port(server.port, 27_000 + index);
      server.vendorPorts.forEach(({ name, port }, at) => {
        normalizer.port(port, server.portAsked(name) ?? 41_000 + 100 * index + at);
      });
    });
    normalizer.name(hostname(), '<host>');
    return normalizer.apply(text);
  }

  async stop(): Promise<void> {
    this.clients.closeAll();
    for (const server of this.servers) await server.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }

  #path(name: string | undefined): string {
    const chosen = this.servers.filter(({ name: own, triad }) => {
      return name === undefined || name === own || name === triad;
    });
    // Members of a triad are one server of the path.
    const elements = new Map<string, string>();
    for (const { address, triad, name: own } of chosen) {
      const key = triad ?? own;
      const before = elements.get(key);
      elements.set(key, before === undefined ? address : `${before},${address}`);
    }
    return [...elements.values()].join(pathSeparator(process.platform));
  }
}
