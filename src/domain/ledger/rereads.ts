import type { EpochMs } from '../../base/clock.ts';
import { assert } from '../../base/errors.ts';
import type { PoolDefinition } from '../license/pool-definition.ts';
import { compileRules, type SeatRules } from '../options/rules.ts';
import type { SeatTimes } from '../options/time-rules.ts';
import { watchSeats } from './activities.ts';
import { firstStandingEnd, keepStanding } from './deadlines.ts';
import { reasonsOf } from './denials.ts';
import { countsSeats, redraw } from './draws.ts';
import type { LedgerEvent } from './events.ts';
import { LedgerPool } from './holdings.ts';
import { MaxLimits } from './max-limits.ts';
import { Memo } from './memo.ts';
import { Reservation } from './reservations.ts';
import { returnAll } from './returns.ts';
import { tieSerials } from './serials.ts';
import { termsOf, ZoneDays } from './standings.ts';
import { featureKey, type Ledger, type LedgerFeature } from './state.ts';
import { tieSuites } from './suites.ts';

/** Spellings kept for each feature: its own, and room for clients that fold letter case. */
const SPELLINGS_PER_FEATURE = 4;

const noTimes: SeatTimes = new Map();

/**
 * What a reread of the license files takes away: the seats of pools that are no longer there come
 * back, and their clients are to hear -92. Pools with the same id keep their seats. Changes
 * nothing: record the events, then `replaceDefinitions`. Source: LAG, "lmreread"; error list, -92.
 */
export function decideReread(
  ledger: Ledger,
  definitions: readonly PoolDefinition[],
  now: EpochMs,
): readonly LedgerEvent[] {
  const kept = new Set(definitions.map(({ id }) => id));
  const gone = [...ledger.checkouts.values()].filter(({ pool }) => !kept.has(pool.definition.id));
  return returnAll(gone, 'reread', now);
}

/**
 * Puts new definitions and rules in force as of `now`; the ledger's seats stay out, even above a
 * smaller count or a new MAX, and count against the new rules in the order in which they went out. A seat that
 * lingers does so as long as it was going to.
 * The license files are the ledger's ground, not its history, so this is no event.
 */
export function replaceDefinitions(
  ledger: Ledger,
  definitions: readonly PoolDefinition[],
  now: EpochMs,
  rules: SeatRules = compileRules(undefined, { definitions }),
  times: SeatTimes = noTimes,
): void {
  const ids = new Set(definitions.map(({ id }) => id));
  assert(ids.size === definitions.length, 'every pool has an id of its own');
  const before = new Map(ledger.pools);
  for (const [id, pool] of before) {
    if (ids.has(id)) continue;
    assert(pool.checkouts.size === 0, 'a pool that vanishes has given back its seats');
    if (pool.deadline !== undefined) ledger.standings.remove(pool.deadline);
  }
  ledger.pools.clear();
  ledger.slots.forgetSpares();
  const days = new ZoneDays(ledger.options.timeZone);
  const limits = new MaxLimits();
  const barred = new Set((ledger.options.serverHosts ?? []).map((host) => host.toLowerCase()));
  for (const definition of definitions) {
    const pool = before.get(definition.id) ?? new LedgerPool(definition, ledger);
    pool.redefine(definition, termsOf(definition, days));
    const own = rules.get(definition.id);
    pool.rules = own;
    pool.maxLimits = limits.of(own?.limits ?? []);
    const { lingerMs = 0, timeoutMs, borrow } = times.get(definition.id) ?? {};
    pool.lingerMs = lingerMs;
    pool.timeoutMs = timeoutMs;
    pool.borrow = borrow;
    pool.reservations = (own?.reservations ?? []).map((rule) => new Reservation(rule));
    pool.barredHosts = definition.floatOk === undefined ? undefined : barred;
    ledger.pools.set(definition.id, pool);
    keepStanding(ledger, pool, pool.standingAt(now));
  }
  ledger.queue.leaveLines();
  tieSuites(ledger);
  tieSerials(ledger);
  const lists = new EqualLists();
  for (const pool of ledger.pools.values()) {
    pool.reasons = lists.of(reasonsOf(pool, 'checkout'));
    pool.borrowReasons = lists.of(reasonsOf(pool, 'borrow'));
    pool.drawn = countsSeats(pool);
    redraw(pool);
  }
  ledger.steadyUntil = firstStandingEnd(ledger);
  for (const quiet of ledger.quiet.values()) watchSeats(ledger, quiet);
  fileFeatures(ledger);
}

/** Makes one of equal lists: what thousands of pools share stays in the processor's cache. */
class EqualLists {
  readonly #lists = new Map<string, readonly number[]>();

  of(list: readonly number[]): readonly number[] {
    const key = list.join();
    const known = this.#lists.get(key);
    if (known === undefined) this.#lists.set(key, list);
    return known ?? list;
  }
}

/** Gathers the pools under their features' names, in the order in which they were defined. */
function fileFeatures(ledger: Ledger): void {
  ledger.features.clear();
  const pools = new Map<string, LedgerPool[]>();
  for (const pool of ledger.pools.values()) {
    const name = pool.definition.feature;
    const key = featureKey(ledger.options, name);
    const siblings = pools.get(key);
    pool.sibling = undefined;
    if (siblings !== undefined) {
      pool.feature = siblings[0]!.feature;
      siblings.at(-1)!.sibling = pool;
      siblings.push(pool);
      continue;
    }
    pool.feature = name;
    const own = [pool];
    pools.set(key, own);
    ledger.features.set(key, { name, first: pool, pools: own } satisfies LedgerFeature);
  }
  ledger.spellings = new Memo(SPELLINGS_PER_FEATURE * ledger.features.size);
}
