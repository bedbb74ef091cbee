import type { Cancel, Clock, EpochMs } from '../base/clock.ts';
import { limits } from '../base/limits.ts';
import type { CheckoutCommand, Command } from '../domain/ledger/commands.ts';
import type { LedgerEvent } from '../domain/ledger/events.ts';
import {
  decideReread,
  type Ledger,
  nextDeadline,
  record,
  replaceDefinitions,
} from '../domain/ledger/ledger.ts';
import { perform } from '../domain/ledger/performance.ts';
import type { VendorPolicy } from '../domain/vendors/index.ts';
import type { AdminRights } from './admin-rights.ts';
import type { VendorEntry } from './catalog.ts';
import { HeldTexts } from './held-texts.ts';
import type { Journal } from './journal.ts';
import type { OptionFiles } from './option-files.ts';
import type { Peer, Responder } from './peer.ts';
import { SocketHost } from './socket-host.ts';
import type { Traffic } from './traffic.ts';
import { answerVendorFrame, answerVendorLegacy } from './vendor-answers.ts';
import { newLedger, rulesInForce } from './vendor-ledger.ts';
import type { VendorLog } from './vendor-log.ts';

export interface VendorDaemonOptions {
  readonly entry: VendorEntry;
  readonly policy: VendorPolicy;
  readonly clock: Clock;
  readonly timeZone?: string;
  readonly log: VendorLog;
  /** Its own debug log and its report log, as its options file has them. */
  readonly files: OptionFiles;
  readonly journal: Journal;
  readonly traffic: Traffic;
  /** What the license server's machine is called, by its SERVER line and by itself. */
  readonly serverHosts: readonly string[];
  /** Addresses to listen on; none in single-port mode, where the manager hands connections over. */
  readonly hosts: readonly string[];
  readonly port?: number;
  readonly connectionsMax?: number;
  readonly lmremoveAgeSecondsMin: number;
  /** The host that greetings name; absent: the address the client reached. */
  readonly advertisedHost?: string;
  readonly legacy: boolean;
  readonly rights: AdminRights;
  readonly notice: (what: string, details: Readonly<Record<string, unknown>>) => void;
}

/**
 * One vendor daemon: a ledger, the connections that hold its seats, and its log. Decides nothing itself:
 * messages become commands, and every event goes to the ledger, the journal and the debug log alike.
 */
export class VendorDaemon implements Responder {
  readonly name: string;
  readonly options: VendorDaemonOptions;
  readonly host: SocketHost;
  #entry: VendorEntry;
  #ledger: Ledger;
  #timer: Cancel | undefined;
  #timerAt: EpochMs | undefined;
  #stopped = false;
  readonly #heldTexts = new HeldTexts();
  /** Connections that the manager accepted and handed over (single port). */
  readonly #guests = new Set<Peer>();

  constructor(options: VendorDaemonOptions) {
    this.options = options;
    this.#entry = options.entry;
    this.name = options.entry.name;
    this.#ledger = this.#newLedger();
    this.host = new SocketHost({
      responder: this,
      notice: (what, details) => options.notice(what, { vendor: this.name, ...details }),
      ...(options.connectionsMax === undefined ? {} : { connectionsMax: options.connectionsMax }),
    });
  }

  get traffic(): Traffic {
    return this.options.traffic;
  }

  get ledger(): Ledger {
    return this.#ledger;
  }

  get entry(): VendorEntry {
    return this.#entry;
  }

  /** Where clients are sent; 0 before `start` and in single-port mode. */
  get port(): number {
    return this.host.port;
  }

  now(): EpochMs {
    return this.options.clock.now();
  }

  /**
   * Listens, tells `listening` (the manager logs its line first, as lmgrd does), and logs the start block.
   * @throws KnownError NET_PORT_IN_USE when a PORT= of the VENDOR line is taken; a vendor's usual port that is
   * taken gives way to a free one.
   */
  async start(listening: (port: number) => void = () => {}): Promise<void> {
    if (this.options.hosts.length > 0) await this.#listen();
    listening(this.port);
    this.#armTimer();
    this.options.files.follow(this.#entry.options);
    this.options.log.started(this);
  }

  async #listen(): Promise<void> {
    const { hosts, port } = this.options;
    if (port !== undefined) return this.host.listen(hosts, port);
    const usual = this.options.policy.defaultPort;
    if (usual !== undefined) {
      try {
        return await this.host.listen(hosts, usual);
      } catch {
        this.options.notice('usual port of the vendor is taken', {
          vendor: this.name,
          port: usual,
        });
      }
    }
    return this.host.listen(hosts, 0);
  }

