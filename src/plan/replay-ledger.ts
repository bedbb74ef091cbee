import type { EpochMs } from '../base/clock.ts';
import { type Ledger, nextDeadline } from '../domain/ledger/ledger.ts';
import type { Client } from '../domain/ledger/model.ts';
import { perform } from '../domain/ledger/performance.ts';
import type { Demand } from './demand/demand.ts';
import { TimeHeap } from './time-heap.ts';

/** Makes a ledger with so many seats of the feature, as it is when nothing is out. */
export type LedgerFactory = (seats: number, now: EpochMs) => Ledger;

export interface ReplayInput {
  readonly demand: Demand;
  readonly feature: string;
  readonly clientOf: (id: number) => Client;
}

export interface Replayed {
  readonly seats: number;
  /** 1 for each start of the demand that was refused. */
  readonly denied: Uint8Array;
}

const quiet = (): void => {};

/**
 * Runs a demand through a ledger: each start asks for its seats, and gives them back when its time is over; who is
 * refused goes away. What was out when the log began is out, and nobody's start.
 */
export function replay(
  { demand, feature, clientOf }: ReplayInput,
  newLedger: LedgerFactory,
  seats: number,
): Replayed {
  const { at, holdMs, client, count, isInitial } = demand;
  const ledger = newLedger(seats, at[0] ?? 0);
  const denied = new Uint8Array(at.length);
  const ends = new TimeHeap();
  for (let row = 0; row < at.length; row++) {
    const now = at[row]!;
    giveBack(ledger, ends, now);
    const session = row + 1;
    const command = {
      ...{ kind: 'checkout' as const, session, client: clientOf(client[row]!), feature },
      ...{ version: '0.0', count: count[row]!, data: '' },
    };
    const events = perform(ledger, command, now, quiet);
    if (events[events.length - 1]?.kind === 'seatTaken') ends.push(now + holdMs[row]!, session);
    else if (isInitial[row] === 0) denied[row] = 1;
  }
  return { seats, denied };
}

/** All whose time is over by `now`, in order, and what time does by itself between them. */
function giveBack(ledger: Ledger, ends: TimeHeap, now: EpochMs): void {
  while (ends.size > 0 && ends.firstAt <= now) {
    const at = ends.firstAt;
    passTime(ledger, at);
    perform(ledger, { kind: 'disconnect', session: ends.pop() }, at, quiet);
  }
  passTime(ledger, now);
}

function passTime(ledger: Ledger, now: EpochMs): void {
  for (
    let due = nextDeadline(ledger);
    due !== undefined && due <= now;
    due = nextDeadline(ledger)
  ) {
    perform(ledger, { kind: 'timePassed' }, due, quiet);
  }
}
