import type { EpochMs } from '../../base/clock.ts';
import type { CalendarDate } from '../../domain/license/model.ts';
import type { PoolDefinition } from '../../domain/license/pool-definition.ts';
import type { OptionsFile } from '../../domain/options/model.ts';
import type { IssuedFrom } from '../samples/sampled-feature.ts';
import { dayNumber, type WallClock } from '../scan/wall-clock.ts';

/** Seats that one may use from a time on, until the next one. */
export interface EntitledFrom {
  readonly from: EpochMs;
  /** Infinity: uncounted. */
  readonly seats: number;
  /** OVERDRAFT, as far as MAX_OVERDRAFT lets it. */
  readonly overdraft: number;
}

/** Who says how many seats there are, in the order in which they are believed. */
export type EntitlementSource = 'told' | 'license' | 'samples' | 'denials';

/** In order of time; the first holds for what came before, too. */
export interface Entitlement {
  readonly source: EntitlementSource;
  readonly steps: readonly EntitledFrom[];
}

const ALWAYS = Number.NEGATIVE_INFINITY;
const NEVER = Number.POSITIVE_INFINITY;

/** The same number of seats at all times. */
export function constantSeats(source: EntitlementSource, seats: number): Entitlement {
  return { source, steps: [{ from: ALWAYS, seats, overdraft: 0 }] };
}

/** What samples tell of issued seats. */
export function issuedSeats(issued: readonly IssuedFrom[]): Entitlement {
  const steps = issued.map(({ from, seats }, index) => ({
    ...{ from: index === 0 ? ALWAYS : from, seats, overdraft: 0 },
  }));
  return { source: 'samples', steps };
}

/**
 * What the lines of a feature's pools allow, each from its START to the end of the day on which it expires. Without any
 * line nothing is allowed.
 */
export function licensedSeats(
  pools: readonly PoolDefinition[],
  options: OptionsFile | undefined,
  wall: WallClock,
): Entitlement {
  const midnight = ({ year, month, day }: CalendarDate, plus: number): EpochMs =>
    wall.instant(dayNumber(year, month, day) + plus, 0, ALWAYS);
  const lines = pools.flatMap(({ counted, lines: all }) =>
    all.map(({ count, attributes, expiry }) => ({
      seats: counted ? count : NEVER,
      overdraft: attributes.overdraft ?? 0,
      from: attributes.start === undefined ? ALWAYS : midnight(attributes.start, 0),
      to: expiry.kind === 'permanent' ? NEVER : midnight(expiry.date, 1),
    })),
  );
  const most = overdraftMax(options, pools[0]?.feature ?? '');
  const times = new Set([ALWAYS, ...lines.flatMap(({ from, to }) => [from, to])]);
  const steps = [...times]
    .filter((at) => at < NEVER)
    .sort((a, b) => (a < b ? -1 : 1))
    .map((at): EntitledFrom => {
      const valid = lines.filter(({ from, to }) => from <= at && at < to);
      const sum = (of: 'seats' | 'overdraft'): number =>
        valid.reduce((total, line) => total + line[of], 0);
      return { from: at, seats: sum('seats'), overdraft: Math.min(most, sum('overdraft')) };
    });
  return { source: 'license', steps };
}

/** Of several MAX_OVERDRAFT lines the last counts. Source: LAG, "MAX_OVERDRAFT". */
function overdraftMax(options: OptionsFile | undefined, feature: string): number {
  const counts = (options?.lines ?? []).flatMap((line) =>
    line.kind === 'rule' &&
    line.rule.keyword === 'MAX_OVERDRAFT' &&
    line.rule.spec.feature.toLowerCase() === feature.toLowerCase()
      ? [line.rule.count]
      : [],
  );
  return counts.at(-1) ?? NEVER;
}
