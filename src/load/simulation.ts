import type { EpochMs } from '../base/clock.ts';
import { KnownError } from '../base/errors.ts';
import { Rng } from '../base/rng.ts';
import { type Catalog, type LicenseInput, readCatalog } from '../daemon/catalog.ts';
import { newLedger } from '../daemon/vendor-ledger.ts';
import { vendorPolicy } from '../domain/vendors/index.ts';
import { WHOLE, type Workload } from '../domain/workload/model.ts';
import { intervalOf, RunRecord } from '../report/run-record.ts';
import { Engine } from './engine.ts';
import { LedgerTarget, type VendorLedger } from './ledger-target.ts';
import { VirtualAgenda } from './virtual-agenda.ts';

/** What is simulated. */
export interface Simulation {
  readonly workload: Workload;
  readonly seed: string;
  /** License files, or as many seats of each feature of the workload. */
  readonly license: SimulatedLicense;
  /** When it begins, by the clock of the license. */
  readonly start: EpochMs;
}

export type SimulatedLicense =
  | { readonly kind: 'seats'; readonly seats: number }
  | {
      readonly kind: 'files';
      readonly licenses: readonly LicenseInput[];
      readonly options: Readonly<Record<string, LicenseInput>>;
    };

/**
 * Does a load in no time, by the engine that does it over the network and the ledger that daemons serve.
 * @throws KnownError as `readCatalog` does.
 */
export function simulate({ workload, seed, license, start }: Simulation): RunRecord {
  const agenda = new VirtualAgenda();
  const record = new RunRecord(intervalOf(workload.durationMs));
  const target = new LedgerTarget(agenda, start, ledgersOf(license, workload, start));
  const engine = new Engine({
    ...{ workload, shard: WHOLE, rng: new Rng(seed), agenda, target, record },
    onDone: () => {},
  });
  engine.warmUp(() => engine.start());
  agenda.run();
  return record;
}

/** Shares of sessions denied in runs of other seeds, and where the middle 95 % of them lie. */
export interface DeniedInterval {
  readonly runs: number;
  readonly mean: number;
  readonly low: number;
  readonly high: number;
}

/** How far chance moves the share denied: from the mean of many runs by Student's t, for one run more. */
export function deniedInterval(simulation: Simulation, runs: number): DeniedInterval {
  const shares = Array.from({ length: runs }, (_, run) =>
    deniedShare(simulate({ ...simulation, seed: `${simulation.seed}/${run}` })),
  );
  const mean = shares.reduce((sum, share) => sum + share, 0) / runs;
  const variance = shares.reduce((sum, share) => sum + (share - mean) ** 2, 0) / (runs - 1);
  const reach = studentT(runs - 1) * Math.sqrt(variance * (1 + 1 / runs));
  return { runs, mean, low: Math.max(0, mean - reach), high: Math.min(1, mean + reach) };
}

/** Share (0 to 1) of the sessions decided that were denied. */
export function deniedShare({ counters }: RunRecord): number {
  const { granted, denied } = counters;
  return granted + denied === 0 ? 0 : denied / (granted + denied);
}

/** The two-sided 95 % quantile of Student's t, by the expansion of Cornish and Fisher; three digits from 4 on. */
function studentT(freedom: number): number {
  const z = 1.959964;
  return (
    z +
    (z ** 3 + z) / (4 * freedom) +
    (5 * z ** 5 + 16 * z ** 3 + 3 * z) / (96 * freedom ** 2) +
    (3 * z ** 7 + 19 * z ** 5 + 17 * z ** 3 - 15 * z) / (384 * freedom ** 3)
  );
}

function ledgersOf(
  license: SimulatedLicense,
  workload: Workload,
  now: EpochMs,
): readonly VendorLedger[] {
  const catalog = catalogOf(license, workload, now);
  return catalog.vendors.map((entry) => ({
    vendor: entry.name,
    ledger: newLedger(entry, { policy: vendorPolicy(entry.name), serverHosts: [] }, now),
    features: new Set(entry.definitions.map(({ feature }) => feature.toLowerCase())),
  }));
}

function catalogOf(license: SimulatedLicense, { mix }: Workload, now: EpochMs): Catalog {
  if (license.kind === 'files') {
    const { licenses, options } = license;
    return readCatalog({ licenses, options, lenient: true, now });
  }
  const features = new Set(mix.flatMap(({ bundle }) => bundle.map(({ feature }) => feature)));
  const odd = [...features].find((feature) => !/^[^\s"#=]+$/.test(feature));
  if (odd !== undefined) throw new KnownError('USAGE', `--feature: expected a name, got "${odd}"`);
  const lines = [...features].map(
    (feature) => `INCREMENT ${feature} acmed 9999.0 permanent ${license.seats} SIGN=00`,
  );
  const text = `SERVER this_host ANY\nVENDOR acmed\n${lines.join('\n')}\n`;
  return readCatalog({ licenses: [{ name: '--seats', text }], options: {}, lenient: true, now });
}
