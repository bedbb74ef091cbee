/** Another program that can count seats, doing the same pairs of acquire and release. */
export interface Peer {
  readonly name: string;
  /** Pairs a second of `connections` clients with one request in flight each. @throws when an answer is wrong */
  pairsPerSecond(connections: number, durationMs: number): Promise<number>;
  /** Grants of `askers` requests at the same time for one seat each of `seats`; not of a peer that cannot tell. */
  readonly grantsAtOnce?: (askers: number, seats: number) => Promise<number>;
  stop(): Promise<void>;
}

/** A peer that cannot be had on this machine, with what would bring it. */
export class PeerMissing extends Error {}
