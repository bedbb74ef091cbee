import { limits } from '../base/limits.ts';
import type { Refusal } from '../base/refusal.ts';
import type { LedgerEvent, ReturnReason, SeatReturned } from '../domain/ledger/events.ts';
import type { SessionId } from '../domain/ledger/model.ts';
import { writeGranted } from '../wire/hot.ts';
import { messages, OWN_VERSION } from '../wire/messages/index.ts';
import type { Peer } from './peer.ts';
import { writeFailure } from './refusals.ts';
import type { VendorNotes } from './vendor-answers.ts';
import type { VendorDaemon } from './vendor-daemon.ts';

/** How often connections are looked at for having fallen silent. */
const SWEEP_MS = 10_000;

/** What `seatLost` calls the ways in which a seat goes back without its client's doing. */
const lossReasons: Readonly<Partial<Record<ReturnReason, number>>> = {
  removed: 1,
  inactive: 2,
  reread: 3,
};

/** Connections that MAX_CONNECTIONS leaves to status programs. Source: LAG, "MAX_CONNECTIONS". */
const UTILITY_SLOTS = 30;

/** A daemon has no connection left for an application. */
const outOfConnections = {
  current: { major: -237, minor: 711 },
  old: { major: -140, minor: 712 },
} as const;

/** Releases before 11.16.3 know no -237. unverified: a hello names no third number, so that 11.16 counts as old. */
function isOld({ major, minor }: VendorNotes['version']): boolean {
  return major < 11 || (major === 11 && minor <= 16);
}

/**
 * The connections of one daemon's clients, as far as they hear of things they have not just asked for: seats they
 * waited for, seats they have lost. And what the daemon hears of them: whether they use their seats, or are there at
 * all.
 */
export class ClientSessions {
  readonly #daemon: VendorDaemon;
  readonly #peers = new Map<SessionId, Peer>();
  /** Tags of the checkouts that wait, by their handles in the queue. */
  readonly #tags = new Map<number, number>();
  readonly #stirred = new Set<Peer>();
  /** Clients that have asked for seats. */
  #applications = 0;
  #sweep: ReturnType<typeof setInterval> | undefined;

  constructor(daemon: VendorDaemon) {
    this.#daemon = daemon;
  }

