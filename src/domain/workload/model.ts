import type { Distribution } from './distributions.ts';
import type { Phase } from './phases.ts';

/** What is asked for at a time: seats of one feature. */
export interface SeatRequest {
  readonly feature: string;
  readonly count: number;
  /** A decimal number; `0.0` for any. */
  readonly version: string;
}

/** What a client does that was denied. */
export interface RetryPolicy {
  /** From the denial to the next attempt. */
  readonly after: Distribution;
  /** Each wait is so many times the last one. */
  readonly factor: number;
  /** No wait is longer. */
  readonly waitMsMax: number;
  /** Attempts in all, the first included. */
  readonly attemptsMax: number;
}

/** One way to use licenses: checkout, hold, check-in. */
export interface SessionKind {
  readonly name: string;
  /** How often it is chosen, against the others. */
  readonly weight: number;
  /** Taken one after the other; who cannot have them all gives back what it has. */
  readonly bundle: readonly SeatRequest[];
  readonly hold: Distribution;
  readonly retry?: RetryPolicy;
  /** Waits in the daemon's queue, and leaves it when its patience ends. */
  readonly queue?: { readonly patience?: Distribution };
  /** Share (0 to 1) of the sessions that end by their connection's end, without check-in. */
  readonly deaths: number;
}

/** When sessions begin. */
export type SessionStream =
  /** They come whether or not others are done: `spacing` of the rate that the phases give. */
  | {
      readonly kind: 'open';
      readonly spacing: 'poisson' | 'uniform';
      readonly phases: readonly Phase[];
    }
  /** At these times, in order. */
  | { readonly kind: 'trace'; readonly atMs: readonly number[] }
  /** Each of so many users begins anew a while after its last session ended. */
  | {
      readonly kind: 'closed';
      readonly users: number;
      readonly think: Distribution;
      /** The users begin one after the other over this time. */
      readonly rampMs: number;
    };

/** Programs that ask for the status over and over. */
export interface PollStream {
  readonly name: string;
  /** All features at once as `lmstat -a`, or each feature by a question of its own as `lmstat -f`. */
  readonly ask: 'all' | 'each feature';
  readonly features: readonly string[];
  readonly monitors: number;
  readonly everyMs: number;
  /** They ask one after the other over that time; else all at the same moment, as cron has it. */
  readonly spread: boolean;
  /** So many more questions at the begin of each session, as a job's prolog asks. */
  readonly perSession: number;
}

/** At a moment every connection is lost, and everybody comes back. */
export interface ReconnectStorm {
  readonly atMs: number;
  /** Within this time; 0: all at once. */
  readonly overMs: number;
}

/** What is done to a server, whoever does it and however long that takes. */
export interface Workload {
  readonly durationMs: number;
  readonly sessions: SessionStream;
  /** Identities that sessions belong to in turn. */
  readonly users: number;
  /** A connection per user, held throughout, or one per session, as an application has it. */
  readonly connections: 'held' | 'fresh';
  readonly mix: readonly SessionKind[];
  readonly polls: readonly PollStream[];
  readonly storms: readonly ReconnectStorm[];
  /** Connections a second that come, say hello, are led to their daemon and go. */
  readonly churnPerSecond: number;
}

/** One of `of` equal parts of a workload; `index` counts from 0. */
export interface Shard {
  readonly index: number;
  readonly of: number;
}

/** A run that is not divided. */
export const WHOLE: Shard = { index: 0, of: 1 };
