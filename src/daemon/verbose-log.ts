import type { LedgerEvent } from '../domain/ledger/events.ts';
import { findFeature, type LedgerFeature } from '../domain/ledger/state.ts';
import { verboseLine } from '../text/debug-log-parser/verbose.ts';
import type { VendorDaemon } from './vendor-daemon.ts';
import { flexnetVersion } from './versions.ts';

/** The events whose lines have a verbose form. Source: LAG, "Verbose Debug Log Messages". */
export type VerboseEvent = Extract<
  LedgerEvent,
  {
    kind: 'seatTaken' | 'seatReturned' | 'checkoutDenied' | 'checkoutQueued' | 'checkoutDequeued';
  }
>;

/** A field that is empty, since fields are told apart by blanks. */
const NONE = '-';

/**
 * A line with what a vendor's verbose log adds. Where the event does not tell the version that was asked for it is the
 * pool's; of uncounted features there are 0. The client's FlexNet is ours: it does not say which it has.
 */
export function verboseLogLine(daemon: VendorDaemon, line: string, event: VerboseEvent): string {
  const { client, feature } = event;
  const { inUse, outOf } = usageOf(findFeature(daemon.ledger, feature));
  return verboseLine(line, {
    version: versionOf(event),
    user: client.user,
    address: client.address,
    pid: client.pid,
    handle: 'handle' in event ? event.handle : 0,
    inUse,
    outOf,
    project: client.project.replace(/\s/g, '_') || NONE,
    flexVersion: flexnetVersion.major,
    flexRevision: flexnetVersion.minor,
    at: event.at,
    isDuplicate: event.kind === 'seatTaken' && event.added === 0 && event.pool.definition.counted,
  });
}

function versionOf(event: VerboseEvent): string {
  if ('version' in event) return event.version || NONE;
  return 'pool' in event ? event.pool.definition.version : NONE;
}

function usageOf(feature: LedgerFeature | undefined): { inUse: number; outOf: number } {
  let inUse = 0;
  let outOf = 0;
  for (const { definition, used, capacity } of feature?.pools ?? []) {
    inUse += used;
    if (definition.counted) outOf += capacity;
  }
  return { inUse, outOf };
}
