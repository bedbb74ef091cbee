import { limits } from '../base/limits.ts';
import type { Peer } from './peer.ts';

/** All connections are looked at no more often than this: a flood of new ones must not cost a look each. */
const LOOK_MS = 100;

/**
 * Who gives way to a newcomer when no connection is left: clients that hold no seats and wait for none, the one that
 * has been idle for longest first.
 */
export class IdlePeers {
  readonly #peers: ReadonlySet<Peer>;
  /** As of the latest look, the one idle for longest last. */
  #idle: Peer[] = [];
  #lookedAt = Number.NEGATIVE_INFINITY;

  constructor(peers: ReadonlySet<Peer>) {
    this.#peers = peers;
  }

  /** So many that are idle now, or `share` of them all if that is more; none where everybody is busy. */
  take(least: number, share = 0): readonly Peer[] {
    const now = performance.now();
    const known = this.#takeKnown(least, share, now);
    if (known.length > 0 || now - this.#lookedAt < LOOK_MS) return known;
    this.#look(now);
    return this.#takeKnown(least, share, now);
  }

  #takeKnown(least: number, share: number, now: number): readonly Peer[] {
    const wanted = Math.max(least, Math.ceil(this.#idle.length * share));
    const taken: Peer[] = [];
    while (taken.length < wanted) {
      const peer = this.#idle.pop();
      if (peer === undefined) break;
      // It may have said something since, or gone.
      if (this.#peers.has(peer) && isIdle(peer, now)) taken.push(peer);
    }
    return taken;
  }

  #look(now: number): void {
    this.#lookedAt = now;
    const idle = [...this.#peers].filter((peer) => isIdle(peer, now));
    this.#idle = idle.sort((a, b) => b.activeAt - a.activeAt);
  }
}

/** Not in the middle of anything: whoever asks or is answered has longer. */
function isIdle(peer: Peer, now: number): boolean {
  if (peer.waiting || peer.closing) return false;
  const isAnswered = peer.stream !== undefined || peer.stalledSince !== undefined;
  const allowedMs = isAnswered ? limits.crowdedUnreadMs : limits.crowdedMs;
  return now - peer.activeAt > allowedMs && !peer.responder.holds(peer);
}
