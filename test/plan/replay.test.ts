import { describe, expect, test } from 'vitest';
import { Rng } from '../../src/base/rng.ts';
import { exponential } from '../../src/domain/workload/distributions.ts';
import { clientsOf } from '../../src/plan/clients.ts';
import { erlangB } from '../../src/plan/estimate/erlang.ts';
import { PlanLicenses } from '../../src/plan/feature-license.ts';
import { replay } from '../../src/plan/replay-ledger.ts';

const SEATS = 10;
const LOAD = 8;
const BATCHES = 20;
const BATCH_STARTS = 250;
/** Student's t with 19 degrees of freedom, 95 % in the middle. */
const T = 2.093;
const HOUR_MS = 3_600_000;

const license = new PlanLicenses({ licenses: [], options: {} }, 0).of('solve', 'acmed');
const clientOf = clientsOf((id) => ({ user: `user${id}`, host: `host${id}` }));

/** Whether the interval of one seed's simulation, by means of batches, holds what Erlang B says. */
function holds(seed: string): boolean {
  // The first batch is warm-up: nothing is out when it begins.
  const starts = (BATCHES + 1) * BATCH_STARTS;
  const rng = new Rng(seed);
  let now = Date.UTC(2026, 0, 5);
  const at = Float64Array.from({ length: starts }, () => {
    now += (exponential(rng) * HOUR_MS) / LOAD;
    return now;
  });
  const holdMs = Float64Array.from({ length: starts }, () => exponential(rng) * HOUR_MS);
  const demand = {
    ...{ at, holdMs, client: Int32Array.from(at, (_, row) => row % 997) },
    ...{ count: new Int32Array(starts).fill(1), isInitial: new Uint8Array(starts) },
  };
  const { denied } = replay({ demand, feature: 'solve', clientOf }, license.newLedger, SEATS);
  const shares = Array.from({ length: BATCHES }, (_, batch) => {
    const from = (batch + 1) * BATCH_STARTS;
    return denied.subarray(from, from + BATCH_STARTS).reduce((sum, each) => sum + each, 0);
  }).map((refused) => refused / BATCH_STARTS);
  const mean = shares.reduce((sum, share) => sum + share, 0) / BATCHES;
  const square = shares.reduce((sum, share) => sum + (share - mean) ** 2, 0);
  const half = T * Math.sqrt(square / (BATCHES - 1) / BATCHES);
  return Math.abs(mean - erlangB(SEATS, LOAD)) <= half;
}

describe('a replay through the ledger', () => {
  test('has Erlang B in its 95 % interval for 182 of 200 seeds at least', () => {
    // 190 are expected.
    const held = Array.from({ length: 200 }, (_, seed) => holds(`erlang-${seed}`));
    expect(held.filter(Boolean).length).toBeGreaterThanOrEqual(182);
  });
});
