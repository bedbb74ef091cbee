import type { JournalEvent } from '../daemon/journal.ts';

type EventOf<K extends JournalEvent['kind']> = Extract<JournalEvent, { kind: K }>;
type Words = { readonly [K in JournalEvent['kind']]: (event: EventOf<K>) => string | undefined };

interface Asked {
  readonly client: { readonly user: string; readonly host: string };
  readonly feature: string;
  readonly count?: number;
}

function what({ client, feature, count = 1 }: Asked): string {
  const number = count === 1 ? '' : `${count} of `;
  return `${number}${feature} for ${client.user}@${client.host}`;
}

function codes({ major, minor }: { readonly major: number; readonly minor: number }): string {
  return `(${major},${minor})`;
}

/** An event of a ledger in words; undefined for bookkeeping. Says nothing that differs from run to run. */
const words: Words = {
  seatTaken: (event) => `OUT ${what(event)}${event.borrow ? ', borrowed' : ''}`,
  seatReturned: (event) => `IN ${what(event)}: ${event.reason}`,
  seatKept: (event) => `KEPT ${what(event)}: ${event.reason}`,
  borrowConfirmed: (event) => `BORROWED ALREADY ${what(event)}`,
  borrowLost: (event) => `BORROW LOST ${what(event)}`,
  checkoutQueued: (event) => `QUEUED ${what(event)}`,
  checkoutDequeued: (event) => `DEQUEUED ${what(event)}: ${event.reason}`,
  queueServed: () => undefined,
  queueRelined: () => undefined,
  sessionQuieted: (event) => `A CLIENT IS ${event.activity.toUpperCase()}`,
  checkoutDenied: (event) => `DENIED ${what(event)} ${codes(event.refusal)}`,
  featureUnsupported: (event) => `UNSUPPORTED ${what(event)} ${codes(event.refusal)}`,
  poolCapacityChanged: ({ feature, capacity, expired }) =>
    `${expired ? 'EXPIRED' : 'CAPACITY'} ${feature}: ${capacity}`,
  checkinRefused: ({ refusal }) => `CHECKIN REFUSED ${codes(refusal)}`,
};

export function eventText(event: JournalEvent): string | undefined {
  return (words[event.kind] as (event: JournalEvent) => string | undefined)(event);
}