  /** Orderly end: every seat comes back with reason SHUTDOWN, clients are cut off. */
  async stop(signal: number): Promise<void> {
    if (this.#stopped) return;
    this.#stopped = true;
    this.#timer?.();
    this.options.log.shuttingDown();
    this.apply({ kind: 'stop' });
    this.options.log.exiting(signal);
    for (const peer of this.#guests) peer.close();
    await this.host.stop();
    await this.options.files.close();
  }

  /** What kill -9 does: connections break, nothing is logged by this daemon, the seats are forgotten. */
  async crash(): Promise<void> {
    this.#stopped = true;
    this.#timer?.();
    this.options.log.stop();
    this.#ledger = this.#newLedger();
    for (const peer of this.#guests) peer.socket.resetAndDestroy();
    await this.host.crash();
    await this.options.files.close({ killed: true });
  }

  /** Every seat comes back with reason SHUTDOWN and every client is cut off; `begin` follows. */
  clear(): void {
    this.options.log.resetting();
    this.apply({ kind: 'stop' });
    this.#timer?.();
    for (const peer of this.#guests) peer.close();
    this.host.closeConnections();
  }

  /** As after a start: what is in force stays so, nothing was ever out. */
  begin(): void {
    this.#ledger = this.#newLedger();
    this.#armTimer();
    this.options.files.reset();
    this.options.log.begun();
  }

  /** Whether one more checkout may be kept: there is a bound to their number, and to their clients' texts. */
  hasRoomFor(command: CheckoutCommand): boolean {
    const { checkouts } = this.#ledger;
    if (checkouts.size >= limits.checkoutsMax) return false;
    return this.#heldTexts.hasRoom(command, () => checkouts.values(), performance.now());
  }

  get stopped(): boolean {
    return this.#stopped;
  }

  /**
   * Puts changed license and options files in force; seats of vanished pools come back (-92 to
   * their clients), others stay.
   * @throws KnownError OPTIONS_SYNTAX as `compileRules` does; then everything stays as it was.
   */
  reread(entry: VendorEntry): void {
    const now = this.now();
    const { rules, times } = rulesInForce(entry, this.options.policy);
    this.options.log.rereading();
    for (const event of decideReread(this.#ledger, entry.definitions, now)) {
      record(this.#ledger, event);
      this.#tell(event);
    }
    replaceDefinitions(this.#ledger, entry.definitions, now, rules, times);
    this.#entry = entry;
    this.#armTimer();
    this.options.files.follow(entry.options);
    this.options.log.reread(this);
  }

  #newLedger(): Ledger {
    return newLedger(this.#entry, this.options, this.options.clock.now());
  }

  /** Carries a command out now and tells everybody; gives the events that hold its answer. */
  apply(command: Command): readonly LedgerEvent[] {
    const events = perform(this.#ledger, command, this.options.clock.now(), this.#tell);
    if (nextDeadline(this.#ledger) !== this.#timerAt) this.#armTimer();
    return events;
  }

  /** Tells everybody what has happened. */
  readonly #tell = (event: LedgerEvent): void => {
    this.options.journal.push(this.name, event);
    this.options.log.event(event);
    this.options.files.event(event);
  };

  #armTimer(): void {
    this.#timer?.();
    this.#timerAt = nextDeadline(this.#ledger);
    this.#timer =
      this.#timerAt === undefined || this.#stopped
        ? undefined
        : this.options.clock.schedule(this.#timerAt, () => {
            this.#timerAt = undefined;
            this.apply({ kind: 'timePassed' });
          });
  }

  frame(peer: Peer, type: number, bytes: Buffer, start: number, end: number): void {
    answerVendorFrame(this, peer, type, bytes, start, end);
  }

  legacy(peer: Peer, kind: number, bytes: Buffer, start: number): void {
    answerVendorLegacy(this, peer, kind, bytes, start);
  }

  /** Takes over a connection of the manager's, hello and all: from here on this daemon answers it. */
  takeOver(peer: Peer, kind: number, bytes: Buffer, start: number): void {
    this.#guests.add(peer);
    peer.responder = this;
    this.legacy(peer, kind, bytes, start);
  }

  holds(peer: Peer): boolean {
    return this.#ledger.sessions.has(peer.id);
  }

  closed(peer: Peer): void {
    this.#guests.delete(peer);
    if (this.#stopped || !this.holds(peer)) return;
    this.apply({ kind: 'disconnect', session: peer.id });
  }
}
