import type { PoolDefinition } from '../license/pool-definition.ts';
import { type BorrowRules, compileBorrowing } from './borrow-rules.ts';
import { optionsRules } from './in-force.ts';
import type { OptionsFile } from './model.ts';
import { PairBudget } from './pair-budget.ts';
import { PoolIndex, type RuleSubject } from './pool-index.ts';

const SECOND_MS = 1000;

/** What time does to the seats of one pool. */
export interface PoolTimes {
  /** How long a seat stays out when its client has given it back or is gone; 0: not at all. */
  readonly lingerMs: number;
  /** How long a client may leave a seat idle before it is taken back; undefined: for ever. */
  readonly timeoutMs: number | undefined;
  /** Who may borrow its seats; undefined when its license does not allow it. */
  readonly borrow: BorrowRules | undefined;
}

/** The times by `PoolDefinition.id`; a pool that time does nothing to has none. */
export type SeatTimes = ReadonlyMap<string, PoolTimes>;

/** What a vendor's daemon adds to the options file. */
export interface TimePolicy {
  /** Every seat lingers at least so long. */
  readonly lingerFloorSeconds: number;
  /** A smaller TIMEOUT is raised to this. */
  readonly timeoutFloorSeconds: number;
}

/**
 * Sorts LINGER, TIMEOUT and TIMEOUTALL lines to the pools they name, with the license lines' own LINGER= and the
 * vendor's floors. The longest of LINGER option, license line and vendor's minimum holds. Sources: LAG, "LINGER",
 * "TIMEOUT", "TIMEOUTALL"; EUM (LINGER= of a license line).
 * unverified: of several LINGER or TIMEOUT lines that name a pool the last wins; a TIMEOUT beats every TIMEOUTALL,
 * wherever it stands; 0 seconds switch a TIMEOUT off; a pool lingers as long as the longest of its lines says.
 * @throws KnownError OPTIONS_SYNTAX when lines and the pools they name make more pairs than a daemon keeps.
 */
export function compileTimes(
  file: OptionsFile | undefined,
  subject: RuleSubject,
  policy: TimePolicy,
): SeatTimes {
  const linger = new Map<PoolDefinition, number>();
  const timeout = new Map<PoolDefinition, number>();
  let timeoutAll: number | undefined;
  const index = new PoolIndex(subject);
  const pairs = new PairBudget(file?.source.name ?? '');
  for (const line of optionsRules(file)) {
    const { rule } = line;
    if (rule.keyword === 'TIMEOUTALL') timeoutAll = rule.seconds;
    if (rule.keyword !== 'LINGER' && rule.keyword !== 'TIMEOUT') continue;
    const seconds = rule.keyword === 'LINGER' ? linger : timeout;
    for (const pools of index.featuresNamed(rule.spec)) {
      pairs.spend(pools.length, line);
      for (const pool of pools) seconds.set(pool, rule.seconds);
    }
  }
  const borrowing = compileBorrowing(file, subject);
  const times = new Map<string, PoolTimes>();
  for (const definition of subject.definitions) {
    const lingerSeconds = Math.max(
      policy.lingerFloorSeconds,
      linger.get(definition) ?? 0,
      licensedLinger(definition),
    );
    const timeoutMs = timeoutOf(timeout.get(definition) ?? timeoutAll, policy);
    const borrow = borrowing.get(definition.id);
    if (lingerSeconds === 0 && timeoutMs === undefined && borrow === undefined) continue;
    times.set(definition.id, { lingerMs: lingerSeconds * SECOND_MS, timeoutMs, borrow });
  }
  return times;
}

function licensedLinger({ lines }: PoolDefinition): number {
  return lines.reduce((most, { attributes }) => Math.max(most, attributes.lingerSeconds ?? 0), 0);
}

function timeoutOf(
  seconds: number | undefined,
  { timeoutFloorSeconds }: TimePolicy,
): number | undefined {
  if (seconds === undefined || seconds === 0) return undefined;
  return Math.max(seconds, timeoutFloorSeconds) * SECOND_MS;
}
