import type { EpochMs } from '../../base/clock.ts';
import type { TriadEffect, TriadNews } from './effects.ts';
import { TriadHistory } from './history.ts';
import { knownMaster, servingPeer } from './masters.ts';
import type { MemberOptions } from './member-options.ts';
import { alphabeticalOrder, TRIAD_MEMBERS } from './order.ts';
import { PeerView } from './peer-view.ts';
import { mayVoteFor, promiseEnds, type Situation, wantsToStand, yieldsToPrimary } from './rules.ts';
import { isCandidate, isTo, type Promised, Speech, type Stance } from './speech.ts';
import type { TriadWord } from './word.ts';

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
  #reviewedAt: EpochMs;
  #effects: TriadEffect[] = [];
  readonly #speech: Speech;
  readonly #history = new TriadHistory();

  constructor(options: MemberOptions, now: EpochMs) {
    this.options = options;
    this.#order = options.order;
    this.#startedAt = now;
    this.#reviewedAt = now;
    this.#speech = new Speech(options, now);
    const { self, timing, assumesHeartbeats = false } = options;
    this.#peers = [...Array(TRIAD_MEMBERS).keys()]
      .filter((index) => index !== self)
      .map((each) => new PeerView(each, { timing, assumesHeartbeats }));
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
    return this.#serving ? this.#tenure : never;
  }

  /** The member that serves, as far as this one knows. */
  get master(): number | undefined {
    return this.#serving ? this.options.self : knownMaster(this.options.self, this.#peers);
  }

  /** Members that this one and they hear each other, itself included. */
  get up(): readonly number[] {
    const peers = this.#peers.filter((peer) => peer.isUp).map(({ index }) => index);
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
    peer.link(now);
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
    if (peer.boot !== word.boot) peer.forget();
    peer.hear(word, boot, now);
    if (word.toBoot !== boot) this.#speech.answer(peer.index);
    else {
      if (!word.stands && this.#promised && isTo(this.#promised, peer)) this.#promised = undefined;
      if (word.answers !== 0) peer.voted(word.answers);
      if (word.asks) this.#consider(peer, word, now);
    }
    this.#review(now);
  }

  /** Gives the vote that was asked for, if it is free. */
  #consider(peer: PeerView, word: TriadWord, now: EpochMs): void {
    this.#speech.answer(peer.index);
    if (!mayVoteFor(peer.index, word, this.#situation(now))) return;
    if (this.#promised?.to === this.options.self) this.#retire();
    const until = now + this.options.timing.voteMs;
    this.#promised = { to: peer.index, boot: word.boot, number: word.number, until };
  }

  #review(now: EpochMs): void {
    this.#reviewedAt = now;
    for (const peer of this.#peers) this.#dropSilent(peer, now);
    if (this.#promiseEnds <= now) this.#promised = undefined;
    if (this.#serving && this.#tenure <= now) this.#stepDown();
    this.#reviewStanding(now);
    this.#tellNews(now);
    this.#effects.push(...this.#speech.say(this.#peers, this.#stance, now));
  }

  #dropSilent(peer: PeerView, now: EpochMs): void {
    if (peer.silentAt > now) return;
    this.#lose(peer, now);
    this.#effects.push({ kind: 'redial', peer: peer.index });
  }

  /** From here on time runs for what was assumed of it so far. */
  #fix(peer: PeerView, now: EpochMs): void {
    if (peer.isAssumed && this.#promised && isTo(this.#promised, peer)) {
      const until = now + this.options.timing.voteMs;
      this.#promised.until = Math.max(this.#promised.until, until);
    }
    peer.fix(now);
  }

  #lose(peer: PeerView, now: EpochMs): void {
    this.#fix(peer, now);
    peer.unlink();
    this.#tell({ kind: 'lost', peer: peer.index });
  }

  /** Its life has ended: no vote of it counts, and none that it had binds. */
  #ended(peer: PeerView): void {
    peer.end();
    if (this.#promised?.to === peer.index) this.#promised = undefined;
  }

  #situation(now: EpochMs): Situation {
    return {
      ...this.options,
      now,
      startedAt: this.#startedAt,
      order: this.#order,
      peers: this.#peers,
      promised: this.#promised,
      serving: this.#serving,
      master: this.master,
    };
  }

  /** Until when the vote that we gave binds us. */
  get #promiseEnds(): EpochMs {
    if (this.#promised === undefined) return always;
    return promiseEnds(this.#promised, { self: this.options.self, peers: this.#peers });
  }

  /** Until when another's vote is ours. */
  get #tenure(): EpochMs {
    return Math.max(...this.#peers.map((peer) => peer.voteEnds));
  }

  get #stands(): boolean {
    return this.#promised?.to === this.options.self;
  }

  #reviewStanding(now: EpochMs): void {
    const situation = this.#situation(now);
    const wants = this.#serving || (!this.#leaving && wantsToStand(situation));
    if (wants && !this.#stands) {
      this.#promised = { to: situation.self, boot: this.options.boot, number: 0, until: always };
    } else if (!wants && this.#stands) this.#retire();
    if (this.#stands && !this.#serving && this.#tenure > now) {
      this.#serving = true;
      this.#effects.push({ kind: 'startDaemons' });
    }
    if (this.#serving && !this.#handingOver && yieldsToPrimary(situation)) {
      this.#handingOver = true;
      this.#effects.push({ kind: 'stopDaemons' });
    }
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

  #tellNews(now: EpochMs): void {
    const { self, timing } = this.options;
    const inQuorum = this.#serving || this.#leaving || this.#peers.some((peer) => peer.isHeard);
    const isLate = now >= this.#startedAt + timing.timeoutMs;
    const news = this.#history.news({ inQuorum, master: this.master, self, isLate });
    for (const each of news) this.#tell(each);
  }

  #tell(news: TriadNews): void {
    this.#effects.push({ kind: 'news', news });
  }

  get #stance(): Stance {
    return {
      promised: this.#promised,
      stands: this.#stands,
      serving: this.#serving,
      handingOver: this.#handingOver,
      master: this.#serving ? this.options.self : servingPeer(this.#peers),
    };
  }

  /** When `tick` is due; infinite when nothing is to come of itself. */
  get deadline(): EpochMs {
    const { timing, assumesHeartbeats = false } = this.options;
    const isBeating = !assumesHeartbeats || isCandidate(this.#stance);
    return Math.min(
      isBeating ? this.#speech.beatAt : always,
      ...this.#peers.map((peer) => peer.silentAt),
      this.#promiseEnds,
      this.#serving ? this.#tenure : always,
      ...[timing.voteMs, timing.primaryWaitMs, timing.timeoutMs]
        .map((ms) => this.#startedAt + ms)
        .filter((at) => at > this.#reviewedAt),
    );
  }
}
