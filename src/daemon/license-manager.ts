import { hostname } from 'node:os';
import type { Clock } from '../base/clock.ts';
import { KnownError } from '../base/errors.ts';
import type { ServerLine } from '../domain/license/model.ts';
import { triadLines } from '../text/debug-log-triad.ts';
import type { AdminRights } from './admin-rights.ts';
import type { Catalog } from './catalog.ts';
import type { SiteFaults } from './faults/site-faults.ts';
import { tellFindings } from './finding-notices.ts';
import { answerManagerFrame, answerManagerLegacy } from './manager-answers.ts';
import type { ManagerLog } from './manager-log.ts';
import { Newcomers } from './newcomers.ts';
import type { Peer, Responder } from './peer.ts';
import { Rereads } from './rereads.ts';
import type { Notice } from './server-config.ts';
import { SocketHost } from './socket-host.ts';
import type { Traffic } from './traffic.ts';
import { type ManagerTriad, triadOf } from './triad/manager-triad.ts';
import type { Triad } from './triad/triad.ts';
import { isMember } from './triad/triad-answers.ts';
import { VendorLifecycle } from './vendor-lifecycle.ts';
import type { VendorRunner } from './vendor-runner.ts';

/** lmgrd's ports when the SERVER line names none. Source: LAG, "SERVER Lines". */
export const usualPorts = Array.from({ length: 10 }, (_, index) => 27000 + index);

export interface ManagerOptions {
  readonly clock: Clock;
  readonly log: ManagerLog;
  readonly hosts: readonly string[];
  /** 0 takes a free port; absent: the SERVER line's, else the first free of 27000 to 27009. */
  readonly port?: number;
  readonly advertise?: { readonly host: string; readonly port?: number };
  readonly singlePort: boolean;
  readonly legacy: boolean;
  readonly rights: AdminRights;
  readonly connectionsMax?: number;
  readonly notice: Notice;
  readonly traffic: Traffic;
  readonly faults: SiteFaults;
  /** Reads the license files again. Throws KnownError when they cannot be served. */
  readonly readAgain: () => Catalog;
  /** Its triad, when it is a member of one. */
  readonly triad?: ManagerTriad;
  readonly newRunner: (entry: Catalog['vendors'][number]) => VendorRunner;
  /** Somebody asked for the whole server to go down (lmdown). */
  readonly onDown: () => void;
}

/** Who asked, for the logs. */
export interface RereadBy {
  readonly user: string;
  readonly host: string;
}

/**
 * The license manager (lmgrd): tells clients where the vendor daemons are, keeps those running, rereads and
 * stops. It holds no seats.
 */
export class LicenseManager implements Responder {
  readonly options: ManagerOptions;
  readonly host: SocketHost;
  readonly newcomers = new Newcomers();
  /** Absent: a single server. */
  readonly triad: Triad | undefined;
  #catalog: Catalog;
  /** By vendor name in lower case, in the order of the VENDOR lines. */
  readonly #lives = new Map<string, VendorLifecycle>();
  readonly #rereads = new Rereads();
  #listening: Promise<void> | undefined;
  #stopping = false;

  constructor(catalog: Catalog, options: ManagerOptions) {
    this.#catalog = catalog;
    this.options = options;
    this.host = new SocketHost({
      responder: this,
      sharesReads: options.singlePort,
      notice: options.notice,
      ...(options.connectionsMax === undefined ? {} : { connectionsMax: options.connectionsMax }),
    });
    for (const entry of catalog.vendors) this.#adopt(entry);
    this.triad = triadOf(this);
  }

