import type { EpochMs } from '../../base/clock.ts';
import type { TriadEffect } from './effects.ts';
import type { PeerView } from './peer-view.ts';
import type { TriadTiming } from './timing.ts';

/** A vote given, to another member or, while we stand, to ourselves. */
export interface Promised {
  readonly to: number;
  /** The life of it that asked; our own, while we stand. */
  readonly boot: number;
  /** The number of the word that asked. */
  readonly number: number;
  until: EpochMs;
}

/** How a member stands, for what it says. */
export interface Stance {
  readonly promised: Promised | undefined;
  readonly stands: boolean;
  readonly serving: boolean;
  /** It will stand no more once its daemons have stopped: it asks for no votes. */
  readonly handingOver: boolean;
  readonly master: number | undefined;
}

/**
 * What a member says and when: to each peer what is new to it, at once; the same to all again each HEARTBEAT_INTERVAL,
 * and more often while it stands and does not serve yet; and a word to whoever asked for one.
 */
export class Speech {
  readonly #self: number;
  readonly #boot: number;
  readonly #timing: TriadTiming;
  #number = 0;
  #beatAt: EpochMs;
  /** Peers that wait for a word although there is nothing new to say. */
  readonly #answering = new Set<number>();

  constructor(
    { self, boot, timing }: { self: number; boot: number; timing: TriadTiming },
    now: EpochMs,
  ) {
    this.#self = self;
    this.#boot = boot;
    this.#timing = timing;
    this.#beatAt = now + timing.intervalMs;
  }

  /** When everything is said again. */
  get beatAt(): EpochMs {
    return this.#beatAt;
  }

  /** The peer is told something whatever there is to say. */
  answer(peer: number): void {
    this.#answering.add(peer);
  }

  say(peers: readonly PeerView[], stance: Stance, now: EpochMs): readonly TriadEffect[] {
    const isBeat = this.#beatAt <= now;
    const effects = peers.flatMap((peer) => this.#sayTo(peer, stance, isBeat, now));
    const hurriedAt = now + (isCandidate(stance) ? this.#timing.retryMs : this.#timing.intervalMs);
    if (isBeat || hurriedAt < this.#beatAt) this.#beatAt = hurriedAt;
    return effects;
  }

  #sayTo(peer: PeerView, stance: Stance, isBeat: boolean, now: EpochMs): readonly TriadEffect[] {
    const told = contentFor(peer, stance);
    const isNews = told !== peer.told;
    const isAnswer = this.#answering.delete(peer.index);
    if (!peer.linked || !(isBeat || isNews || isAnswer)) return [];
    peer.told = told;
    const number = ++this.#number;
    // Not in an answer: two who stand would ask each other without end.
    const asks = (isBeat || isNews) && stance.stands && !stance.handingOver;
    if (asks) peer.asked(number, now);
    const { promised, stands, master } = stance;
    const word = {
      ...{ from: this.#self, boot: this.#boot, toBoot: peer.boot, number },
      ...{ hears: peer.isHeard, stands, asks, master },
      answers: promised && isTo(promised, peer) ? promised.number : 0,
    };
    return [{ kind: 'send', to: peer.index, word }];
  }
}

/** Whether a vote was given to this life of the peer. */
export function isTo({ to, boot }: Promised, peer: Pick<PeerView, 'index' | 'boot'>): boolean {
  return peer.index === to && peer.boot === boot;
}

export function isCandidate({ stands, serving }: Stance): boolean {
  return stands && !serving;
}

/** What there is to say to a peer, but for numbers. */
function contentFor(peer: PeerView, { promised, stands, master }: Stance): string {
  return [peer.boot, peer.isHeard, stands, promised && isTo(promised, peer), master].join();
}
