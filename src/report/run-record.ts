import { type Counters, counterNames, noCounts, type Timing, timingNames } from './counters.ts';
import { Histogram } from './histogram.ts';

/** What is counted of each interval; `inUse`: sessions that held what they asked for, at its end. */
export const intervalCounts = [
  'started',
  'granted',
  'denied',
  'failed',
  'released',
  'inUse',
] as const;

/** What happened in one stretch of the run. */
export interface Interval extends Record<(typeof intervalCounts)[number], number> {
  readonly response: Histogram;
}

/** What is counted of each feature. */
export const featureCounts = ['asked', 'grants', 'denials', 'errors'] as const;

export type FeatureCounts = Record<(typeof featureCounts)[number], number>;

/** Stretches of a run that are told apart: a chart has no more points. */
const INTERVALS_MAX = 600;
/** Lengths they may have. */
const INTERVAL_LENGTHS_MS = [1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1800, 3600].map(
  (seconds) => seconds * 1000,
);

/** How long the intervals of a run are, so that there are not too many. */
export function intervalOf(durationMs: number): number {
  const fits = (ms: number): boolean => durationMs / ms <= INTERVALS_MAX;
  return INTERVAL_LENGTHS_MS.find(fits) ?? Math.ceil(durationMs / INTERVALS_MAX);
}

/** All that a run, or a part of one, has counted and timed. Two of them add up exactly. */
export class RunRecord {
  readonly intervalMs: number;
  readonly counters: Counters = noCounts();
  readonly denialsByCode = new Map<number, number>();
  readonly errorsByCode = new Map<number, number>();
  readonly features = new Map<string, FeatureCounts>();
  readonly timings: Readonly<Record<Timing, Histogram>>;
  readonly intervals: Interval[] = [];
  /** The longest time from the last grant before a failure to the first one after it, as one generator saw it. */
  gapMs = 0;

  constructor(intervalMs: number) {
    this.intervalMs = intervalMs;
    const entries = timingNames.map((name) => [name, new Histogram()]);
    this.timings = Object.fromEntries(entries) as Record<Timing, Histogram>;
  }

  /** The interval that a time of the run belongs to. */
  intervalAt(atMs: number): Interval {
    const index = Math.max(0, Math.floor(atMs / this.intervalMs));
    return this.#interval(Math.min(index, 2 * INTERVALS_MAX));
  }

  feature(name: string): FeatureCounts {
    let counts = this.features.get(name);
    if (counts === undefined) {
      counts = { asked: 0, grants: 0, denials: 0, errors: 0 };
      this.features.set(name, counts);
    }
    return counts;
  }

  /** Adds what another part of the same run has, which began so many intervals later. */
  add(other: RunRecord, later = 0): void {
    for (const name of counterNames) this.counters[name] += other.counters[name];
    for (const name of timingNames) this.timings[name].add(other.timings[name]);
    addCounts(this.denialsByCode, other.denialsByCode);
    addCounts(this.errorsByCode, other.errorsByCode);
    for (const [name, counts] of other.features) {
      const mine = this.feature(name);
      for (const each of featureCounts) mine[each] += counts[each];
    }
    other.intervals.forEach((theirs, index) => {
      const mine = this.#interval(Math.min(index + later, 2 * INTERVALS_MAX));
      for (const each of intervalCounts) mine[each] += theirs[each];
      mine.response.add(theirs.response);
    });
    this.gapMs = Math.max(this.gapMs, other.gapMs);
  }

  #interval(index: number): Interval {
    while (this.intervals.length <= index) {
      const response = new Histogram();
      const zero = { started: 0, granted: 0, denied: 0, failed: 0, released: 0, inUse: 0 };
      this.intervals.push({ ...zero, response });
    }
    return this.intervals[index]!;
  }
}

/** Counts `more` under a FlexNet code. */
export function count(counts: Map<number, number>, code: number, more = 1): void {
  counts.set(code, (counts.get(code) ?? 0) + more);
}

function addCounts(mine: Map<number, number>, theirs: ReadonlyMap<number, number>): void {
  for (const [code, more] of theirs) count(mine, code, more);
}