  #adopt(entry: Catalog['vendors'][number]): VendorLifecycle {
    const { clock, log, notice, traffic, newRunner } = this.options;
    const managerPort = () => this.port;
    const life = new VendorLifecycle(newRunner(entry), {
      clock,
      log,
      notice,
      traffic,
      managerPort,
    });
    this.#lives.set(entry.name.toLowerCase(), life);
    return life;
  }

  get faults(): SiteFaults {
    return this.options.faults;
  }

  featureOf(): undefined {}

  get traffic(): Traffic {
    return this.options.traffic;
  }

  get catalog(): Catalog {
    return this.#catalog;
  }

  get port(): number {
    return this.host.port;
  }

  /** In the order of the VENDOR lines. */
  get runners(): readonly VendorRunner[] {
    return [...this.#lives.values()].map(({ runner }) => runner);
  }

  /** The name this server goes by: of its SERVER line, or the machine's. */
  get serverName(): string {
    const written = this.#ownLine?.host;
    return written === undefined || written.toLowerCase() === 'this_host' ? hostname() : written;
  }

  get #ownLine(): ServerLine | undefined {
    return this.#catalog.servers[this.options.triad?.setting.member ?? 0];
  }

  runner(vendor: string): VendorRunner | undefined {
    return this.life(vendor)?.runner;
  }

  /** What starts, kills and stops the daemon of a vendor. */
  life(vendor: string): VendorLifecycle | undefined {
    return this.#lives.get(vendor.toLowerCase());
  }

  /** Binds the manager's port. @throws KnownError NET_PORT_IN_USE, NET_UNREACHABLE */
  listen(): Promise<void> {
    this.#listening ??= this.#listen();
    return this.#listening;
  }

  async #listen(): Promise<void> {
    const { hosts, port } = this.options;
    const written = port ?? this.#ownLine?.port;
    if (written !== undefined) return this.host.listen(hosts, written);
    for (const usual of usualPorts) {
      try {
        return await this.host.listen(hosts, usual);
      } catch (error) {
        if (!(error instanceof KnownError) || error.code !== 'NET_PORT_IN_USE') throw error;
      }
    }
    const text = `expected a free port among ${usualPorts[0]} to ${usualPorts.at(-1)}, got none`;
    throw new KnownError('NET_PORT_IN_USE', text);
  }

  /**
   * Starts every vendor daemon; as a member of a triad, only once it is the master.
   * @throws KnownError of the first that cannot start
   */
  async startVendors(): Promise<void> {
    if (this.triad) return this.triad.start();
    for (const life of this.#lives.values()) if (!this.#stopping) await life.start();
  }

  /** The vendor daemons are to run here; one that cannot start is tried again. */
  async serve(): Promise<void> {
    if (this.#stopping) return;
    await Promise.all([...this.#lives.values()].map((life) => life.keepUp()));
  }

  /** They are not, or no longer. */
  async standBy(): Promise<void> {
    await Promise.all([...this.#lives.values()].map((life) => life.stop(15)));
  }

  get #isServing(): boolean {
    return this.triad?.serving ?? true;
  }

  /**
   * lmreread: reads the files that the server was started with; daemons new in them are started, those that
   * are down are started again. Ports stay. Source: LAG, "lmreread".
   * @throws KnownError when the files cannot be read or served: what is in force stays so. One daemon that does
   * not take them keeps none of the others from it.
   */
  reread(by: RereadBy, vendor = ''): Promise<void> {
    const { log, notice, traffic } = this.options;
    log.rereadRequested(by.user, by.host);
    const done = this.#rereads.take(vendor, async () => {
      try {
        await this.#reread(vendor);
      } catch (error) {
        log.rereadFailed(error instanceof Error ? error.message : String(error));
        notice('reread failed', { ...by, error });
        throw error;
      }
      log.rereadDone();
      notice('reread', { ...by, ...(vendor === '' ? {} : { vendor }) }, 'info');
    });
    return traffic.during(done);
  }

  async #reread(vendor: string): Promise<void> {
    const catalog = this.options.readAgain();
    tellFindings(catalog.findings, this.options.notice, this.#catalog.findings);
    this.#catalog = catalog;
    const failures: unknown[] = [];
    for (const entry of catalog.vendors) {
      if (vendor !== '' && entry.name.toLowerCase() !== vendor.toLowerCase()) continue;
      if (this.#stopping) throw stopped();
      const life = this.life(entry.name) ?? this.#adopt(entry);
      const taken = this.#isServing ? life.reread(entry) : life.prepare(entry);
      await taken.catch((error: unknown) => failures.push(error));
    }
    if (failures.length > 0) throw failures[0];
  }

  /** Every seat comes back and every connection is closed; `begin` follows. */
  async clear(): Promise<void> {
    this.host.closeConnections();
    for (const life of this.#lives.values()) await life.clear();
  }

  /** As after a start: daemons that are down come up. @throws KnownError of the first that cannot */
  async begin(): Promise<void> {
    if (!this.#isServing) return;
    for (const life of this.#lives.values()) if (!this.#stopping) await life.begin();
  }

  /** Orderly end of everything, a start under way included. */
  async stop(signal: number): Promise<void> {
    if (this.#stopping) return;
    this.#stopping = true;
    this.#logTriadEnd(signal);
    for (const life of this.#lives.values()) await life.stop(signal);
    this.triad?.stop();
    await this.#listening?.catch(() => {});
    this.options.log.exiting(signal);
    await this.host.stop();
  }

  /** What kill -9 of everything does: connections break, nothing is logged, no seat comes back. */
  async crash(): Promise<void> {
    if (this.#stopping) return;
    this.#stopping = true;
    this.triad?.crash();
    this.options.log.stop();
    for (const life of this.#lives.values()) await life.crash();
    await this.host.crash();
  }

  #logTriadEnd(signal: number): void {
    if (this.triad === undefined) return;
    const { lines } = this.options.log;
    lines.line(triadLines.shutdownRequested);
    if (this.triad.serving) lines.line(triadLines.masterDied(signal));
  }

  frame(peer: Peer, type: number, bytes: Buffer, start: number, end: number): void {
    answerManagerFrame(this, peer, type, bytes, start, end);
  }

  legacy(peer: Peer, kind: number, bytes: Buffer, start: number): void {
    answerManagerLegacy(this, peer, kind, bytes, start);
  }

  /** A manager has no seats to give; a member of its triad may be quiet for as long as its core allows. */
  holds(peer: Peer): boolean {
    return isMember(peer);
  }

  closed(): void {}
}

function stopped(): KnownError {
  const text = 'expected a license server that goes on, got one that is stopped';
  return new KnownError('ADMIN_REFUSED', text);
}
