import type { EpochMs } from '../../base/clock.ts';
import { endOfDay, startOfDay } from '../license/days.ts';
import type { CalendarDate } from '../license/model.ts';
import type { PoolDefinition } from '../license/pool-definition.ts';

/** When one line of a pool is valid, and the seats it adds then. */
export interface Term {
  readonly from: EpochMs;
  readonly until: EpochMs;
  readonly count: number;
  /** OVERDRAFT: seats beyond those. */
  readonly overdraft: number;
}

export type Phase = 'valid' | 'notStarted' | 'expired';

/**
 * What a pool's lines come to, and for how long that holds: from `since` up to, not including,
 * `until`.
 */
export interface Standing {
  readonly phase: Phase;
  /** The counts of the valid lines, and their overdraft; 0 for an uncounted pool. */
  readonly capacity: number;
  /** How much of the capacity is overdraft. */
  readonly overdraft: number;
  readonly since: EpochMs;
  readonly until: EpochMs;
}

/**
 * Where the days of one time zone begin and end, each worked out once: looking a day up in the
 * zone's rules is slow, and thousands of lines end on the same few days.
 */
export class ZoneDays {
  readonly #timeZone: string | undefined;
  readonly #starts = new Map<number, EpochMs>();
  readonly #ends = new Map<number, EpochMs>();

  constructor(timeZone: string | undefined) {
    this.#timeZone = timeZone;
  }

  startOf(date: CalendarDate): EpochMs {
    return this.#known(this.#starts, date, startOfDay);
  }

  endOf(date: CalendarDate): EpochMs {
    return this.#known(this.#ends, date, endOfDay);
  }

  #known(known: Map<number, EpochMs>, date: CalendarDate, workOut: typeof startOfDay): EpochMs {
    const day = (date.year * 12 + date.month) * 31 + date.day;
    let at = known.get(day);
    if (at === undefined) {
      at = workOut(date, this.#timeZone);
      known.set(day, at);
    }
    return at;
  }
}

/**
 * The terms of a pool's lines. START and the expiry date count whole days in the server's time
 * zone.
 * Source: License Administration Guide, "FEATURE and INCREMENT lines"; End User Guide v10, App. B.
 */
export function termsOf(definition: PoolDefinition, days: ZoneDays): readonly Term[] {
  return definition.lines.map(({ attributes, expiry, count }) => ({
    from: attributes.start === undefined ? -Infinity : days.startOf(attributes.start),
    until: expiry.kind === 'permanent' ? Infinity : days.endOf(expiry.date),
    count: definition.counted ? count : 0,
    overdraft: definition.counted ? (attributes.overdraft ?? 0) : 0,
  }));
}

/**
 * Counts a pool's lines at a moment, from scratch; of their overdraft, `overdraftMax` at most counts.
 * Source: LAG, "MAX_OVERDRAFT".
 */
export function standingAt(terms: readonly Term[], overdraftMax: number, now: EpochMs): Standing {
  let count = 0;
  let offered = 0;
  let valid = false;
  let awaited = false;
  let since = -Infinity;
  let until = Infinity;
  for (const term of terms) {
    if (term.from <= now && now < term.until) {
      valid = true;
      count += term.count;
      offered += term.overdraft;
    } else if (now < term.from && term.from < term.until) awaited = true;
    for (const turn of [term.from, term.until]) {
      if (turn <= now) since = Math.max(since, turn);
      else until = Math.min(until, turn);
    }
  }
  const phase = valid ? 'valid' : awaited ? 'notStarted' : 'expired';
  const overdraft = Math.min(offered, overdraftMax);
  return { phase, capacity: count + overdraft, overdraft, since, until };
}

export function holdsAt(standing: Standing, now: EpochMs): boolean {
  return standing.since <= now && now < standing.until;
}

/** True when the step from one standing to the next took away the last valid line by its expiry. */
export function expiredBetween(before: Standing, after: Standing): boolean {
  if (after.phase === 'valid') return false;
  return before.phase === 'valid' || (before.phase === 'notStarted' && after.phase === 'expired');
}
