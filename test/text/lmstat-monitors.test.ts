import { describe, expect, test } from 'vitest';
import { renderLmstat } from '../../src/text/lmstat.ts';
import { type Dialect, dialectOf } from '../../src/text/lmstat-dialect.ts';
import { parseLmstat } from '../../src/text/lmstat-parser/parse-lmstat.ts';
import type { PoolEntry } from '../../src/text/lmstat-report.ts';
import { dialectNames } from './lmstat-arbitraries.ts';
import {
  nagiosPlugin,
  phpPage,
  prometheusExporter,
  type Reading,
  schedulerAgent,
  windowsProgram,
} from './lmstat-monitors.ts';
import {
  makeFeature,
  makePool,
  makeReport,
  makeServer,
  makeUser,
  makeVendor,
} from './make-report.ts';

const queued = { kind: 'queued', host: 'ws5', display: ':0', version: '2.0', count: 1 } as const;
const entries: readonly PoolEntry[] = [
  { kind: 'reservation', count: 4, type: 'GROUP', name: 'crew' },
  makeUser({ handle: 101, pid: 11 }),
  makeUser({ user: 'ben', host: 'ws2.example.test', display: 'ws2', count: 3, pid: 12 }),
  makeUser({ user: 'cat', linger: { remainingSeconds: 5, totalSeconds: 60 }, count: 2, pid: 13 }),
  { kind: 'reservation', count: 1, type: 'HOST', name: 'ws9' },
  { ...queued, user: 'dan', handle: 201 },
  { ...queued, user: 'eve', handle: 202, count: 2, checkoutData: '2.0' },
];

/** Two daemons, one of them down; features in use, free, uncounted and not served. */
const report = makeReport({
  sections: [
    makeServer({
      vendors: [
        makeVendor({
          features: [
            makeFeature({ issued: 20, used: 11, pools: [makePool({ entries })] }),
            makeFeature({
              ...{ name: 'mesh', issued: 2, used: 2 },
              pools: [
                makePool({
                  name: 'mesh',
                  expiry: '31-dec-2049',
                  entries: [makeUser({ count: 2 })],
                }),
              ],
            }),
            makeFeature({ name: 'idle', issued: 5, used: 0, pools: [] }),
            { kind: 'unsupported', name: 'gone', issued: 3 },
            { kind: 'uncounted', name: 'free', pools: [] },
          ],
        }),
        makeVendor({
          ...{ name: 'betad', state: { kind: 'down', refusal: { major: -97, minor: 121 } } },
          features: [{ kind: 'error', name: 'view', refusal: { major: -97, minor: 121 } }],
        }),
      ],
    }),
  ],
});

const totals = { solve: [20, 11], mesh: [2, 2], idle: [5, 0] } as const;

/** What each monitor makes of that, whatever the dialect, but for what `dialect` takes from it. */
const monitors: readonly {
  readonly name: string;
  readonly read: (text: string) => Reading;
  readonly expected: (dialect: Dialect) => Reading;
}[] = [
  {
    name: 'the Prometheus exporter',
    read: prometheusExporter,
    expected: ({ lingerForm }) => ({
      // A daemon that is down has no version, and so no state.
      ...{ up: 1, daemons: { acmed: true }, totals },
      // Seats that linger count in the form of today only.
      seats: { solve: lingerForm === 'total' ? 4 : 6, mesh: 2 },
      // Who waits counts only with a number before the version.
      ...{ reserved: 5, queued: 2 },
    }),
  },
  {
    name: 'the PHP page',
    read: phpPage,
    expected: () => ({ totals, seats: { solve: 6, mesh: 2 }, reserved: 5, queued: 3 }),
  },
  {
    name: 'the Nagios plug-in',
    read: nagiosPlugin,
    expected: ({ showsExpiry }) => ({
      // The second daemon stands behind the first one's features, where none is looked for.
      ...{ up: 1, daemons: { acmed: true }, totals },
      expiries: showsExpiry ? { mesh: '31-dec-2049' } : {},
    }),
  },
  {
    name: 'the Windows program',
    read: windowsProgram,
    expected: () => ({ daemons: { acmed: true }, totals, seats: { solve: 6, mesh: 2 } }),
  },
  {
    name: "the scheduler's agent",
    read: schedulerAgent,
    expected: ({ pidColumn }) => ({
      totals,
      // A line that goes on behind the number of licenses is none: of a linger, or a PID.
      seats: pidColumn ? { mesh: 2 } : { solve: 4, mesh: 2 },
    }),
  },
];

describe.each(monitors)('$name reads', ({ read, expected }) => {
  test('what lmstat prints by default', () => {
    const text = [...renderLmstat(report, { usage: 'all' })].join('');
    expect(read(text)).toEqual(expected(dialectOf('11.18.1')!));
  });

  test.each(dialectNames)('what lmstat prints in dialect %s', (name) => {
    const dialect = dialectOf(name)!;
    const text = [...renderLmstat(report, { usage: 'all', dialect })].join('');
    expect(read(text)).toEqual(expected(dialect));
  });
});

test('our parser counts as they do', () => {
  const [server] = parseLmstat([...renderLmstat(report, { usage: 'all' })].join('')).servers;
  const features = server!.vendors.flatMap((vendor) => vendor.features);
  const counted = features.flatMap((each) =>
    each.kind === 'counted' ? [[each.name, [each.issued, each.used]] as const] : [],
  );
  expect(Object.fromEntries(counted)).toEqual(totals);
  const pools = features.flatMap((feature) => feature.pools);
  const sum = (counts: readonly { readonly count: number }[]): number =>
    counts.reduce((all, { count }) => all + count, 0);
  expect(sum(pools.flatMap(({ users }) => users))).toBe(8);
  expect(sum(pools.flatMap((pool) => pool.queued))).toBe(3);
  expect(sum(pools.flatMap(({ reservations }) => reservations))).toBe(5);
});
