import { z } from 'zod';
import { limits } from '../base/limits.ts';
import type { JournalEntry } from '../daemon/journal.ts';
import type { LicenseServer } from '../daemon/server.ts';
import { snapshot } from '../domain/ledger/snapshot.ts';
import { type Route, route } from './route.ts';

/** Events of one answer: the rest is asked for again. */
const ENTRIES_MAX = 1_000;

const epochMs = z.int().min(0).max(limits.clockMsMax);

const from = z.int().min(1).describe('number of the first event that is wanted');

const journalEntry = z.strictObject({
  number: z.int(),
  vendor: z.string(),
  event: z.looseObject({ kind: z.string(), at: z.int() }),
});

const happenings = {
  journal: z.array(journalEntry).describe('at most 1,000 events; ask again from the last on'),
  stirs: z.int().describe('grows with every message that comes or goes'),
};

/** What happened in the server since, and what goes on. */
function happeningsOf({ journal, traffic }: LicenseServer, first: number) {
  return { journal: journal.entries(first).slice(0, ENTRIES_MAX), stirs: traffic.stirs };
}

export type Happenings = { readonly journal: readonly JournalEntry[]; readonly stirs: number };

/** For who steers several servers and clients on one clock of his own, in step, and looks into their ledgers. */
export const followingRoutes: readonly Route[] = [
  route({
    method: 'POST',
    path: '/clock/step',
    summary:
      'moves a manual clock to a time in milliseconds, and tells what happened and when something falls due next',
    body: z.strictObject({ to: epochMs, from }),
    answer: z.strictObject({
      ms: z.int(),
      next: z.int().nullable().describe('when something falls due next'),
      ...happenings,
    }),
    run: async (server, { to, from: first }) => {
      const { clock } = server;
      await clock.set(to);
      return { ms: clock.now(), next: clock.next ?? null, ...happeningsOf(server, first) };
    },
  }),
  route({
    method: 'POST',
    path: '/stopped',
    summary: 'answers when the server has stopped, with the last events',
    body: z.strictObject({ from }),
    answer: z.strictObject({ signal: z.int(), ...happenings }),
    run: async (server, { from: first }) => {
      const signal = await server.stopped;
      const last = Math.max(first, server.journal.count - ENTRIES_MAX + 1);
      return { signal, ...happeningsOf(server, last) };
    },
  }),
  {
    method: 'GET',
    path: '/ledgers',
    summary: 'what is out, waits and is reserved, of each vendor daemon in the process',
    answer: z.strictObject({ ledgers: z.array(z.looseObject({ vendor: z.string() })) }),
    run: (server) => ({
      ledgers: server.vendors
        .flatMap(({ name }) => server.daemon(name) ?? [])
        .map(({ ledger }) => snapshot(ledger)),
    }),
  },
  route({
    method: 'POST',
    path: '/reread',
    summary: 'reads license and options files again, as lmreread does',
    body: z.strictObject({}),
    answer: z.strictObject({}),
    run: async (server) => {
      await server.reread();
      return {};
    },
  }),
  route({
    method: 'POST',
    path: '/vendors/kill',
    summary: 'ends a vendor daemon as kill -9 does; the license manager restarts it',
    body: z.strictObject({ vendor: z.string().optional().describe('the first unless told') }),
    answer: z.strictObject({}),
    run: async (server, { vendor }) => {
      await server.killVendor(vendor ?? server.vendors[0]!.name);
      return {};
    },
  }),
  route({
    method: 'POST',
    path: '/clients/silence',
    summary: 'cuts a client off as a broken network does: nothing passes, nobody is told',
    body: z.strictObject({ user: z.string(), host: z.string() }),
    answer: z.strictObject({ silenced: z.int().describe('connections') }),
    run: (server, { user, host }) => {
      const daemons = server.vendors.flatMap(({ name }) => server.daemon(name) ?? []);
      const silenced = daemons.map(({ sessions }) =>
        sessions.cut(({ client }) => client?.user === user && client.host === host),
      );
      return { silenced: silenced.reduce((sum, each) => sum + each, 0) };
    },
  }),
];
