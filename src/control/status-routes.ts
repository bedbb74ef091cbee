import { z } from 'zod';
import type { LicenseServer } from '../daemon/server.ts';
import { flexnetVersion } from '../daemon/versions.ts';
import type { ControlDesk } from './control-desk.ts';
import { type PeopleQuery, pageOf, peopleQuery, placesQuery } from './paging.ts';
import { type Route, reading } from './route.ts';
import { serverRow, serversOf } from './server-rows.ts';
import { featureRow, poolRow, queueRow, reservationRow, userRow } from './status-schemas.ts';
import type { StatusView } from './status-view.ts';

const total = z.int().describe('rows there are, of which this is a page');

const vendorRow = z.strictObject({
  vendor: z.string(),
  up: z.boolean(),
  port: z.int().describe('0 while it is down, and when it shares the port of the manager'),
  pid: z.int(),
  features: z.int(),
  used: z.number().describe('seats out, all features together'),
  queued: z.int(),
});

async function vendorsOf({ vendors }: LicenseServer, desk: ControlDesk) {
  const { features } = await desk.status();
  return vendors.map(({ name: vendor, up, port, pid }) => {
    const own = features.filter((feature) => feature.vendor === vendor);
    const used = own.reduce((sum, feature) => sum + feature.used, 0);
    const queued = own.reduce((sum, feature) => sum + feature.queued, 0);
    return { vendor, up, port, pid, features: own.length, used, queued };
  });
}

/** A row that lists rows of the ledgers. */
function listing<Name extends keyof StatusView>(
  name: Name,
  summary: string,
  row: z.ZodType,
  query: z.ZodType<PeopleQuery> = placesQuery as never,
): Route {
  return reading({
    path: `/${name}`,
    summary,
    query,
    answer: z.strictObject({ total, [name]: z.array(row) }),
    kept: true,
    run: async (_server, asked, desk) => {
      const rows: readonly object[] = (await desk.status())[name];
      const page = pageOf(rows, asked);
      return { total: page.total, [name]: page.rows };
    },
  });
}

/** What a server has and who has it. */
export const statusRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/servers',
    summary: 'the license servers: this one, and of a triad the others as it sees them',
    answer: z.strictObject({ version: z.string(), servers: z.array(serverRow) }),
    kept: true,
    run: (server) => ({ version: flexnetVersion.text, servers: serversOf(server) }),
  },
  {
    method: 'GET',
    path: '/vendors',
    summary: 'its vendor daemons',
    answer: z.strictObject({ vendors: z.array(vendorRow) }),
    kept: true,
    run: async (server, _input, desk) => ({ vendors: await vendorsOf(server, desk) }),
  },
  listing('features', 'features with their seats: out, reserved, free, waited for', featureRow),
  listing('pools', 'the pools that features consist of, one for each kind of line', poolRow),
  listing('users', 'who holds what, as lmstat lists it', userRow, peopleQuery),
  listing('queue', 'who waits for seats', queueRow, peopleQuery),
  listing('reservations', 'seats reserved that nobody uses', reservationRow),
  {
    method: 'GET',
    path: '/triad',
    summary: 'how its triad stands, as it sees it; null of a single server',
    answer: z.strictObject({
      triad: z
        .strictObject({
          member: z.string().describe('the one that was asked'),
          master: z.string().nullable(),
          up: z.array(z.string()).describe('members it hears of, itself included'),
          members: z.array(z.string()),
          quorum: z.boolean().describe('a majority is up'),
          serving: z.boolean().describe('its own vendor daemons serve'),
        })
        .nullable(),
    }),
    kept: true,
    run: ({ triad, catalog }) => {
      if (triad === undefined) return { triad: null };
      const { member, master = null, up, serving } = triad.view;
      const members = catalog.servers.map(({ host }) => host);
      const quorum = 2 * up.length > members.length;
      return { triad: { member, master, up, members, quorum, serving } };
    },
  },
];
