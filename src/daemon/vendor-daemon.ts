import type { Cancel, EpochMs } from '../base/clock.ts';
import { limits } from '../base/limits.ts';
import { isKnown } from '../domain/ledger/activities.ts';
import type { CheckoutCommand, Command } from '../domain/ledger/commands.ts';
import type { LedgerEvent } from '../domain/ledger/events.ts';
import { type Ledger, nextDeadline } from '../domain/ledger/ledger.ts';
import { perform, performReread } from '../domain/ledger/performance.ts';
import { type DaemonSettings, daemonSettings } from '../domain/options/daemon-settings.ts';
import { BorrowStore } from './borrow-store.ts';
import type { VendorEntry } from './catalog.ts';
import { ClientSessions } from './client-sessions.ts';
import { ExplanationDesk } from './explanation-desk.ts';
import type { SiteFaults } from './faults/site-faults.ts';
import { withdrawWhenRemoved } from './faults/withdrawals.ts';
import { HeldTexts } from './held-texts.ts';
import { Midnight } from './midnight.ts';
import { rereadNightly } from './nightly-reread.ts';
import type { Peer, Responder } from './peer.ts';
import { restoreBorrows } from './restored-borrows.ts';
import { SocketHost } from './socket-host.ts';
import type { Traffic } from './traffic.ts';
import { Turns } from './turns.ts';
import { listenAsUsual } from './usual-port.ts';
import { answerVendorFrame, answerVendorLegacy, type VendorNotes } from './vendor-answers.ts';
import type { VendorDaemonOptions } from './vendor-daemon-options.ts';
import { newLedger, rulesInForce } from './vendor-ledger.ts';

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
  #noMoreFaults: Cancel = () => {};
  #timerAt: EpochMs | undefined;
  #stopped = false;
  readonly #heldTexts = new HeldTexts();
  /** Connections that the manager accepted and handed over (single port). */
  readonly #guests = new Set<Peer>();
  readonly sessions: ClientSessions;
  readonly explanations = new ExplanationDesk();
  readonly #midnight: Midnight;
  #borrows: BorrowStore | undefined;
  #settings: DaemonSettings | undefined;
  /** Answers that wait for the disk, one after another. */
  readonly #turns = new Turns();

  constructor(options: VendorDaemonOptions) {
    this.options = options;
    this.#entry = options.entry;
    this.name = options.entry.name;
    this.sessions = new ClientSessions(this);
    this.#midnight = new Midnight(options.clock, options.timeZone, () => rereadNightly(this));
    this.#ledger = this.#newLedger();
    this.host = new SocketHost({
      responder: this,
      sharesReads: true,
      notice: (what, details) => options.notice(what, { vendor: this.name, ...details }),
      ...(options.connectionsMax === undefined ? {} : { connectionsMax: options.connectionsMax }),
    });
  }

  get faults(): SiteFaults {
    return this.options.faults;
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
    const { stateFolder, notice } = this.options;
    if (stateFolder !== undefined) {
      this.#borrows = await BorrowStore.openSoon(stateFolder, this.name, notice);
    }
    try {
      await (this.options.hosts.length > 0 ? listenAsUsual(this) : this.host.watch());
    } catch (error) {
      await this.#borrows?.close();
      throw error;
    }
    listening(this.port);
    this.options.files.follow(this.#entry.options);
    this.options.log.started(this);
    if (this.#borrows !== undefined) restoreBorrows(this, this.#borrows);
    this.#armTimer();
    this.sessions.watch();
    this.#midnight.arm();
    this.#noMoreFaults = withdrawWhenRemoved(this.faults, (command) => this.apply(command));
  }

  /** What its options file says of the daemon itself. */
  get settings(): DaemonSettings {
    this.#settings ??= daemonSettings(this.#entry.options);
    return this.#settings;
  }

  /** Licenses that are borrowed. */
  get borrowed(): number {
    let count = 0;
    for (const { borrowed } of this.#ledger.pools.values()) count += borrowed?.count ?? 0;
    return count;
  }

  get borrows(): BorrowStore | undefined {
    return this.#borrows;
  }

  /** Orderly end: every seat comes back with reason SHUTDOWN, clients are cut off. */
  async stop(signal: number): Promise<void> {
    if (this.#stopped) return;
    this.#stopped = true;
    this.#end();
    this.options.log.shuttingDown();
    this.apply({ kind: 'stop' });
    this.options.log.exiting(signal);
    for (const peer of this.#guests) peer.close();
    await this.host.stop();
    await this.#borrows?.close();
    await this.options.files.close();
  }

  /** Nothing of its own accord from here on. */
  #end(): void {
    this.#timer?.();
    this.#noMoreFaults();
    this.sessions.stop();
    this.#midnight.stop();
  }

  /** What kill -9 does: connections break, nothing is logged by this daemon, the seats are forgotten. */
  async crash(): Promise<void> {
    this.#stopped = true;
    this.#end();
    this.options.log.stop();
    this.#ledger = this.#newLedger();
    for (const peer of this.#guests) peer.socket.destroy();
    await this.host.crash();
    await this.#borrows?.close();
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

  /** As after a first start: what is in force stays so, nothing was ever out. */
  begin(): void {
    this.#ledger = this.#newLedger();
    this.#midnight.arm();
    void this.inTurn(async () => this.#borrows?.clear());
    this.#armTimer();
    this.options.files.reset();
    this.options.log.begun();
  }

  /** Whether one more checkout may be kept: there is a bound to their number, and to their clients' texts. */
  hasRoomFor(command: CheckoutCommand): boolean {
    const { checkouts } = this.#ledger;
    if (checkouts.size >= limits.checkoutsMax) return false;
    return this.#heldTexts.hasRoom(command, () => checkouts.values());
  }

  get stopped(): boolean {
    return this.#stopped;
  }

  /**
   * Puts changed license and options files in force; seats of vanished pools come back (-92 to
   * their clients), others stay.
   * @throws KnownError OPTIONS_SYNTAX as `compileRules` does; then everything stays as it was.
   */
  reread(entry: VendorEntry, mechanism: 'Manual' | 'Automatic' = 'Manual'): void {
    const now = this.now();
    const rules = rulesInForce(entry, this.options.policy);
    this.options.log.rereading();
    const inForce = { ...rules, definitions: entry.definitions };
    performReread(this.#ledger, inForce, now, this.#tell, this.mayGrant);
    this.#entry = entry;
    this.#settings = undefined;
    this.#armTimer();
    this.options.files.follow(entry.options);
    this.options.log.reread(this, mechanism);
  }

  #newLedger(): Ledger {
    return newLedger(this.#entry, this.options, this.options.clock.now());
  }

  /** False at a master that was cut off from its triad: neither who asks gets a seat there, nor who waits. */
  get mayGrant(): boolean {
    return this.options.mayGrant?.() ?? true;
  }

  /** Carries a command out now and tells everybody; gives the events that hold its answer. */
  apply(command: Command): readonly LedgerEvent[] {
    const now = this.options.clock.now();
    const events = perform(this.#ledger, command, now, this.#tell, this.mayGrant);
    if (nextDeadline(this.#ledger) !== this.#timerAt) this.#armTimer();
    return events;
  }

  /** Tells everybody what has happened. */
  readonly #tell = (event: LedgerEvent): void => {
    this.options.journal.push(this.name, event);
    this.options.log.event(event);
    this.sessions.event(event);
    if (event.kind === 'seatReturned' && event.reason !== 'shutdown') {
      this.#borrows?.forget(event.handle);
    }
    this.options.files.event(event);
  };

  /** Does what takes a while, one thing after another; a moved clock waits for it. */
  inTurn(work: () => Promise<void>): Promise<void> {
    return this.traffic.during(this.#turns.take(work)).catch((error: unknown) => {
      this.options.notice('defect while answering', { error });
    });
  }

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
    if ((peer.notes as VendorNotes | undefined)?.silent) this.sessions.heard(peer);
    answerVendorFrame(this, peer, type, bytes, start, end);
  }

  legacy(peer: Peer, kind: number, bytes: Buffer, start: number): void {
    answerVendorLegacy(this, peer, kind, bytes, start);
  }

  /** Takes over a connection of the manager's, hello and all: from here on this daemon answers it. */
  takeOver(peer: Peer, kind: number, bytes: Buffer, start: number): void {
    this.#guests.add(peer);
    peer.responder = this;
    if (this.faults.calls === undefined) return this.legacy(peer, kind, bytes, start);
    const struck = this.faults.atConnect();
    if (struck !== undefined) peer.line.strike(struck);
    else peer.line.legacy(kind, bytes, start);
  }

  featureOf(handle: number): string | undefined {
    const { checkouts, queue } = this.#ledger;
    const held = checkouts.get(handle)?.pool.definition.feature;
    return held ?? queue.get(handle)?.request.feature;
  }

  /** Whether it holds seats, or waits for some. */
  holds(peer: Peer): boolean {
    return isKnown(this.#ledger, peer.id);
  }

  closed(peer: Peer): void {
    this.#guests.delete(peer);
    this.sessions.delete(peer);
    if (this.#stopped || !this.holds(peer)) return;
    this.apply({ kind: 'disconnect', session: peer.id });
  }
}
