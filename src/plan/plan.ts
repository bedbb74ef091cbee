import { KnownError } from '../base/errors.ts';
import { Rng } from '../base/rng.ts';
import type { Shard } from '../domain/workload/model.ts';
import { type Bundle, bundlesOf } from './demand/bundles.ts';
import type { Demand } from './demand/demand.ts';
import type { FeatureTrace } from './demand/trace.ts';
import { fullWeeks } from './demand/weeks.ts';
import { ElsewhereDemands } from './elsewhere.ts';
import { worstWeek } from './estimate/seat-search.ts';
import { PlanLicenses } from './feature-license.ts';
import { type BudgetMix, type BudgetShare, budgetMix } from './money/budget.ts';
import type { PriceList, Prices } from './money/prices.ts';
import { planFeature } from './plan-feature.ts';
import type { FeaturePlan, FeatureQuestion } from './plan-model.ts';
import { readTraces, type SourceOptions, type SourceTraces } from './sources.ts';
import { type SweepOptions, sweepPlace } from './sweep/sweep-place.ts';
import { parseWhatIf } from './what-if/what-if.ts';

/** Its feature is the one to plan; all, ranked by need, when undefined. */
export interface PlanOptions extends SourceOptions {
  /** Share of starts that may be refused. */
  readonly deny: number;
  readonly have?: number;
  readonly licenses: readonly string[];
  readonly options: Readonly<Record<string, string>>;
  /** Refusals of a client with shorter pauses are one try. */
  readonly windowMs: number;
  readonly seed: string;
  /** Each is a question of its own, such as `growth 20%, linger 10m`. */
  readonly whatIfs?: readonly string[];
  /** Users by group, as GROUP lines of an options file have them; those of `options` count without. */
  readonly groups?: (name: string) => ReadonlySet<string> | undefined;
  readonly prices?: PriceList;
  /** Money for the seats of all features for a year. */
  readonly budget?: number;
  /** How replays are done; in this thread when undefined. */
  readonly sweep?: SweepOptions;
  readonly shard?: Shard;
  readonly replications?: number;
}

export interface Plan {
  readonly read: SourceTraces;
  readonly features: readonly FeaturePlan[];
  /** Features that go out together. */
  readonly bundles: readonly Bundle[];
  readonly budget?: BudgetPlan;
}

/** What a budget buys, and what is refused with it in the worst week. */
export interface BudgetPlan extends BudgetMix {
  readonly shares: readonly (BudgetShare & { readonly share: number })[];
}

/**
 * Says for one feature or all how many seats the logs ask for.
 * @throws KnownError as `readTraces`, `readCatalog` and `parseWhatIf` do.
 */
export async function planSeats(options: PlanOptions): Promise<Plan> {
  const whatIfs = (options.whatIfs ?? []).map(parseWhatIf);
  if (options.feature === undefined && options.have !== undefined) {
    throw new KnownError('USAGE', '--have: expected --feature with it, got none');
  }
  const read = await readTraces(options);
  const { begin, end, wall, names } = read;
  const licenses = new PlanLicenses(options, end);
  const elsewhere = await ElsewhereDemands.read(whatIfs, options, read);
  const { replications = 0, shard } = options;
  const license = { ...options, at: end, texts: licenses.texts };
  const sweep = await sweepPlace(options.sweep ?? { workers: 1 }, license);
  const shared = {
    ...{ deny: options.deny, windowMs: options.windowMs, whatIfs, sweep, replications },
    ...{ begin, weeks: fullWeeks(begin, end, wall), wall, names },
    ...(options.have === undefined ? {} : { have: options.have }),
    ...(shard === undefined ? {} : { shard }),
    ...(read.samples && { samples: read.samples }),
  };
  const questionOf = ({ feature, daemon }: FeatureTrace): FeatureQuestion => ({
    ...shared,
    license: licenses.of(feature, daemon),
    licenseWith: (change) => licenses.of(feature, daemon, change),
    groupOf: (name) => options.groups?.(name) ?? licenses.group(name, feature, daemon),
    demandElsewhere: (source): Demand | undefined => elsewhere.of(source, feature),
    ...pricesFor(feature, options.prices),
    rng: new Rng(`${options.seed}/${daemon}/${feature}`),
  });
  try {
    const features: FeaturePlan[] = [];
    for (const trace of read.traces) features.push(await planFeature(trace, questionOf(trace)));
    const budget = options.budget === undefined ? {} : await budgetFor(features, options.budget);
    return { read, features: features.sort(byNeed), bundles: bundlesOf(read.traces), ...budget };
  } finally {
    await sweep.close();
  }
}

function pricesFor(feature: string, list: PriceList | undefined): { readonly prices?: Prices } {
  const prices = list?.(feature);
  return prices === undefined ? {} : { prices };
}

async function budgetFor(
  features: readonly FeaturePlan[],
  budget: number,
): Promise<Pick<Plan, 'budget'>> {
  const offers = features.flatMap(({ daemon, feature, costs }) =>
    costs === undefined ? [] : [{ daemon, feature, costs }],
  );
  if (offers.length === 0) {
    throw new KnownError('USAGE', '--budget: expected the price of a feature with it, got none');
  }
  const mix = budgetMix(offers, budget);
  const shares: BudgetPlan['shares'][number][] = [];
  for (const share of mix.shares) {
    const { replayAt } = features.find(
      ({ daemon, feature }) => daemon === share.daemon && feature === share.feature,
    )!;
    shares.push({ ...share, share: worstWeek(await replayAt!(share.seats)).share });
  }
  return { budget: { ...mix, shares } };
}

/** Those that lack most first; then those with most use. Those without an answer come last. */
function byNeed(a: FeaturePlan, b: FeaturePlan): number {
  const [one, other] = [lackOf(a), lackOf(b)];
  return one === other ? b.demand.at.length - a.demand.at.length : other - one;
}

function lackOf({ answer, present }: FeaturePlan): number {
  if (answer === undefined) return Number.NEGATIVE_INFINITY;
  return answer.seats - (present?.seats ?? answer.seats);
}
