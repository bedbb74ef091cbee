// For whoever compiles against our declarations with an older library: `await using`.
/// <reference lib="esnext.disposable" preserve="true" />

import { systemClock } from '../base/clock.ts';
import { KnownError } from '../base/errors.ts';
import type { LicenseInput } from '../daemon/catalog.ts';
import { clientEnvironment } from '../daemon/client-environment.ts';
import type { Notice, ServerConfig } from '../daemon/server-config.ts';
import { Traffic } from '../daemon/traffic.ts';
import { parsePartition, placeOf } from '../daemon/triad/partition.ts';
import { memberLines } from '../daemon/triad/triad-setting.ts';
import { readCatalogOf } from '../daemon/vendor-factory.ts';
import type { ServerLine } from '../domain/license/model.ts';
import { TRIAD_MEMBERS } from '../domain/triad/order.ts';
import {
  clockOf,
  type LicenseServerOptions,
  type TestClock,
  type TestLicenseServer,
  warnOfListeners,
} from './license-server.ts';
import { TriadSeat } from './triad-seat.ts';

/** How to start a triad in a test. Everything but `licenses` may be left out. */
export interface TriadOptions
  extends Omit<LicenseServerOptions, 'port' | 'http' | 'log' | 'advertise' | 'stateFolder'> {
  /** Default 0, 0, 0: free ports, bound and kept. `file`: those of the SERVER lines. */
  readonly ports?: readonly number[] | 'file';
  /** Debug log files, one for each member. */
  readonly logs?: readonly string[];
}

/** One of the three license servers. */
export interface TestTriadMember {
  /** The host of its SERVER line. */
  readonly name: string;
  /** `port@host`; the same in all its lives. */
  readonly address: string;
  readonly port: number;
  readonly running: boolean;
  /** Its vendor daemons serve. */
  readonly master: boolean;
  /** In its present life, or the last. */
  readonly server: TestLicenseServer;
}

/** A running triad. Members are named by the host of their SERVER line, `host:port`, or place from 1. */
export interface TestTriad {
  /** `port@host,port@host,port@host`, for `-c` and LM_LICENSE_FILE. */
  readonly address: string;
  /** LM_LICENSE_FILE and each vendor's own variable, for a child process. */
  readonly env: Readonly<Record<string, string>>;
  /** Of all three. */
  readonly clock: TestClock;
  /** In the order of the SERVER lines. */
  readonly members: readonly TestTriadMember[];
  /** The member whose vendor daemons serve now. */
  readonly master: TestTriadMember | undefined;
  member(name: string | number): TestTriadMember;
  /** Resolves with the master as soon as there is one. */
  elected(): Promise<TestTriadMember>;
  /** Ends a member as kill -9 would. */
  kill(name: string | number): Promise<void>;
  /** Ends it in order. */
  stop(name?: string | number): Promise<void>;
  /** Starts it again where it was; nothing when it runs. */
  start(name: string | number): Promise<void>;
  /** Cuts all links between groups of members, such as `one|two,three`; nobody is told, as in a network. */
  partition(groups: string): void;
  /** All links pass everything again. */
  heal(): void;
  [Symbol.asyncDispose](): Promise<void>;
}

/**
 * Starts the three license servers of a license file with three SERVER lines inside this process, on ports of their
 * own. Resolves when all are connected and the master's daemons serve.
 *
 * ```ts
 * await using triad = await startTriad({ licenses: 'fixtures/licenses/triad.lic' });
 * await triad.kill(1);
 * const master = await triad.elected(); // the secondary
 * ```
 * @throws KnownError USAGE for options that are none, or a file that is no triad's; as `startLicenseServer`
 */
export async function startTriad(options: TriadOptions): Promise<TestTriad> {
  const triad = new InProcessTriad(options);
  try {
    await triad.begin();
  } catch (error) {
    await triad.stop();
    throw error;
  }
  return triad;
}

class InProcessTriad implements TestTriad {
  readonly #lines: readonly ServerLine[];
  readonly #seats: readonly TriadSeat[];
  #groups: readonly (readonly number[])[] = [[], [], []];
  readonly #waiting = new Set<() => void>();
  #failed: unknown;
  #variables: readonly string[] = [];

