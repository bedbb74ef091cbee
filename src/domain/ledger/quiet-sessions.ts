import type { EpochMs } from '../../base/clock.ts';
import type { Deadline } from '../../base/deadline-heap.ts';
import type { SessionId } from './model.ts';

/**
 * What a client does with its seats, as its heartbeats say: it uses them, it is there and idle, or nothing is
 * heard of it at all.
 */
export type Activity = 'active' | 'idle' | 'silent';

/** A session with seats whose client is idle or silent; one that is in use is not kept here. */
export class QuietSession {
  readonly lapses = 'session';
  readonly session: SessionId;
  /** When its client last used its seats: from here TIMEOUT counts. */
  readonly idleSince: EpochMs;
  /** When it was last heard; undefined while it is. */
  silentSince: EpochMs | undefined = undefined;
  /** When the daemon gives it up, if it is silent. */
  deadline: Deadline<QuietSession> | undefined = undefined;

  constructor(session: SessionId, idleSince: EpochMs) {
    this.session = session;
    this.idleSince = idleSince;
  }
}
