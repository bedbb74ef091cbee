import type { EpochMs } from '../../base/clock.ts';
import type { TriadEffect, TriadNews } from './effects.ts';
import { alphabeticalOrder, TRIAD_MEMBERS } from './order.ts';
import { PeerView } from './peer-view.ts';
import type { TriadTiming } from './timing.ts';
import type { TriadWord } from './word.ts';

export interface MemberOptions {
  /** This member's number. */
  readonly self: number;
  /** Numbers of the members, primary first. */
  readonly order: readonly number[];
  readonly primaryIsMaster: boolean;
  readonly timing: TriadTiming;
  /** Of this life: never 0, and never that of an earlier life. */
  readonly boot: number;
  /**
   * Peers whose line stands count as heard at every moment: for clocks that are moved. What silences one is told
   * by `cut`.
   */
  readonly assumesHeartbeats?: boolean;
}

/** A vote given, to another member or to ourselves while we stand. */
interface Promised {
  readonly to: number;
  /** The number of the word that asked. */
  readonly number: number;
  until: EpochMs;
}

const never = Number.NEGATIVE_INFINITY;
const always = Number.POSITIVE_INFINITY;

/**
 * One member of a triad, without sockets, clock or daemons: told what happens and what time it is, it says what is
 * to be done. Who wants to be master asks the others for their votes; two of three make it, its own included. A
 * vote binds until it lapses, unless the master gives it up or is known not to run any more; a master counts on
 * it for less than that, however their clocks drift. So there is never a second one before the first has stopped.
 *
 * - Call each input with the time of one clock that does not go back, then carry out `take()`.
 * - Call `tick` at `deadline`.
 * - `gone(peer, boot)` is for proof that no process of the peer runs: its host refuses the connection. That a
 *   connection was closed proves nothing (`closed`): the next one may be refused, or stand.
 *
 * Source: LAG, "Three-Server Redundancy"; the protocol is ours.
 */
export class TriadMember {
  readonly options: MemberOptions;
  readonly #peers: readonly PeerView[];
  readonly #startedAt: EpochMs;
  #order: readonly number[];
  #promised: Promised | undefined;
  #serving = false;
  #handingOver = false;
  #leaving = false;
  #number = 0;
  #beatAt: EpochMs;
  #reviewedAt: EpochMs;
  #effects: TriadEffect[] = [];
  /** Peers that wait for a word although there is nothing new to say. */
  readonly #answering = new Set<number>();
  #inQuorum = false;
  #master: number | undefined;
  #toldNoMaster = false;

  constructor(options: MemberOptions, now: EpochMs) {
    this.options = options;
    this.#order = options.order;
    this.#startedAt = now;
    this.#reviewedAt = now;
    this.#beatAt = now + options.timing.intervalMs;
    const all = Array.from({ length: TRIAD_MEMBERS }, (_, index) => index);
    this.#peers = all.filter((index) => index !== options.self).map((each) => new PeerView(each));
  }

  /** What is to be done now; each only once. */
  take(): readonly TriadEffect[] {
    return this.#effects.splice(0);
  }

  /** Its vendor daemons serve, until `servingUntil` at most. */
  get serving(): boolean {
    return this.#serving;
  }

  /** When it has to have stopped granting, unless a vote is renewed before. */
  get servingUntil(): EpochMs {
    return this.#serving ? this.#tenure() : never;
  }

  /** The member that serves, as far as this one knows. */
  get master(): number | undefined {
    if (this.#serving) return this.options.self;
    const up = this.#peers.filter((peer) => this.#isUp(peer));
    const direct = up.find(({ index, master }) => master === index);
    return direct?.index ?? up.find(({ master }) => this.#isOther(master))?.master;
  }

  #isOther(master: number | undefined): boolean {
    return master !== undefined && master !== this.options.self;
  }

  get order(): readonly number[] {
    return this.#order;
  }

  /** Members that this one and they hear each other, itself included. */
  get up(): readonly number[] {
    const peers = this.#peers.filter((peer) => this.#isUp(peer)).map(({ index }) => index);
    return [...peers, this.options.self].sort();
  }

  /** Its boot, as far as known: to be given to `gone`. */
  bootOf(peer: number): number {
    return this.#peer(peer).boot;
  }

  #peer(index: number): PeerView {
    return this.#peers.find((peer) => peer.index === index)!;
  }

