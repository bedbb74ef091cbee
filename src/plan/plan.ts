import { KnownError } from '../base/errors.ts';
import { didYouMean } from '../base/nearest.ts';
import { Rng } from '../base/rng.ts';
import { TraceCollector } from './demand/trace.ts';
import { fullWeeks } from './demand/weeks.ts';
import { PlanLicenses } from './feature-license.ts';
import { type ReadLogs, readLogs } from './log-set.ts';
import { type FeaturePlan, planFeature } from './plan-feature.ts';
import type { LogNames } from './scan/log-names.ts';

export interface PlanOptions {
  /** Debug logs of one license server. */
  readonly sources: readonly string[];
  /** This feature only; all, ranked by need, when undefined. */
  readonly feature?: string;
  /** Share of starts that may be refused. */
  readonly deny: number;
  readonly have?: number;
  readonly licenses: readonly string[];
  readonly options: Readonly<Record<string, string>>;
  readonly timeZone?: string;
  /** Refusals of a client with shorter pauses are one try. */
  readonly windowMs: number;
  readonly seed: string;
  readonly report?: (path: string, bytes: number) => void;
}

export interface Plan {
  readonly read: ReadLogs;
  readonly features: readonly FeaturePlan[];
}

/**
 * Says for one feature or all how many seats the logs ask for.
 * @throws KnownError USAGE for a feature that is not in the logs; as `readLogs` and `readCatalog` do.
 */
export async function planSeats(options: PlanOptions): Promise<Plan> {
  const { sources, feature, timeZone, report } = options;
  const wanted = feature?.toLowerCase();
  let collector: TraceCollector | undefined;
  const read = await readLogs(
    sources,
    (names) => {
      collector = new TraceCollector(
        () => names,
        (name) => wanted === undefined || name.toLowerCase() === wanted,
      );
      return collector;
    },
    { ...(timeZone === undefined ? {} : { timeZone }), ...(report && { report }) },
  );
  const { traces } = collector!;
  if (feature !== undefined && traces.length === 0) throw unknownFeature(feature, read.names);
  const { begin, end, wall, names } = read;
  const licenses = new PlanLicenses(options, end);
  const shared = { ...options, begin, weeks: fullWeeks(begin, end, wall), wall, names };
  const features = traces.map((trace) =>
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
  const lacking = ({ answer, present }: FeaturePlan): number =>
    answer === undefined
      ? Number.NEGATIVE_INFINITY
      : answer.seats - (present?.seats ?? answer.seats);
  const [one, other] = [lacking(a), lacking(b)];
  return one === other ? b.demand.at.length - a.demand.at.length : other - one;
}

function unknownFeature(feature: string, names: LogNames): KnownError {
  const known = Array.from({ length: names.features.size }, (_, id) => names.feature(id).feature);
  const hint = didYouMean(feature, known);
  const text = `--feature: expected a feature of the logs, got "${feature}"${hint}`;
  return new KnownError('USAGE', text);
}
