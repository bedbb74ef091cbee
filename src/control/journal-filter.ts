import { z } from 'zod';
import type { JournalEntry } from '../daemon/journal.ts';
import type { Client } from '../domain/ledger/model.ts';
import { queryNumber, queryText } from './query-fields.ts';

/** Which events are wanted. */
export const journalQuery = z.strictObject({
  from: queryNumber(15).optional().describe('number of the first event [1]'),
  kind: queryText.optional().describe('kinds such as seatTaken or checkoutDenied, with commas'),
  vendor: queryText.optional(),
  feature: queryText.optional(),
  user: queryText.optional(),
});

/** With the process id of the clients that are wanted: those of a session. */
export type JournalQuery = z.infer<typeof journalQuery> & { readonly pid?: number | undefined };

/** Whether an event is one of those that a query means, letter case aside. */
export function isWanted({ vendor, event }: JournalEntry, query: JournalQuery): boolean {
  const { kind, feature, user } = query;
  if (kind !== undefined && !kind.split(',').includes(event.kind)) return false;
  if (query.vendor !== undefined && !same(vendor, query.vendor)) return false;
  const about = event as { readonly feature?: string; readonly client?: Client };
  if (query.pid !== undefined && about.client?.pid !== query.pid) return false;
  if (feature !== undefined && !same(about.feature, feature)) return false;
  return user === undefined || same(about.client?.user, user);
}

function same(a: string | undefined, b: string): boolean {
  return a?.toLowerCase() === b.toLowerCase();
}
