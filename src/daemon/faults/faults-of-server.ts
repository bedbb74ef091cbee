import type { Clock } from '../../base/clock.ts';
import { KnownError } from '../../base/errors.ts';
import type { VendorEntry } from '../catalog.ts';
import type { LicenseManager } from '../license-manager.ts';
import type { LogFiles } from '../log-files.ts';
import type { ServerConfig } from '../server-config.ts';
import type { Traffic } from '../traffic.ts';
import { parsePartition } from '../triad/partition.ts';
import { memberLines } from '../triad/triad-setting.ts';
import type { FaultBoard } from './fault-board.ts';
import type { FaultTarget } from './fault-target.ts';
import { ServerFaults } from './server-faults.ts';

/** Unless told otherwise, everything that is left to chance comes out the same each time. */
const SEED = '1';

export interface FaultsOfServer {
  readonly config: Pick<ServerConfig, 'seed' | 'timeZone' | 'notice'>;
  readonly board: FaultBoard;
  readonly manager: LicenseManager;
  readonly clock: Clock;
  readonly traffic: Traffic;
  readonly logs: LogFiles;
}

/** The faults of a server: what they may do to its manager, its vendor daemons and its logs. */
export function faultsOfServer(parts: FaultsOfServer): ServerFaults {
  const { config, board, manager, clock, traffic, logs } = parts;
  const lives = (vendor: string) => manager.life(vendor);
  for (const { name } of manager.runners) {
    board.site('vendor', name).crash = () => void lives(name)?.kill();
  }
  board.onChange(() => logs.setFull(board.logsFull));
  return new ServerFaults({
    board,
    seed: config.seed ?? SEED,
    timeZone: config.timeZone,
    traffic,
    now: () => clock.now(),
    vendors: () => manager.runners.map(({ name }) => name),
    features: () => manager.catalog.vendors.flatMap(featureNames),
    notice: config.notice,
    target: {
      clock,
      kill: (vendor) => void lives(vendor)?.kill(),
      holdDown: (vendor) => void lives(vendor)?.holdDown(),
      letUp: (vendor) => void lives(vendor)?.letUp(),
      ...partitions(manager),
    },
    tellOthers: async (armed) => {
      await Promise.all(manager.runners.map((runner) => runner.arm(armed)));
    },
    hitsOfOthers: async () => {
      const all = await Promise.all(manager.runners.map((runner) => runner.faultHits()));
      return all.reduce((sum, counts) => {
        for (const [id, { hits }] of counts) sum.set(id, (sum.get(id) ?? 0) + hits);
        return sum;
      }, new Map<string, number>());
    },
    settled: async () => {
      const hosts = manager.runners.flatMap(({ daemon }) => daemon?.host ?? []);
      await Promise.all([manager.host, ...hosts].map((host) => host.settled()));
      await Promise.all(manager.runners.map(({ name }) => lives(name)?.settled()));
    },
  });
}

/** What may be asked for: features, packages and what those consist of. */
function featureNames({ features, packages }: VendorEntry): readonly string[] {
  const components = packages.flatMap((line) => line.components);
  return [...features, ...packages, ...components].map(({ name }) => name);
}

/** Links between this member and the others of its triad, cut for as long as a fault of several wants it. */
function partitions(manager: LicenseManager): Pick<FaultTarget, 'cut' | 'cutOf'> {
  const cuts = new Set<readonly number[]>();
  const apply = (): void => manager.triad?.cutFrom([...cuts].flat());
  return {
    cutOf: (groups) => {
      const { triad } = manager.options;
      if (triad === undefined || groups === undefined) {
        const expected =
          groups === undefined ? 'groups= such as one|two,three' : 'a member of a triad';
        const got = groups === undefined ? 'none' : 'a single license server';
        throw new KnownError('USAGE', `partition: expected ${expected}, got ${got}`);
      }
      const places = parsePartition(groups, memberLines(manager.catalog.servers));
      return places[triad.setting.member]!;
    },
    cut: (places) => {
      cuts.add(places);
      apply();
      return () => {
        cuts.delete(places);
        apply();
      };
    },
  };
}
