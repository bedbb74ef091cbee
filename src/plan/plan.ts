import { Rng } from '../base/rng.ts';
import { fullWeeks } from './demand/weeks.ts';
import { PlanLicenses } from './feature-license.ts';
import { type FeaturePlan, planFeature } from './plan-feature.ts';
import { readTraces, type SourceOptions, type SourceTraces } from './sources.ts';

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
}

export interface Plan {
  readonly read: SourceTraces;
  readonly features: readonly FeaturePlan[];
}

/**
 * Says for one feature or all how many seats the logs ask for.
 * @throws KnownError as `readTraces` and `readCatalog` do.
 */
export async function planSeats(options: PlanOptions): Promise<Plan> {
  const read = await readTraces(options);
  const { begin, end, wall, names } = read;
  const licenses = new PlanLicenses(options, end);
  const shared = { ...options, begin, weeks: fullWeeks(begin, end, wall), wall, names };
  const features = read.traces.map((trace) =>
    planFeature(trace, {
      ...shared,
      license: licenses.of(trace.feature, trace.daemon),
      rng: new Rng(`${options.seed}/${trace.daemon}/${trace.feature}`),
    }),
  );
  return { read, features: features.sort(byNeed) };
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
