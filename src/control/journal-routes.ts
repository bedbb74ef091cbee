import { z } from 'zod';
import { isWanted, journalQuery } from './journal-filter.ts';
import { queryNumber } from './query-fields.ts';
import { type Route, reading } from './route.ts';

/** Events of one answer unless told, and at most. */
const EVENTS_USUAL = 1_000;
const EVENTS_MAX = 10_000;

const journalEntry = z.strictObject({
  number: z.int(),
  vendor: z.string(),
  event: z.looseObject({ kind: z.string(), at: z.int().describe('milliseconds since 1970') }),
});

/** What happened. */
export const journalRoutes: readonly Route[] = [
  reading({
    path: '/journal',
    summary: 'what happened, oldest first: the latest 100,000 events are kept',
    query: journalQuery.extend({
      limit: queryNumber(5)
        .refine((value) => value >= 1 && value <= EVENTS_MAX, `expected 1 to ${EVENTS_MAX}`)
        .optional()
        .describe(`events at most [${EVENTS_USUAL}]`),
    }),
    answer: z.strictObject({
      first: z.int().describe('number of the oldest event that is kept, or of the next'),
      count: z.int().describe('number of the latest event'),
      next: z.int().describe('what to ask for as `from` to go on'),
      events: z.array(journalEntry),
    }),
    scoped: true,
    run: async (server, query, _desk, session) => {
      // Daemons in other processes have told what they did by then.
      if (server.ledgers.marks === undefined) await server.ledgers.read();
      const { journal } = server;
      const { limit = EVENTS_USUAL } = query;
      const from = Math.max(query.from ?? 1, session?.firstEvent ?? 1);
      const wanted = { ...query, pid: session?.pid };
      const { first, count } = journal;
      const events = [];
      let next = Math.max(from, first);
      while (next <= count && events.length < limit) {
        for (const entry of journal.entries(next, limit - events.length)) {
          next = entry.number + 1;
          if (isWanted(entry, wanted)) events.push(entry);
        }
      }
      return { first, count, next, events };
    },
  }),
];
