import { type Bundle, beginsOf, bundleAsJson, type Health, type Part } from './bundle.ts';
import { timingNames } from './counters.ts';
import type { Histogram } from './histogram.ts';
import { rounded } from './rounding.ts';
import { type Judged, judge, type Threshold } from './thresholds.ts';

/** Quantiles that are told of every time. */
export const quantiles = [
  ['p50', 0.5],
  ['p90', 0.9],
  ['p95', 0.95],
  ['p99', 0.99],
  ['p99.9', 0.999],
] as const;

/** A run whose generator began more than this share of its sessions late did not do what it was to do. */
export const LATE_SHARE_MAX = 0.1;

/** What is to be said of a run: what it came to, and whether it can be trusted. */
export interface Outcome {
  readonly bundle: Bundle;
  readonly judged: readonly Judged[];
  /** Words for why the generator was the bottleneck; undefined when it was not. */
  readonly bottleneck?: string;
  readonly verdict: OutcomeVerdict;
}

export type OutcomeVerdict =
  | 'ok'
  | 'broken'
  | 'inconclusive'
  | 'unreachable'
  | 'deadline'
  | 'interrupted';

/** Exit statuses of `fauxlm load`. Source: design, "Command line". */
export const exitOfVerdict: Readonly<Record<OutcomeVerdict, number>> = {
  ok: 0,
  broken: 4,
  inconclusive: 5,
  unreachable: 3,
  deadline: 124,
  interrupted: 130,
};

/** Judges a result, one run's or that of merged shards. `cause`: why it ended before its time. */
export function outcomeOf(
  bundle: Bundle,
  thresholds: readonly Threshold[],
  cause?: 'deadline' | 'interrupted',
): Outcome {
  const bottleneck = bottleneckOf(bundle);
  const judged = thresholds.map((each) => judge(each, bundle, bottleneck !== undefined));
  const verdict = cause ?? verdictOf(bundle, judged, bottleneck !== undefined);
  return { bundle, judged, verdict, ...(bottleneck === undefined ? {} : { bottleneck }) };
}

function verdictOf(
  { record: { counters } }: Bundle,
  judged: readonly Judged[],
  isGeneratorLate: boolean,
): OutcomeVerdict {
  const isNobodyThere = counters.failed > 0 && counters.grants + counters.denials === 0;
  if (isNobodyThere) return 'unreachable';
  if (judged.some(({ verdict }) => verdict === 'broken')) return 'broken';
  const isUnsure = judged.some(({ verdict }) => verdict === 'inconclusive');
  return isUnsure || isGeneratorLate ? 'inconclusive' : 'ok';
}

/** Sessions begin by timers alone, whatever the server does: that they begin late is the generator's fault. */
function bottleneckOf({ record: { counters }, parts }: Bundle): string | undefined {
  const begun = counters.arrivals - counters.skipped - counters.dropped;
  if (begun === 0 || counters.late / begun <= LATE_SHARE_MAX) return undefined;
  const share = ((100 * counters.late) / begun).toFixed(1);
  const healths = parts.map(({ health }) => health);
  const lag = Math.max(...healths.map(({ lagP99Ms }) => lagP99Ms));
  const own = `event-loop lag p99 ${lag} ms, processor ${cpuOf(healths)}`;
  return `${share} % of the sessions began late; ${own}`;
}

/** From the first part's begin to the last one's, as near as their clocks are known. */
export function startSpreadMs(parts: readonly Part[]): number {
  const starts = beginsOf(parts);
  return starts.length === 0 ? 0 : Math.max(...starts) - Math.min(...starts);
}

/** The busiest part's. */
export function cpuOf(all: readonly Health[]): string {
  return `${Math.round(100 * Math.max(0, ...all.map(({ cpu }) => cpu)))} %`;
}

/** What `--json-file` and `--json` hold: counts and quantiles to read, and the bundle to merge and compare. */
export function outcomeAsJson(outcome: Outcome): object {
  const { bundle, judged, verdict, bottleneck } = outcome;
  const { plan, parts, record, ended } = bundle;
  const filled = timingNames.filter((name) => record.timings[name].total > 0);
  return {
    name: plan.name,
    server: plan.server,
    seed: plan.seed,
    durationMs: plan.durationMs,
    verdict,
    exit: exitOfVerdict[verdict],
    ...(ended === undefined ? {} : { ended }),
    ...(bottleneck === undefined ? {} : { bottleneck }),
    ...record.counters,
    failoverGapMs: rounded(record.gapMs),
    startSpreadMs: startSpreadMs(parts),
    offeredPerSecond: plan.offered ?? null,
    times: Object.fromEntries(filled.map((name) => [name, timesOf(record.timings[name])])),
    thresholds: judged.map(({ threshold, value, verdict: each }) => ({
      threshold: threshold.text,
      value: value === undefined ? null : value,
      verdict: each,
    })),
    health: parts.map(({ index, of, health }) => ({ shard: `${index}/${of}`, ...health })),
    bundle: bundleAsJson(bundle),
  };
}

/** Milliseconds by quantile. */
export function timesOf(histogram: Histogram): Record<string, number> {
  const times: Record<string, number> = { count: histogram.total };
  for (const [name, share] of quantiles) times[name] = rounded(histogram.quantileMs(share) ?? 0);
  times['max'] = rounded(histogram.maxMs ?? 0);
  times['mean'] = rounded(histogram.meanMs ?? 0);
  return times;
}