  constructor(options: TriadOptions) {
    const { licenses, clock, logs, ports, notice = warnOfListeners, ...others } = options;
    const config: ServerConfig = {
      ...others,
      licenses: Array.isArray(licenses) ? licenses : [licenses as LicenseInput],
      clock: clock === undefined ? systemClock : clockOf(clock, options.timeZone),
      traffic: new Traffic(),
    };
    const { servers } = readCatalogOf(config, config.clock?.now() ?? 0);
    checkTriad(servers, options);
    this.#lines = servers;
    const host = '127.0.0.1';
    const addresses = servers.map(({ port = 0 }, place) => {
      return { host, port: ports === 'file' ? port : (ports?.[place] ?? 0) };
    });
    const heard: Notice = (what, details, level) => {
      notice(what, details, level);
      if (what === 'vendor daemon does not start') this.#failed ??= details['error'];
      // Not in the midst of what it tells of.
      queueMicrotask(() => {
        for (const look of [...this.#waiting]) look();
      });
    };
    this.#seats = servers.map((line, place) => {
      const log = logs?.[place];
      return new TriadSeat(line.host, {
        ...{ ...config, notice: heard, hosts: [host], triad: { member: place, addresses } },
        ...(log === undefined ? {} : { log: { path: log, append: true } }),
      });
    });
  }

  async begin(): Promise<void> {
    for (const seat of this.#seats) await seat.start();
    for (const { triad } of this.#seats) triad?.dialAll();
    this.#variables = Object.keys(clientEnvironment(this.#seats[0]!.live!));
    await this.#until(() => this.#isComplete && this.master !== undefined);
  }

  get #isComplete(): boolean {
    return this.#seats.every(({ triad }) => triad?.view.up.length === TRIAD_MEMBERS);
  }

  /** Resolves when `holds` does; it is looked at whenever a member tells of news. */
  async #until(holds: () => boolean): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      const look = (): void => {
        if (this.#failed === undefined && !holds()) return;
        this.#waiting.delete(look);
        if (this.#failed === undefined) resolve();
        else reject(this.#failed);
      };
      this.#waiting.add(look);
      look();
    });
  }

  get address(): string {
    return this.#seats.map(({ address }) => address).join(',');
  }

  get env(): Readonly<Record<string, string>> {
    const names = this.#variables;
    return Object.fromEntries(names.map((name) => [name, this.address]));
  }

  get clock(): TestClock {
    return this.#seats[0]!.clock;
  }

  get members(): readonly TestTriadMember[] {
    return this.#seats;
  }

  get master(): TestTriadMember | undefined {
    return this.#seats.find(({ master }) => master);
  }

  member(name: string | number): TestTriadMember {
    return this.#seat(name);
  }

  #seat(name: string | number): TriadSeat {
    const place = placeOf(`${name}`, memberLines(this.#lines));
    if (place !== undefined) return this.#seats[place]!;
    const names = this.#lines.map(({ host }) => host).join(', ');
    throw new KnownError('USAGE', `expected a member of the triad, ${names}, got ${name}`);
  }

  async elected(): Promise<TestTriadMember> {
    await this.#until(() => this.master !== undefined);
    return this.master!;
  }

  async kill(name: string | number): Promise<void> {
    await this.#seat(name).kill();
  }

  async stop(name?: string | number): Promise<void> {
    const seats = name === undefined ? [...this.#seats].reverse() : [this.#seat(name)];
    for (const seat of seats) await seat.stop();
  }

  async start(name: string | number): Promise<void> {
    const seat = this.#seat(name);
    await seat.start();
    this.#apply();
  }

  partition(groups: string): void {
    this.#groups = parsePartition(groups, memberLines(this.#lines));
    this.#apply();
  }

  heal(): void {
    this.#groups = [[], [], []];
    this.#apply();
  }

  #apply(): void {
    for (const [place, { triad }] of this.#seats.entries()) triad?.cutFrom(this.#groups[place]!);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }
}

/** @throws KnownError USAGE */
function checkTriad(servers: readonly ServerLine[], { ports, logs }: TriadOptions): void {
  const lists = [servers, ...(Array.isArray(ports) ? [ports] : []), ...(logs ? [logs] : [])];
  if (lists.every(({ length }) => length === TRIAD_MEMBERS)) return;
  const text = `startTriad: expected three SERVER lines, and three ports and logs where they are given`;
  throw new KnownError('USAGE', `${text}, got ${lists.map(({ length }) => length).join(', ')}`);
}
