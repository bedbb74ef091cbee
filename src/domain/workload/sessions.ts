import type { Rng } from '../../base/rng.ts';
import { type ArrivalTimes, openArrivals, tracedArrivals } from './arrivals.ts';
import { drawn } from './distributions.ts';
import type { SessionKind, Shard, Workload } from './model.ts';
import { RateCurve } from './rate-curve.ts';

/** A session before it begins: all that chance decides of it. */
export interface PlannedSession {
  /** Its place among all of the workload, whichever shard it belongs to. */
  readonly index: number;
  /** When it is to begin, milliseconds from the begin of the run. */
  readonly atMs: number;
  readonly user: number;
  readonly kind: SessionKind;
  readonly holdMs: number;
  /** It ends by its connection's end. */
  readonly dies: boolean;
}

/** What chance says about one session after the other. */
class SessionDraws {
  readonly #mix: readonly SessionKind[];
  readonly #bounds: readonly number[];
  readonly #rng: Rng;

  constructor(mix: readonly SessionKind[], rng: Rng) {
    this.#mix = mix;
    this.#rng = rng;
    const total = mix.reduce((sum, { weight }) => sum + weight, 0);
    let sum = 0;
    this.#bounds = mix.map(({ weight }) => {
      sum += weight / total;
      return sum;
    });
  }

  next(index: number, atMs: number, user: number): PlannedSession {
    const rng = this.#rng;
    const kind = this.#kindAt(rng.unit());
    const holdMs = drawn(kind.hold, rng);
    const dies = rng.unit() < kind.deaths;
    return { index, atMs, user, kind, holdMs, dies };
  }

  #kindAt(share: number): SessionKind {
    // By hand: a closure for each session costs more than the search.
    const last = this.#mix.length - 1;
    let at = 0;
    while (at < last && share >= this.#bounds[at]!) at++;
    return this.#mix[at]!;
  }
}

/**
 * The sessions of one shard in order, of an open stream or a trace. Each shard draws for all sessions and keeps its
 * own: every n-th one. So the shards of a seed have exactly the sessions that one run of it has.
 */
export class SessionPlan {
  readonly #times: ArrivalTimes;
  readonly #draws: SessionDraws;
  readonly #shard: Shard;
  readonly #users: number;
  #index = 0;

  constructor({ sessions, mix, users, durationMs }: Workload, shard: Shard, rng: Rng) {
    this.#times =
      sessions.kind === 'open'
        ? openArrivals(sessions.phases, sessions.spacing, rng.fork('arrivals'))
        : tracedArrivals(sessions.kind === 'trace' ? sessions.atMs : [], durationMs);
    this.#draws = new SessionDraws(mix, rng.fork('sessions'));
    this.#shard = shard;
    this.#users = users;
  }

  /** Undefined when the shard has no more. */
  next(): PlannedSession | undefined {
    for (;;) {
      const atMs = this.#times.next();
      if (atMs === undefined) return undefined;
      const index = this.#index++;
      const session = this.#draws.next(index, atMs, index % this.#users);
      if (index % this.#shard.of === this.#shard.index) return session;
    }
  }

  /** How many more the shard has; there is no next one then. What they would be is not drawn. */
  rest(): number {
    const { index, of } = this.#shard;
    const own = (below: number): number => Math.ceil((below - index) / of);
    const before = own(this.#index);
    this.#index += this.#times.rest();
    return own(this.#index) - before;
  }
}

/** The sessions of one user of a closed stream, one after the other. */
export class UserPlan {
  readonly user: number;
  /** When the user's first session begins. */
  readonly firstMs: number;
  readonly #draws: SessionDraws;
  readonly #think: Rng;
  readonly #stream: Workload['sessions'] & { kind: 'closed' };
  #count = 0;

  constructor(user: number, workload: Workload, rng: Rng) {
    if (workload.sessions.kind !== 'closed') throw new Error('fauxlm defect: a stream of users');
    const own = rng.fork(`user/${user}`);
    this.user = user;
    this.#stream = workload.sessions;
    this.#draws = new SessionDraws(workload.mix, own.fork('sessions'));
    this.#think = own.fork('think');
    this.firstMs = (user / this.#stream.users) * this.#stream.rampMs;
  }

  next(atMs: number): PlannedSession {
    const index = this.user + this.#stream.users * this.#count++;
    return this.#draws.next(index, atMs, this.user);
  }

  /** From the end of a session to the begin of the next. */
  thinkMs(): number {
    return drawn(this.#stream.think, this.#think);
  }
}

/**
 * Which users a shard's sessions are of. A user of a closed stream is one shard's own; sessions of other streams go
 * from user to user, whichever shard has them.
 */
export function userNumbersOf({ sessions, users }: Workload, shard: Shard): readonly number[] {
  if (sessions.kind === 'closed') {
    const all = Array.from({ length: sessions.users }, (_, user) => user);
    return all.filter((user) => user % shard.of === shard.index);
  }
  const inTurn = Array.from({ length: users }, (_, at) => (shard.index + at * shard.of) % users);
  return [...new Set(inTurn)];
}

/** The users of a closed stream that a shard has. */
export function usersOf(workload: Workload, shard: Shard, rng: Rng): readonly UserPlan[] {
  if (workload.sessions.kind !== 'closed') return [];
  return userNumbersOf(workload, shard).map((user) => new UserPlan(user, workload, rng));
}

/** Sessions that all shards together are expected to have; undefined when that is up to the server. */
export function expectedSessions({ sessions, durationMs }: Workload): number | undefined {
  if (sessions.kind === 'closed') return undefined;
  if (sessions.kind === 'open') return new RateCurve(sessions.phases).total;
  return sessions.atMs.filter((at) => at < durationMs).length;
}
