import { rounded } from '../report/rounding.ts';
import type { Outcome } from '../report/summary.ts';

/** What a step of the search came to. */
export type StepVerdict =
  | 'sustained'
  /** The server did not keep the limits. */
  | 'failed'
  /** The generator could not do it, so nobody knows. */
  | 'generator';

export interface Step {
  readonly rate: number;
  readonly verdict: StepVerdict;
  readonly why: string;
}

export interface SaturationOptions {
  readonly fromRate: number;
  readonly toRate: number;
  /** The search ends when the rates that were and were not sustained are so near: 1.05 is 5 %. */
  readonly precision: number;
  /** Runs at the rate that was found, to see whether it holds. */
  readonly confirmations: number;
  /** Runs one step. */
  readonly run: (rate: number, step: number) => Promise<Outcome>;
  readonly onStep: (step: Step) => void;
  readonly interrupted: AbortSignal;
}

export interface Saturation {
  /** The highest rate that was sustained; 0 when none was. */
  readonly rate: number;
  /** The lowest above it that was not; undefined when the highest rate asked for was. */
  readonly failedAt: number | undefined;
  /** How often the rate was sustained of the runs at it. */
  readonly sustained: number;
  readonly runs: number;
  /** How sure that makes us (0 to 1) that it is sustained more often than not. */
  readonly confidence: number;
  /** What set the limit. */
  readonly limit: 'server' | 'generator' | 'none' | 'interrupted' | 'deadline';
  readonly steps: readonly Step[];
}

/** Rates double until one fails. */
const GROWTH = 2;
/** A bisection ends by then whatever it finds. */
const STEPS_MAX = 40;
/** Sessions that have their answer, of those that were to begin: a queue that grows shows here. */
const ANSWERED_SHARE_MIN = 0.98;

/** Finds the highest rate that is sustained: doubles it until a step fails, halves the distance, and confirms. */
export async function findSaturation(options: SaturationOptions): Promise<Saturation> {
  const search = new Search(options);
  await search.climb();
  await search.bisect();
  await search.confirm();
  return search.result();
}

class Search {
  readonly #options: SaturationOptions;
  readonly #steps: Step[] = [];
  #low = 0;
  #high: Step | undefined;
  /** A step that was cut short tells nothing of its rate, and nothing follows it. */
  #cutBy: 'interrupted' | 'deadline' | undefined;

  constructor(options: SaturationOptions) {
    this.#options = options;
  }