  /** Time has passed. */
  tick(now: EpochMs): void {
    this.#review(now);
  }

  /** Our line to a peer stands. */
  connected(index: number, now: EpochMs): void {
    const peer = this.#peer(index);
    if (!peer.linked) this.#tell({ kind: 'connected', peer: index });
    peer.linkedNow(now, this.options.timing.timeoutMs);
    this.#review(now);
  }

  /** Our line to a peer has ended, whatever that means. */
  closed(index: number, now: EpochMs): void {
    const peer = this.#peer(index);
    if (peer.linked) this.#lose(peer, now);
    this.#review(now);
  }

  /** The peer's life `boot` (0: none that we know of) has ended for certain. */
  gone(index: number, boot: number, now: EpochMs): void {
    const peer = this.#peer(index);
    if (peer.boot !== boot) return;
    if (peer.linked) this.#lose(peer, now);
    this.#ended(peer);
    peer.knowsUs = true;
    this.#review(now);
  }

  /** Nothing passes between us and the peer any more, or again. */
  cut(index: number, isCut: boolean, now: EpochMs): void {
    const peer = this.#peer(index);
    this.#fix(peer, now);
    peer.cut = isCut;
    this.#review(now);
  }

  /** A peer's file has the SERVER lines in another order. Source: LAG, "Informational Messages". */
  useAlphabeticalOrder(now: EpochMs): void {
    this.#order = alphabeticalOrder;
    this.#review(now);
  }

  /** The vendor daemons that were to stop have stopped. */
  daemonsDown(now: EpochMs): void {
    if (this.#handingOver) this.#retire();
    this.#review(now);
  }

  /** This member ends, in order: its vendor daemons have stopped. */
  leave(now: EpochMs): void {
    this.#leaving = true;
    this.#retire();
    this.#review(now);
  }

  receive(word: TriadWord, now: EpochMs): void {
    const peer = this.#peer(word.from);
    const { boot } = this.options;
    if (peer.cut || !peer.isNews(word)) return;
    if (peer.boot !== word.boot) this.#ended(peer);
    peer.heard(word, boot, now);
    if (word.toBoot !== boot) this.#answering.add(peer.index);
    else {
      if (!word.stands && this.#promised?.to === peer.index) this.#promised = undefined;
      if (word.answers !== 0) peer.voted(word.answers, this.options.timing.tenureMs);
      if (word.asks) this.#consider(peer, word, now);
    }
    this.#review(now);
  }

  /** Gives the vote that was asked for, if it is free. */
  #consider(peer: PeerView, word: TriadWord, now: EpochMs): void {
    this.#answering.add(peer.index);
    if (!this.#isFreeFor(peer, word, now)) return;
    if (this.#promised?.to === this.options.self) this.#retire();
    const { number } = word;
    const until = now + this.options.timing.voteMs;
    this.#promised = { to: peer.index, number, until };
  }

  #isFreeFor(peer: PeerView, { master }: TriadWord, now: EpochMs): boolean {
    const { self } = this.options;
    const promised = this.#promised;
    if (!this.#hasSettled(now) || this.#serving) return false;
    if (promised === undefined || promised.to === peer.index) return true;
    if (promised.to !== self) return this.#promiseEnds(promised) <= now;
    // We only stand ourselves: who serves already, or comes first in order, goes first.
    return master === peer.index || this.#rank(peer.index) < this.#rank(self);
  }

  #rank(index: number): number {
    return this.#order.indexOf(index);
  }

  /**
   * Whether nobody may still count on a vote of an earlier life of ours: those who may stand know of our new one, or
   * do not run, or it would have lapsed.
   */
  #hasSettled(now: EpochMs): boolean {
    if (now >= this.#startedAt + this.options.timing.voteMs) return true;
    return this.#peers.every((peer) => peer.knowsUs || this.#rank(peer.index) > 1);
  }

  // What follows from what is known.

  #review(now: EpochMs): void {
    this.#reviewedAt = now;
    for (const peer of this.#peers) this.#dropSilent(peer, now);
    if (this.#promised && this.#promiseEnds(this.#promised) <= now) this.#promised = undefined;
    if (this.#serving && this.#tenure() <= now) this.#stepDown();
    this.#reviewStanding(now);
    this.#reviewMaster(now);
    this.#say(now);
  }

  #dropSilent(peer: PeerView, now: EpochMs): void {
    if (!peer.linked || this.#silentAt(peer) > now) return;
    this.#lose(peer, now);
    this.#effects.push({ kind: 'redial', peer: peer.index });
  }

  /** When a peer counts as lost: it is not heard, or does not hear us. */
  #silentAt(peer: PeerView): EpochMs {
    if (this.#isAssumed(peer)) return always;
    const since = peer.heardAt > never ? Math.min(peer.heardAt, peer.heardUsAt) : peer.heardUsAt;
    return since + this.options.timing.timeoutMs;
  }

  /** It counts as alive whatever time passes. */
  #isAssumed(peer: PeerView): boolean {
    return this.options.assumesHeartbeats === true && peer.linked && !peer.cut;
  }

  /** From here on time runs for what was assumed so far. */
  #fix(peer: PeerView, now: EpochMs): void {
    if (!this.#isAssumed(peer)) return;
    const { voteMs, tenureMs } = this.options.timing;
    if (peer.heardAt > never) peer.heardAt = now;
    peer.heardUsAt = now;
    if (peer.voteUntil !== undefined) peer.voteUntil = Math.max(peer.voteUntil, now + tenureMs);
    if (this.#promised?.to !== peer.index) return;
    this.#promised.until = Math.max(this.#promised.until, now + voteMs);
  }

  #lose(peer: PeerView, now: EpochMs): void {
    this.#fix(peer, now);
    peer.unlinked();
    this.#tell({ kind: 'lost', peer: peer.index });
  }

  /** Its life has ended: no vote of it counts, and none that it had binds. */
  #ended(peer: PeerView): void {
    peer.ended();
    if (this.#promised?.to === peer.index) this.#promised = undefined;
  }

  #isHeard(peer: PeerView): boolean {
    return peer.linked && peer.heardAt > never;
  }

  /** We hear it and it hears us. */
  #isUp(peer: PeerView): boolean {
    return this.#isHeard(peer) && peer.hearsUs;
  }

  #promiseEnds({ to, until }: Promised): EpochMs {
    return to === this.options.self || this.#isAssumed(this.#peer(to)) ? always : until;
  }

