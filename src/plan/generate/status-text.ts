import type { EpochMs } from '../../base/clock.ts';
import { renderLmstat } from '../../text/lmstat.ts';
import type { FeatureUsage, LmstatSection, UserEntry } from '../../text/lmstat-report.ts';

/** A checkout that is out. */
export interface HeldSeat {
  readonly user: string;
  readonly host: string;
  readonly since: EpochMs;
}

/** What a made-up server has, as lmstat asks for it. */
export interface MadeUpServer {
  readonly host: string;
  readonly daemon: string;
  readonly feature: string;
  readonly seats: number;
}

const PORT = 27_000;
const VERSION = '11.18.1';
/** Source: fixtures of lmstat against a host that refuses connections; Linux, ECONNREFUSED. */
const connectionRefused = { major: -15, minor: 570, sys: 111, sysText: 'Connection refused' };

/** What `lmstat -a` prints at a moment: who holds what, by handle, or that nobody answers. */
export function statusText(
  at: EpochMs,
  server: MadeUpServer,
  held: ReadonlyMap<number, HeldSeat> | undefined,
): string {
  const section = held === undefined ? failure(server) : answer(server, held);
  return [...renderLmstat({ at, program: 'lmutil', sections: [section] }, { usage: 'all' })].join(
    '',
  );
}

function failure({ host }: MadeUpServer): LmstatSection {
  const address = { spec: `${PORT}@${host}` };
  return { kind: 'failure', step: 'reachingLmgrd', refusal: connectionRefused, address };
}

function answer(server: MadeUpServer, held: ReadonlyMap<number, HeldSeat>): LmstatSection {
  const { host, daemon } = server;
  const paths = [`/opt/licenses/${daemon}.lic`];
  return {
    kind: 'server',
    address: { spec: `${PORT}@${host}`, licenseFiles: { host, paths } },
    hosts: [{ name: host, state: 'up', master: true, version: VERSION }],
    masterHost: host,
    vendors: [
      {
        name: daemon,
        state: { kind: 'up', version: VERSION },
        server: { host, port: PORT },
        features: [usageOf(server, held)],
      },
    ],
  };
}

function usageOf(
  { daemon, feature, seats }: MadeUpServer,
  held: ReadonlyMap<number, HeldSeat>,
): FeatureUsage {
  const entries = [...held].map(
    ([handle, { user, host, since }]): UserEntry => ({
      ...{ kind: 'user', user, host, since, handle, count: 1, version: '1.0' },
      display: '/dev/pts/0',
    }),
  );
  const pool = { name: feature, version: '1.0', vendor: daemon, expiry: 'permanent' };
  const pools =
    entries.length === 0 ? [] : [{ ...pool, lock: { kind: 'floating' as const }, entries }];
  return { kind: 'counted', name: feature, issued: seats, used: entries.length, pools };
}