  /**
   * Begins to listen for silence. On a clock that is moved everybody counts as alive whom no fault has silenced, so
   * that there nobody listens.
   */
  watch(): void {
    if (this.#daemon.options.assumesHeartbeats) return;
    this.#sweep = setInterval(() => this.#noteSilence(), SWEEP_MS);
    this.#sweep.unref();
  }

  stop(): void {
    clearInterval(this.#sweep);
  }

  add(peer: Peer): void {
    this.#peers.set(peer.id, peer);
  }

  delete(peer: Peer): void {
    this.#peers.delete(peer.id);
    if ((peer.notes as VendorNotes | undefined)?.isApplication) this.#applications--;
  }

  /**
   * Counts a client that asks for its first seat among the applications; gives the refusal when MAX_CONNECTIONS
   * leaves no room for it, whose code depends on the client's release. Source: LAG, "MAX_CONNECTIONS".
   */
  admit(notes: VendorNotes): Refusal | undefined {
    const { connectionsMax = Infinity } = this.#daemon.settings;
    if (this.#applications >= connectionsMax - UTILITY_SLOTS) {
      return isOld(notes.version) ? outOfConnections.old : outOfConnections.current;
    }
    notes.isApplication = true;
    this.#applications++;
    return undefined;
  }

  /** A heartbeat says whether the application is in use. Source: LAG, "TIMEOUT" (active heartbeats). */
  heartbeat(peer: Peer, inUse: boolean): void {
    const notes = peer.notes as VendorNotes;
    const now = this.#daemon.now();
    notes.inUse = inUse;
    if (inUse) notes.usedAt = now;
    const { ledger, options } = this.#daemon;
    if (inUse && !ledger.quiet.has(peer.id)) return;
    const since = options.assumesHeartbeats || inUse ? now : notes.usedAt;
    const activity = inUse ? 'active' : 'idle';
    this.#daemon.apply({ kind: 'activity', session: peer.id, activity, since });
  }

  /** A client that was silent is heard again. */
  heard(peer: Peer): void {
    const notes = peer.notes as VendorNotes;
    notes.silent = false;
    const activity = notes.inUse ? 'active' : 'idle';
    const since = notes.inUse ? this.#daemon.now() : notes.usedAt;
    this.#daemon.apply({ kind: 'activity', session: peer.id, activity, since });
  }

  #noteSilence(): void {
    const now = performance.now();
    for (const peer of this.#peers.values()) {
      const quietMs = now - peer.activeAt;
      if (quietMs > limits.silentMs) this.#silence(peer, quietMs);
    }
  }

  #silence(peer: Peer, quietMs: number): void {
    const notes = peer.notes as VendorNotes;
    if (notes.silent || !this.#daemon.holds(peer)) return;
    notes.silent = true;
    const since = this.#daemon.now() - quietMs;
    this.#daemon.apply({ kind: 'activity', session: peer.id, activity: 'silent', since });
  }

  /**
   * Cuts clients off as a broken network does: nothing passes either way, and nobody is told. Gives how many.
   * Source: knowledge bases on LM_A_TCP_TIMEOUT.
   */
  cut(isMeant: (peer: Peer) => boolean): number {
    const cut = [...this.#peers.values()].filter((peer) => !peer.cut && isMeant(peer));
    for (const peer of cut) {
      peer.cut = true;
      peer.socket.pause();
      this.#silence(peer, 0);
    }
    return cut.length;
  }

  /** Tells the client that an event concerns, unless it is the answer to what it just asked. */
  event(event: LedgerEvent): void {
    switch (event.kind) {
      case 'checkoutQueued':
        return this.#queued(event.session, event.handle);
      case 'checkoutDequeued': {
        const tag = this.#tags.get(event.handle);
        if (event.reason !== 'granted') this.#tags.delete(event.handle);
        if (event.refusal === undefined) return;
        const { refusal } = event;
        return this.#tell(event.session, (peer) => writeFailure(peer, tag ?? 0, refusal));
      }
      case 'seatTaken': {
        if (event.ticket === undefined) return;
        const { session, ticket, handle, pool } = event;
        const tag = this.#tags.get(ticket) ?? 0;
        this.#tags.delete(ticket);
        const { version } = pool.definition;
        return this.#tell(session, (peer) => writeGranted(peer.out, tag, handle, version));
      }
      case 'seatReturned':
        return this.#returned(event);
      case 'seatKept':
        if (event.reason === 'timedOut') this.#peers.get(event.session)?.socket.destroy();
        return;
    }
  }

  #queued(session: SessionId, handle: number): void {
    const peer = this.#peers.get(session);
    if (peer === undefined) return;
    const { tag } = (peer.notes as VendorNotes).checkout;
    this.#tags.set(handle, tag);
    const lines = this.#daemon.ledger.queue.get(handle)?.pools ?? [];
    const ahead = Math.min(...lines.map(({ waiting }) => waiting!.all.size - 1));
    messages.queued.write(peer.out, { ownVersion: OWN_VERSION, tag, handle, ahead });
  }

  #returned({ session, handle, reason: why }: SeatReturned): void {
    if (why === 'timedOut') return void this.#peers.get(session)?.socket.destroy();
    const reason = lossReasons[why];
    if (reason === undefined) return;
    this.#tell(session, ({ out, announced }) => {
      if (!announced) return;
      messages.seatLost.write(out, { ownVersion: OWN_VERSION, tag: 0, handle, reason });
    });
  }

  #tell(session: SessionId, write: (peer: Peer) => void): void {
    const peer = this.#peers.get(session);
    if (peer === undefined || peer.closing) return;
    write(peer);
    // Sent when the present turn is over: a daemon that serves many tells each once.
    if (this.#stirred.size === 0) queueMicrotask(() => this.#flush());
    this.#stirred.add(peer);
  }

  #flush(): void {
    const stirred = [...this.#stirred];
    this.#stirred.clear();
    for (const peer of stirred) peer.flush();
  }
}
