import type { PeerView } from './peer-view.ts';

/** A peer that says itself that it serves. */
export function servingPeer(peers: readonly PeerView[]): number | undefined {
  return peers.find(({ isUp, master, index }) => isUp && master === index)?.index;
}

/** Who serves other than `self`, by its own word or by what another has heard. */
export function knownMaster(self: number, peers: readonly PeerView[]): number | undefined {
  const direct = servingPeer(peers);
  if (direct !== undefined) return direct;
  return peers.find(({ isUp, master }) => isUp && master !== undefined && master !== self)?.master;
}