  async climb(): Promise<void> {
    const { fromRate, toRate } = this.#options;
    for (let rate = fromRate; this.#goesOn(); rate = Math.min(rate * GROWTH, toRate)) {
      if (!(await this.#try(rate)) || rate >= toRate) return;
    }
  }

  async bisect(): Promise<void> {
    const { precision } = this.#options;
    while (this.#goesOn() && this.#high !== undefined && this.#low > 0) {
      if (this.#high.rate / this.#low <= precision) return;
      await this.#try(Math.sqrt(this.#high.rate * this.#low));
    }
  }

  /** A rate that does not hold is given up for one below it. */
  async confirm(): Promise<void> {
    const { confirmations, precision } = this.#options;
    while (this.#low > 0 && this.#goesOn() && this.#runsAt(this.#low).length <= confirmations) {
      const rate = this.#low;
      if ((await this.#try(rate)) || this.#cutBy !== undefined) continue;
      const runs = this.#runsAt(rate);
      const failed = runs.filter(({ verdict }) => verdict !== 'sustained').length;
      if (failed * 2 > runs.length - 1) this.#low = rate / precision;
    }
  }

  result(): Saturation {
    const runs = this.#runsAt(this.#low);
    const cutBy = this.#options.interrupted.aborted ? 'interrupted' : this.#cutBy;
    const above = this.#lowestFailure();
    const reason = above?.verdict === 'generator' ? 'generator' : 'server';
    const sustained = runs.filter(({ verdict }) => verdict === 'sustained').length;
    return {
      rate: this.#low,
      failedAt: above?.rate,
      sustained,
      runs: runs.length,
      confidence: confidenceOf(sustained, runs.length),
      limit: cutBy ?? (above === undefined ? 'none' : reason),
      steps: this.#steps,
    };
  }

  /** Above the rate that was found: that one may have failed once, too. */
  #lowestFailure(): Step | undefined {
    const failures = this.#steps.filter(
      ({ rate, verdict }) => verdict !== 'sustained' && rate > this.#low,
    );
    return failures.sort((a, b) => a.rate - b.rate)[0];
  }

  #goesOn(): boolean {
    const isCut = this.#cutBy !== undefined || this.#options.interrupted.aborted;
    return this.#steps.length < STEPS_MAX && !isCut;
  }

  #runsAt(rate: number): readonly Step[] {
    return this.#steps.filter((step) => step.rate === rate);
  }

  async #try(rate: number): Promise<boolean> {
    const outcome = await this.#options.run(rate, this.#steps.length);
    const { verdict } = outcome;
    if (verdict === 'interrupted' || verdict === 'deadline') {
      this.#cutBy = verdict;
      return false;
    }
    const step = judgeStep(rate, outcome);
    this.#steps.push(step);
    this.#options.onStep(step);
    if (step.verdict === 'sustained') this.#low = Math.max(this.#low, rate);
    else if (this.#high === undefined || rate < this.#high.rate) this.#high = step;
    return step.verdict === 'sustained';
  }
}

/** By the sign test: the chance that a rate which holds half of the time would have held less often than this one. */
export function confidenceOf(sustained: number, runs: number): number {
  let chance = 0.5 ** runs;
  let asGood = 0;
  for (let heads = 0; heads <= runs; heads++) {
    if (heads >= sustained) asGood += chance;
    chance *= (runs - heads) / (heads + 1);
  }
  return rounded(1 - asGood);
}

/** Sustained: all thresholds kept, and answers came as quickly as they were asked for. */
export function judgeStep(rate: number, { bundle, judged, verdict, bottleneck }: Outcome): Step {
  const broken = judged.filter((each) => each.verdict === 'broken');
  const { counters } = bundle.record;
  const all = counters.granted + counters.denied + counters.abandoned;
  // A step so slow that nobody came fails nothing.
  const answered = counters.arrivals === 0 ? 1 : all / counters.arrivals;
  if (broken.length > 0) {
    const why = broken.map(({ threshold, value }) => `${threshold.text}: ${rounded(value ?? 0)}`);
    return { rate, verdict: 'failed', why: why.join(', ') };
  }
  if (bottleneck !== undefined) return { rate, verdict: 'generator', why: bottleneck };
  if (answered < ANSWERED_SHARE_MIN || verdict === 'unreachable') {
    const share = rounded(100 * answered);
    return { rate, verdict: 'failed', why: `only ${share} % of the sessions were answered` };
  }
  // Slow steps have few sessions; the faster ones that follow will tell.
  const isUnsure = judged.some((each) => each.verdict === 'inconclusive');
  return { rate, verdict: 'sustained', why: isUnsure ? 'too few sessions for all thresholds' : '' };
}

/** For people. */
export function renderSaturation({
  rate,
  failedAt,
  sustained,
  runs,
  confidence,
  limit,
  steps,
}: Saturation): string {
  const lines = steps.map((step) => {
    const why = step.why === '' ? '' : ` (${step.why})`;
    return `  ${perSecond(step.rate).padStart(12)}  ${step.verdict}${why}`;
  });
  const words = {
    server: `not ${perSecond(failedAt ?? 0)}`,
    generator: `the generator gave out at ${perSecond(failedAt ?? 0)}, so the server may do more`,
    none: 'the highest rate that was asked for; --to goes higher',
    interrupted: 'interrupted',
    deadline: 'stopped at the deadline',
  }[limit];
  const found =
    rate === 0
      ? `no rate was sustained; ${words}`
      : `sustained ${perSecond(rate)} in ${sustained} of ${runs} runs (${surely(confidence)}); ${words}`;
  return `${[...lines, '', `  ${found}`].join('\n')}\n`;
}

function surely(confidence: number): string {
  return `${rounded(100 * confidence)} % sure that it is more often than not; more by --confirm`;
}

function perSecond(rate: number): string {
  return `${rate >= 100 ? Math.round(rate) : rounded(rate)}/s`;
}
