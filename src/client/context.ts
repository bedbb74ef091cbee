import { type Clock, systemClock } from '../base/clock.ts';
import { type ClientLog, noClientLog } from './client-log.ts';
import { type ClientIdentity, localIdentity } from './identity.ts';

/** What every step of a client needs to know. */
export interface ClientContext {
  readonly identity: ClientIdentity;
  readonly clock: Clock;
  readonly log: ClientLog;
  /** Longest wait for one connection to stand. */
  readonly connectTimeoutMs: number;
  /** Longest wait for one answer. */
  readonly answerTimeoutMs: number;
  readonly heartbeatIntervalMs: number;
  /** Sends none by itself: on a clock that is moved everybody counts as alive (docs/clock.md). */
  readonly assumesHeartbeats?: boolean;
}

/** What one conversation needs of it: who asks, how long it waits, and who is told of each step. */
export type Dialogue = Pick<
  ClientContext,
  'identity' | 'log' | 'connectTimeoutMs' | 'answerTimeoutMs'
>;

/**
 * As FlexNet: a dead first host of a triad costs about ten seconds (public guide of a triad's
 * user).
 */
const CONNECT_TIMEOUT_MS = 10_000;
const ANSWER_TIMEOUT_MS = 10_000;
/** Source: vendors' notes on LM_A_CHECK_INTERVAL; its default is two minutes. */
const HEARTBEAT_INTERVAL_MS = 120_000;

/**
 * A whole context: what is not given is the machine's clock and name, no log, the documented waits.
 */
export function clientContext(given: Partial<ClientContext> = {}): ClientContext {
  return {
    identity: given.identity ?? localIdentity(process.env),
    clock: given.clock ?? systemClock,
    log: given.log ?? noClientLog,
    connectTimeoutMs: given.connectTimeoutMs ?? CONNECT_TIMEOUT_MS,
    answerTimeoutMs: given.answerTimeoutMs ?? ANSWER_TIMEOUT_MS,
    heartbeatIntervalMs: given.heartbeatIntervalMs ?? HEARTBEAT_INTERVAL_MS,
    assumesHeartbeats: given.assumesHeartbeats ?? false,
  };
}

/** Shortest and longest wait FLEXLM_TIMEOUT may ask for. */
const CONNECT_TIMEOUT_US = { min: 200_000, max: 20_000_000 };

/**
 * The wait that FLEXLM_TIMEOUT (microseconds) asks for; undefined when it is not set or no number.
 * Source: vendor knowledge base, "FLEXLM_TIMEOUT"; documented for Windows only, obeyed everywhere.
 */
export function connectTimeoutOf(microseconds: string | undefined): number | undefined {
  if (microseconds === undefined || !/^\d{1,12}$/.test(microseconds)) return undefined;
  const { min, max } = CONNECT_TIMEOUT_US;
  return Math.min(Math.max(Number(microseconds), min), max) / 1_000;
}

/** Seconds since 1970, as messages carry them. */
export function unixTime({ clock }: ClientContext): number {
  return Math.floor(clock.now() / 1_000);
}
