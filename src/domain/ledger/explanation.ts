import type { EpochMs } from '../../base/clock.ts';
import type { OptionsFile } from '../options/model.ts';
import { changesOf } from './changes.ts';
import type { CheckoutCommand } from './commands.ts';
import { refusalOf } from './denials.ts';
import { foundBy } from './found.ts';
import type { LedgerPool } from './holdings.ts';
import { noSuchFeature } from './refusals.ts';
import { idleSeats } from './reservations.ts';
import { type RuleSource, rulesApplied } from './rules-applied.ts';
import type { Ledger } from './state.ts';
import { type ExplainedQueue, explainedQueue } from './thoughts.ts';
import { decisive, type PoolTry, tryPools } from './tries.ts';

/** Why a checkout is granted or refused, as plain data: what `fauxlm explain` prints. */
export interface Explanation {
  readonly vendor: string;
  readonly asked: Asked;
  /** The pools that were tried, in order; the last one grants if any does. */
  readonly tried: readonly ExplainedPool[];
  /** Pools that were tried and are left out here. */
  readonly leftOut: number;
  readonly answer: ExplainedAnswer;
  /** What would bring another answer, or the same for another reason. */
  readonly changes: readonly ExplainedChange[];
  /** Where it is refused now and would wait if it were one that does. */
  readonly queue?: ExplainedQueue;
}

export interface Asked {
  readonly feature: string;
  readonly version: string;
  readonly count: number;
  readonly user: string;
  readonly host: string;
  readonly display: string;
  readonly project: string;
  readonly platform: string;
  readonly address: string;
  readonly at: EpochMs;
}

export interface ExplainedPool {
  /** As the license spells it. */
  readonly feature: string;
  readonly version: string;
  readonly counted: boolean;
  readonly issued: number;
  readonly overdraft: number;
  readonly used: number;
  readonly reserved: number;
  readonly serialNumber?: string;
  /** The package that its seats belong to. */
  readonly package?: string;
  /** Its license lines, the first of them. */
  readonly lines: readonly RuleSource[];
  /** Lines that are left out here; absent where there are none. */
  readonly linesLeftOut?: number;
  /** The rules that were applied, in order; the last one refuses unless the pool grants. */
  readonly rules: readonly ExplainedRule[];
  readonly granted: boolean;
}

export interface ExplainedRule {
  /** Its row of the denial table. */
  readonly rule: string;
  /** The feature of the pool it was about: of a suite, the suite's. */
  readonly feature: string;
  readonly refuses: boolean;
  readonly text: string;
  /** FlexNet's code, where it refuses. */
  readonly code?: number;
  readonly source?: RuleSource;
}

export type ExplainedAnswer =
  | { readonly granted: true; readonly feature: string; readonly version: string }
  | { readonly granted: false; readonly code: number; readonly minor: number };

export interface ExplainedChange {
  readonly text: string;
  readonly granted: boolean;
  /** The code that would be the answer, where that is a refusal. */
  readonly code?: number;
  readonly source?: RuleSource;
}

/** Pools told; a feature of more has them tried all the same. */
const POOLS_TOLD_MAX = 100;
/** License lines told of a pool: INCREMENT lines may add up by the thousand. */
const LINES_TOLD_MAX = 20;

/** Explains what a ledger would answer now, and changes nothing. `options` is the file in force. */
export function explain(
  asItIs: Ledger,
  asked: CheckoutCommand,
  now: EpochMs,
  options: OptionsFile | undefined,
): Explanation {
  const { ledger, request } = foundBy(asItIs, asked, now);
  const tries = tryPools(ledger, request, now);
  const told = tries.length > POOLS_TOLD_MAX ? toldOf(tries) : tries;
  const answer = answerOf(tries);
  const firstHandle = asItIs.nextHandle;
  const queue = answer.granted
    ? undefined
    : explainedQueue(ledger, request, now, { tries, firstHandle });
  const { feature, version, count, client } = request;
  const { user, host, display, project, platform, address } = client;
  return {
    vendor: ledger.options.vendor,
    asked: { feature, version, count, user, host, display, project, platform, address, at: now },
    tried: told.map((tried) => explainedPool(tried, options)),
    leftOut: tries.length - told.length,
    answer,
    changes: changesOf(ledger, request, now, { tries, options }),
    ...(queue && { queue }),
  };
}

/** The first ones, and the one that decides. */
function toldOf(tries: readonly PoolTry[]): readonly PoolTry[] {
  const first = tries.slice(0, POOLS_TOLD_MAX);
  const decided = decisive(tries)!;
  return first.includes(decided) ? first : [...first.slice(0, -1), decided];
}

function answerOf(tries: readonly PoolTry[]): ExplainedAnswer {
  const decided = decisive(tries);
  if (decided !== undefined && decided.row < 0) {
    const { feature, version } = decided.pool;
    return { granted: true, feature, version };
  }
  const { major, minor } = decided === undefined ? noSuchFeature : refusalOf(decided.row);
  return { granted: false, code: major, minor };
}

function explainedPool(tried: PoolTry, options: OptionsFile | undefined): ExplainedPool {
  const { trial, row } = tried;
  const { pool } = trial;
  const { version, counted, serialNumber, package: role } = pool.definition;
  return {
    feature: pool.feature,
    version,
    counted,
    issued: trial.issued,
    overdraft: trial.capacity - trial.issued,
    used: pool.used,
    reserved: idleSeats(pool),
    ...(serialNumber !== undefined && { serialNumber }),
    ...(role !== undefined && { package: role.name }),
    ...placesOf(pool),
    rules: rulesApplied(tried, options),
    granted: row < 0,
  };
}

function placesOf({
  definition: { places = [] },
}: LedgerPool): Pick<ExplainedPool, 'lines' | 'linesLeftOut'> {
  const lines = places.slice(0, LINES_TOLD_MAX).map(({ file, line }) => ({ file, line }));
  const linesLeftOut = places.length - lines.length;
  return { lines, ...(linesLeftOut > 0 && { linesLeftOut }) };
}
