import type { EpochMs } from '../../base/clock.ts';
import type { PeerView } from './peer-view.ts';
import { isTo, type Promised } from './speech.ts';
import type { TriadTiming } from './timing.ts';
import type { TriadWord } from './word.ts';

/** All that a member goes by when it votes or stands. */
export interface Situation {
  readonly now: EpochMs;
  readonly startedAt: EpochMs;
  readonly timing: TriadTiming;
  readonly self: number;
  readonly order: readonly number[];
  readonly primaryIsMaster: boolean;
  readonly peers: readonly PeerView[];
  readonly promised: Promised | undefined;
  readonly serving: boolean;
  /** Who serves, as far as the member knows. */
  readonly master: number | undefined;
}

/** Ranks of those who may stand: primary and secondary. Source: LAG, "Three-Server Redundancy". */
const LAST_RANK_TO_STAND = 1;

function rankOf(index: number, { order }: Situation): number {
  return order.indexOf(index);
}

/** When a vote that was given binds no more. Our own, while we stand, does not lapse. */
export function promiseEnds(
  promised: Promised,
  { self, peers }: Pick<Situation, 'self' | 'peers'>,
): EpochMs {
  const isAssumed = peers.some((peer) => isTo(promised, peer) && peer.isAssumed);
  return promised.to === self || isAssumed ? Number.POSITIVE_INFINITY : promised.until;
}

/**
 * Whether nobody may still count on a vote of an earlier life of ours: those who may stand know of our new one, or
 * do not run, or it would have lapsed.
 */
export function hasSettled(situation: Situation): boolean {
  const { now, startedAt, timing, peers } = situation;
  if (now >= startedAt + timing.voteMs) return true;
  return peers.every((peer) => peer.knowsUs || rankOf(peer.index, situation) > LAST_RANK_TO_STAND);
}

/** Whether our vote is free for a peer that asks for it. */
export function mayVoteFor(
  index: number,
  { boot, master }: Pick<TriadWord, 'boot' | 'master'>,
  situation: Situation,
): boolean {
  const { self, promised, serving, now } = situation;
  if (serving || !hasSettled(situation)) return false;
  if (promised === undefined || isTo(promised, { index, boot })) return true;
  if (promised.to !== self) return promiseEnds(promised, situation) <= now;
  // We only stand ourselves: who serves already, or comes first in order, goes first.
  return master === index || rankOf(index, situation) < rankOf(self, situation);
}

/** Whether to ask for votes. Source: LAG, "Three-Server Redundancy". */
export function wantsToStand(situation: Situation): boolean {
  const { now, startedAt, timing, self, order, peers, promised, master } = situation;
  const rank = rankOf(self, situation);
  if (rank > LAST_RANK_TO_STAND || !hasSettled(situation)) return false;
  if (promised !== undefined && promised.to !== self) return false;
  if (master !== undefined || !peers.some(({ isUp }) => isUp)) return false;
  if (rank === 0) return true;
  const primary = peers.find(({ index }) => index === order[0])!;
  if (primary.isUp) return false;
  return primary.met || now >= startedAt + timing.primaryWaitMs;
}

/**
 * Whether a master is to give way: the primary is there and is to be it whenever it is.
 * Source: LAG, "SERVER Lines", PRIMARY_IS_MASTER.
 */
export function yieldsToPrimary({ primaryIsMaster, order, peers }: Situation): boolean {
  return primaryIsMaster && peers.some(({ index, isUp }) => index === order[0] && isUp);
}