  /** Until when another's vote is ours. */
  #tenure(): EpochMs {
    const ends = this.#peers.map((peer) => {
      if (peer.voteUntil === undefined) return never;
      return this.#isAssumed(peer) ? always : peer.voteUntil;
    });
    return Math.max(...ends);
  }

  get #stands(): boolean {
    return this.#promised?.to === this.options.self;
  }

  #reviewStanding(now: EpochMs): void {
    const wants = this.#wantsToStand(now);
    if (wants && !this.#stands) {
      this.#promised = { to: this.options.self, number: 0, until: always };
    } else if (!wants && this.#stands) this.#retire();
    if (this.#stands && !this.#serving && this.#tenure() > now) {
      this.#serving = true;
      this.#effects.push({ kind: 'startDaemons' });
    }
    if (this.#serving && !this.#handingOver && this.#yieldsToPrimary()) {
      this.#handingOver = true;
      this.#effects.push({ kind: 'stopDaemons' });
    }
  }

  #wantsToStand(now: EpochMs): boolean {
    if (this.#serving) return true;
    const { self, timing } = this.options;
    if (this.#leaving || this.#rank(self) > 1 || !this.#hasSettled(now)) return false;
    if (this.#promised !== undefined && !this.#stands) return false;
    if (!this.#peers.some((peer) => this.#isUp(peer)) || this.master !== undefined) return false;
    if (this.#rank(self) === 0) return true;
    const primary = this.#peer(this.#order[0]!);
    if (this.#isUp(primary)) return false;
    return primary.met || now >= this.#startedAt + timing.primaryWaitMs;
  }

  /** Source: LAG, "SERVER Lines": with PRIMARY_IS_MASTER it takes over whenever it is up. */
  #yieldsToPrimary(): boolean {
    const [primary = 0] = this.#order;
    if (!this.options.primaryIsMaster || primary === this.options.self) return false;
    return this.#isUp(this.#peer(primary));
  }

  #stepDown(): void {
    if (!this.#handingOver) this.#effects.push({ kind: 'stopDaemons' });
    this.#retire();
  }

  /** Counts on no vote any more, and says so to everybody. */
  #retire(): void {
    this.#serving = false;
    this.#handingOver = false;
    if (this.#stands) this.#promised = undefined;
    for (const peer of this.#peers) peer.forgetVote();
  }

  #reviewMaster(now: EpochMs): void {
    const inQuorum = this.#serving || this.#peers.some((peer) => this.#isHeard(peer));
    const { master } = this;
    if (master !== undefined && master !== this.#master) {
      this.#tell({ kind: 'master', member: master, existing: this.#isExisting(master) });
    }
    if (this.#inQuorum && !inQuorum && !this.#leaving) this.#tell({ kind: 'quorumLost' });
    const isLate = now >= this.#startedAt + this.options.timing.timeoutMs;
    if (master === undefined && isLate && !this.#toldNoMaster) this.#tell({ kind: 'noMaster' });
    this.#toldNoMaster ||= isLate || master !== undefined;
    this.#master = master;
    this.#inQuorum = inQuorum;
  }

  /** It was master before we were in a quorum: nobody elected it now. */
  #isExisting(master: number): boolean {
    return !this.#inQuorum && master !== this.options.self;
  }

  #tell(news: TriadNews): void {
    this.#effects.push({ kind: 'news', news });
  }

  // Words and times.

  /** Tells each peer what is new to it, or is to be said again. */
  #say(now: EpochMs): void {
    const isBeat = this.#beatAt <= now;
    for (const peer of this.#peers) {
      const told = this.#contentFor(peer);
      const isNews = told !== peer.told;
      const isAnswer = this.#answering.delete(peer.index);
      if (!peer.linked || !(isBeat || isNews || isAnswer)) continue;
      peer.told = told;
      this.#effects.push({
        kind: 'send',
        to: peer.index,
        word: this.#wordFor(peer, isBeat || isNews, now),
      });
    }
    if (isBeat || this.#isHurried(now)) this.#beatAt = this.#nextBeat(now);
  }

  #isHurried(now: EpochMs): boolean {
    return this.#isCandidate && this.#beatAt > now + this.options.timing.retryMs;
  }

  get #isCandidate(): boolean {
    return this.#stands && !this.#serving;
  }

  #nextBeat(now: EpochMs): EpochMs {
    const { intervalMs, retryMs } = this.options.timing;
    return now + (this.#isCandidate ? retryMs : intervalMs);
  }

  #contentFor(peer: PeerView): string {
    const votes = this.#promised?.to === peer.index;
    return [peer.boot, this.#isHeard(peer), this.#stands, votes, this.#directMaster].join();
  }

  #wordFor(peer: PeerView, mayAsk: boolean, now: EpochMs): TriadWord {
    const { self, boot } = this.options;
    const number = ++this.#number;
    const asks = mayAsk && this.#stands && !this.#handingOver;
    if (asks) peer.asked(number, now);
    const promised = this.#promised;
    return {
      from: self,
      boot,
      toBoot: peer.boot,
      number,
      hears: this.#isHeard(peer),
      stands: this.#stands,
      asks,
      answers: promised?.to === peer.index ? promised.number : 0,
      master: this.#directMaster,
    };
  }

  get #directMaster(): number | undefined {
    if (this.#serving) return this.options.self;
    return this.#peers.find((peer) => this.#isUp(peer) && peer.master === peer.index)?.index;
  }

  /** When `tick` is due; infinite when nothing is to come of itself. */
  get deadline(): EpochMs {
    const { timing, assumesHeartbeats = false } = this.options;
    const promised = this.#promised;
    const isBeating = !assumesHeartbeats || this.#isCandidate;
    return Math.min(
      isBeating ? this.#beatAt : always,
      ...this.#peers.map((peer) => (peer.linked ? this.#silentAt(peer) : always)),
      promised === undefined ? always : this.#promiseEnds(promised),
      this.#serving ? this.#tenure() : always,
      ...[timing.voteMs, timing.primaryWaitMs, timing.timeoutMs]
        .map((ms) => this.#startedAt + ms)
        .filter((at) => at > this.#reviewedAt),
    );
  }
}
