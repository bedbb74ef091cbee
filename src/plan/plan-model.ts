import type { EpochMs } from '../base/clock.ts';
import type { Rng } from '../base/rng.ts';
import type { Shard } from '../domain/workload/model.ts';
import type { Demand } from './demand/demand.ts';
import type { FeatureTrace } from './demand/trace.ts';
import type { FullWeeks } from './demand/weeks.ts';
import type { BandedCounts } from './estimate/bootstrap.ts';
import type { Estimates } from './estimate/estimates.ts';
import type { SeatCounts } from './estimate/seat-search.ts';
import type { FeatureLicense, LicenseChange } from './feature-license.ts';
import type { Costs } from './money/costs.ts';
import type { Prices } from './money/prices.ts';
import type { TermMix } from './money/term.ts';
import type { SampledSource, SourceNoun } from './samples/sampled-source.ts';
import type { SamplingBias } from './samples/sampling-bias.ts';
import type { LogNames } from './scan/log-names.ts';
import type { WallClock } from './scan/wall-clock.ts';
import type { SweepPlace } from './sweep/sweep.ts';
import type { WhatIf, WhatIfResult } from './what-if/what-if.ts';

/** What is to be known of a feature, and what it is told from. */
export interface FeatureQuestion {
  /** Share of starts that may be refused. */
  readonly deny: number;
  readonly begin: EpochMs;
  readonly weeks: FullWeeks;
  readonly wall: WallClock;
  readonly names: LogNames;
  readonly license: FeatureLicense;
  /** The license with something changed. */
  readonly licenseWith: (change: LicenseChange) => FeatureLicense;
  /** Who is in a GROUP; undefined when nobody has said so. */
  readonly groupOf: (name: string) => ReadonlySet<string> | undefined;
  /** The demand for the feature of another license server, told by its logs. */
  readonly demandElsewhere: (source: string) => Demand | undefined;
  readonly whatIfs: readonly WhatIf[];
  /** What seats of it cost, when somebody has said so. */
  readonly prices?: Prices;
  readonly sweep: SweepPlace;
  /** Only this part of the coarse replays is to be done, for somebody else to go on with. */
  readonly shard?: Shard;
  /** Replications at the answer, each of days drawn anew; none when 0. */
  readonly replications: number;
  /** Seats there are now, when somebody has said so. */
  readonly have?: number;
  /** When the history was sampled. */
  readonly samples?: SampledSource;
  readonly windowMs: number;
  readonly rng: Rng;
}

/** How many there are now, and who says so. */
export interface PresentSeats {
  readonly seats: number;
  readonly source: 'told' | 'license' | 'samples' | 'denials';
  /** Share of starts refused in the worst week with these. */
  readonly share: number;
}

export interface FeatureAnswer {
  readonly seats: number;
  readonly low: number;
  readonly high: number;
  /** Share of starts refused with these in the worst week. */
  readonly share: number;
}

/** What replays of histories drawn anew say of the answer. */
export interface Replications {
  readonly count: number;
  /** Share of starts refused in all weeks: the mean, and the middle 95 %. */
  readonly mean: number;
  readonly low: number;
  readonly high: number;
}

export interface FeaturePlan {
  readonly daemon: string;
  readonly feature: string;
  readonly deny: number;
  readonly trace: FeatureTrace;
  /** What tells of it. */
  readonly source: SourceNoun;
  readonly demand: Demand;
  /** The most seats out at a time: as the log has it, and with seats for all. */
  readonly peak: number;
  readonly wantedPeak: number;
  readonly answer?: FeatureAnswer;
  /** Why there is no answer. */
  readonly reason?: string;
  readonly present?: PresentSeats;
  readonly curve: readonly BandedCounts[];
  readonly estimates?: Estimates;
  /** Why the estimates do not say the same. */
  readonly disagreements?: readonly string[];
  readonly whatIfs: readonly WhatIfResult[];
  readonly costs?: Costs;
  readonly termMix?: TermMix;
  /** The replay of one more number of seats. */
  readonly replayAt?: (seats: number) => Promise<SeatCounts>;
  readonly replications?: Replications;
  /** What cannot be seen, as the history was sampled. */
  readonly bias?: SamplingBias;
}

/** `0.75 %`, `12 %`. */
export function percent(share: number): string {
  const value = 100 * share;
  return `${value >= 10 || Number.isInteger(value) ? Math.round(value) : value.toPrecision(2)} %`;
}
