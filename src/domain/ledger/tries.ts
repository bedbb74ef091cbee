import type { EpochMs } from '../../base/clock.ts';
import type { CheckoutCommand } from './commands.ts';
import { denialRow, isPassing } from './denials.ts';
import { GivenBack } from './given-back.ts';
import type { HeldCheckout, LedgerPool } from './holdings.ts';
import { lingeredOut, reusable } from './lingerers.ts';
import { findFeature, isSteady, type Ledger, type LedgerFeature } from './state.ts';
import { suiteTrialOf, type Trial, trialOf } from './trials.ts';

/** One pool that a request was put before, and what came of it. */
export interface PoolTry {
  /** The pool of the ledger. `trial.pool` may be a picture of it with lingering seats given back. */
  readonly pool: LedgerPool;
  readonly trial: Trial;
  /** Of a component that the pool itself would grant: the trial of the suite's seats. */
  readonly suiteTrial: Trial | undefined;
  /** The reason to deny, as a row of the denial table; -1 when the pool grants. */
  readonly row: number;
  /** The trial for which that reason holds. */
  readonly refused: Trial | undefined;
}

/** What is taken to be otherwise than it is. */
export interface Supposition {
  /** Seats that are back. */
  readonly back?: GivenBack;
  /** How a pool is, in place of how it is. */
  readonly picture?: (pool: LedgerPool) => LedgerPool;
}

/**
 * The walk of a checkout, told step by step: each pool that is tried, in order, with the rule that refused it, up to
 * the one that grants. Empty for a feature that nobody serves. Seats that linger and would be given back first are
 * taken to be back. Changes nothing; `decideCheckout` comes to the same answer.
 */
export function tryPools(
  ledger: Ledger,
  request: CheckoutCommand,
  now: EpochMs,
  { back = new GivenBack(now), picture = (pool) => pool }: Supposition = {},
): readonly PoolTry[] {
  const feature = findFeature(ledger, request.feature);
  if (feature === undefined) return [];
  const steady = isSteady(ledger, now);
  let asked = request;
  for (;;) {
    const { tries, reused } = walk(feature, asked, { now, steady, back, picture });
    if (reused !== undefined) {
      back.add([reused]);
      asked = { ...request, again: true };
    } else if (tries.at(-1)!.row < 0 || !back.add(overOf(tries, now))) return tries;
  }
}

/**
 * The try that the client hears of: the one that grants, else the one that came closest, the first of several;
 * undefined when nothing was tried.
 */
export function decisive(tries: readonly PoolTry[]): PoolTry | undefined {
  const last = tries.at(-1);
  if (last === undefined || last.row < 0) return last;
  return tries.reduce((best, each) => (each.row > best.row ? each : best));
}

/** The lingering seats that are over and could help the pools that have none free. */
function overOf(tries: readonly PoolTry[], now: EpochMs): readonly HeldCheckout[] {
  return tries.flatMap(({ pool, row }) => (isPassing(row) ? lingeredOut(pool, now) : []));
}

interface Moment {
  readonly now: EpochMs;
  readonly steady: boolean;
  readonly back: GivenBack;
  readonly picture: (pool: LedgerPool) => LedgerPool;
}

interface Walk {
  readonly tries: readonly PoolTry[];
  /** The client's own lingering seat, which is to come back before the walk goes on. */
  readonly reused?: HeldCheckout;
}

function walk(feature: LedgerFeature, request: CheckoutCommand, moment: Moment): Walk {
  const tries: PoolTry[] = [];
  for (const pool of feature.pools) {
    const tried = tryPool(pool, request, moment);
    const { row, trial } = tried;
    tries.push(tried);
    if (request.ticket === undefined && (row < 0 || isPassing(row))) {
      const isBack = (seat: HeldCheckout): boolean => moment.back.has(seat);
      const reused = reusable(pool, request.client, trial.count, isBack);
      if (reused !== undefined) return { tries, reused };
    }
    if (row < 0) break;
  }
  return { tries };
}

function tryPool(
  pool: LedgerPool,
  request: CheckoutCommand,
  { now, steady, back, picture }: Moment,
): PoolTry {
  const trial = trialOf(picture(back.pool(pool)), request, now, steady);
  const row = denialRow(trial);
  if (row >= 0) return { pool, trial, suiteTrial: undefined, row, refused: trial };
  const { suite } = pool;
  if (suite === undefined) return { pool, trial, suiteTrial: undefined, row, refused: undefined };
  const suiteTrial = suiteTrialOf(picture(back.pool(suite)), trial, now, steady);
  const suiteRow = denialRow(suiteTrial);
  const refused = suiteRow < 0 ? undefined : suiteTrial;
  return { pool, trial, suiteTrial, row: suiteRow, refused };
}
