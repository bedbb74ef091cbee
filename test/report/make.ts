import { Rng } from '../../src/base/rng.ts';
import type { Bundle, Health, Part } from '../../src/report/bundle.ts';
import { type Counters, noCounts } from '../../src/report/counters.ts';
import { RunRecord } from '../../src/report/run-record.ts';

export const healthy: Health = { lagP50Ms: 0, lagP99Ms: 0.5, lagMaxMs: 2, loopUse: 0.1, cpu: 0.1 };

export function makePart(more: Partial<Part> = {}): Part {
  return {
    index: 0,
    of: 1,
    startedAt: 1_900_000_000_000,
    tookMs: 10_000,
    health: healthy,
    ...more,
  };
}

/** Ten seconds in which each session was granted; `responseMs` are its times. */
export function makeBundle({
  counters = {},
  responseMs = [],
  ...more
}: {
  readonly counters?: Partial<Counters>;
  readonly responseMs?: readonly number[];
} & Partial<Bundle> = {}): Bundle {
  const record = new RunRecord(1_000);
  Object.assign(record.counters, { ...noCounts(), ...counters });
  for (const [index, ms] of responseMs.entries()) {
    record.timings.response.recordMs(ms);
    record.intervalAt((index * 10_000) / responseMs.length).response.recordMs(ms);
  }
  const plan = { hash: 'abc', seed: 's', name: 'made', server: '1@h', durationMs: 10_000 };
  return { plan, parts: [makePart()], record, ...more };
}

/** Times around a middle, lognormal as response times are. */
export function makeTimes(length: number, middleMs: number, seed: string): readonly number[] {
  const rng = new Rng(seed);
  const normal = (): number => {
    let sum = -6;
    for (let each = 0; each < 12; each++) sum += rng.unit();
    return sum;
  };
  return Array.from({ length }, () => middleMs * Math.exp(0.5 * normal()));
}
