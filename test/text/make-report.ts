import type {
  FeatureUsage,
  LmstatReport,
  PoolUsage,
  ServerSection,
  UserEntry,
  VendorStatus,
} from '../../src/text/lmstat-report.ts';
import { localTime } from './golden.ts';

/** One constructor per part of a report, every field defaulted. */

export const reportTime = localTime([2026, 3, 9], [9, 5]);

export function makeUser(overrides: Partial<UserEntry> = {}): UserEntry {
  return {
    kind: 'user',
    user: 'ann',
    host: 'ws1',
    display: '/dev/pts/1',
    version: '1.0',
    handle: 101,
    count: 1,
    since: localTime([2026, 3, 9], [8, 49, 7]),
    ...overrides,
  };
}

export function makePool(overrides: Partial<PoolUsage> = {}): PoolUsage {
  return {
    name: 'solve',
    version: '1.0',
    vendor: 'acmed',
    expiry: 'permanent',
    lock: { kind: 'floating' },
    entries: [makeUser()],
    ...overrides,
  };
}

export function makeFeature(
  overrides: Partial<Extract<FeatureUsage, { kind: 'counted' }>> = {},
): FeatureUsage {
  return { kind: 'counted', name: 'solve', issued: 3, used: 1, pools: [makePool()], ...overrides };
}

export function makeVendor(overrides: Partial<VendorStatus> = {}): VendorStatus {
  return {
    name: 'acmed',
    state: { kind: 'up', version: '11.18.1' },
    server: { host: 'alpha', port: 27000 },
    features: [makeFeature()],
    ...overrides,
  };
}

export function makeServer(overrides: Partial<ServerSection> = {}): ServerSection {
  return {
    kind: 'server',
    address: {
      spec: '27000@alpha',
      licenseFiles: { host: 'alpha', paths: ['/opt/acme/acme.lic'] },
    },
    hosts: [{ name: 'alpha', state: 'up', master: true, version: '11.18.1' }],
    masterHost: 'alpha',
    vendors: [makeVendor()],
    ...overrides,
  };
}

export function makeReport(overrides: Partial<LmstatReport> = {}): LmstatReport {
  return { at: reportTime, program: 'lmutil', sections: [makeServer()], ...overrides };
}

/** One of everything: two daemons, every kind of feature, pool and entry. */
export function makeFullReport(): LmstatReport {
  const solve = makeFeature({
    issued: 10,
    used: 8,
    pools: [
      makePool({
        version: '2030.0',
        vendorString: 'a b:c=1',
        entries: [
          { kind: 'reservation', count: 2, type: 'GROUP', name: 'crew' },
          makeUser({ handle: 101, pid: 4711, project: 'bridge' }),
          { kind: 'reservation', count: 1, type: 'HOST', name: 'ws9' },
          makeUser({ user: 'ben van Dam', host: 'ws2.example.test', display: ':0', count: 2 }),
          makeUser({
            ...{ user: 'cat', host: 'ws3', display: '', handle: 1201, count: 2 },
            linger: { remainingSeconds: 885_098, totalSeconds: 1_340_160 },
          }),
          {
            ...{ kind: 'queued', user: 'dan', host: 'ws4', display: 'ws4', version: '2030.0' },
            ...{ handle: 104, count: 1 },
          },
          {
            ...{ kind: 'queued', user: 'eve', host: 'ws5', display: 'ws5', version: '2030.0' },
            ...{ handle: 105, count: 3 },
          },
        ],
      }),
      makePool({
        name: 'solve_pack',
        version: '12',
        expiry: '31-dec-2049',
        lock: { kind: 'nodelocked', hostid: 'ID=12345' },
        entries: [makeUser({ user: 'fay', checkoutData: 'feature=solve_big' })],
      }),
    ],
  });
  const free: FeatureUsage = {
    ...{ kind: 'uncounted', name: 'free' },
    pools: [
      makePool({
        name: 'free',
        vendor: 'betad',
        lock: { kind: 'uncountedNodelocked', hostid: 'ANY' },
      }),
    ],
  };
  return makeReport({
    sections: [
      makeServer({
        vendors: [
          makeVendor({
            features: [
              solve,
              makeFeature({ name: 'mesh', issued: 1, used: 0, pools: [] }),
              makeFeature({
                name: 'view',
                issued: 1,
                used: 1,
                pools: [makePool({ name: 'view' })],
              }),
              { kind: 'unsupported', name: 'gone', issued: 1 },
              { kind: 'error', name: 'odd', refusal: { major: -5, minor: 222 } },
            ],
          }),
          makeVendor({
            name: 'betad',
            features: [free, { kind: 'uncounted', name: 'idle', pools: [] }],
          }),
        ],
      }),
    ],
  });
}
