import type { CheckoutCommand } from './commands.ts';
import { sharingKey } from './dup-groups.ts';
import type { LedgerPool } from './holdings.ts';
import type { Ledger } from './state.ts';

/** Looks at every line anew, and says who stands where he should not, or is lost. */
export function auditQueue(ledger: Ledger): readonly string[] {
  const { queue } = ledger;
  const found: string[] = [];
  if (queue.isRestless) found.push('those that wait have not been served');
  let last = -Infinity;
  const ofSessions = new Set<number>();
  for (const { handle, request, places, pools } of queue.values()) {
    if (handle <= last || handle >= ledger.nextHandle) found.push(`queue ${handle} out of order`);
    last = handle;
    if (pools.length === 0) found.push(`queue ${handle} waits for no pool`);
    if (places.some((place) => !place.line.has(place)))
      found.push(`queue ${handle} has lost a place`);
    if (!queue.of(request.session).some((each) => each.handle === handle)) {
      found.push(`queue ${handle} is not its session's`);
    }
    ofSessions.add(request.session);
  }
  const bySession = [...ofSessions].reduce((sum, id) => sum + queue.of(id).length, 0);
  if (bySession !== queue.size) found.push(`${bySession} of ${queue.size} wait by session`);
  for (const pool of ledger.pools.values()) found.push(...auditLine(ledger, pool));
  return found;
}

function auditLine({ queue }: Ledger, pool: LedgerPool): string[] {
  const { definition, reservations, waiting } = pool;
  const found: string[] = [];
  const expected = [...queue.values()].filter(({ pools }) => pools.includes(pool));
  const all = waiting === undefined ? [] : [...waiting.all.values()];
  const reserved = waiting === undefined ? [] : [...waiting.reserved.values()];
  const say = (places: typeof all) => places.map(({ handle }) => handle).join();
  const handles = (list: typeof expected) => list.map(({ handle }) => handle).join();
  if (say(all) !== handles(expected)) found.push(`${definition.id}: ${say(all)} stand in line`);
  const overtakers = expected.filter(({ request }) =>
    reservations.some(({ rule }) => rule.matches(request.client)),
  );
  if (say(reserved) !== handles(overtakers)) found.push(`${definition.id}: ${say(reserved)} may`);
  for (const { request, handle } of expected) {
    const key = sharingKey(pool, request.client, request.data);
    const sharers = key === undefined ? undefined : waiting!.sharersOf(key);
    found.push(...auditHolder(pool, handle, request));
    if (sharers !== undefined && ![...sharers.values()].some((each) => each.handle === handle)) {
      found.push(`${definition.id}: ${handle} shares with nobody`);
    }
  }
  if (waiting !== undefined && all.length === 0) found.push(`${definition.id}: an empty line`);
  return found;
}

/** Who waits for a pool whose serial number's features share seats, and has one: the line knows. */
function auditHolder(pool: LedgerPool, handle: number, request: CheckoutCommand): string[] {
  const { definition, serial, waiting } = pool;
  if (serial === undefined) return [];
  const key = serial.keyOf(request.client, request.data);
  const holders = [...waiting!.holdersOf(key).values()];
  const isFiled = holders.some((each) => each.handle === handle);
  const isKnown = serial.holders.seatsOf(key) === 0 || waiting!.holding.has(key);
  return isFiled && isKnown ? [] : [`${definition.id}: ${handle} has a seat of its serial number`];
}
