import { auditDraws } from './audit-draws.ts';
import { auditLapses } from './audit-lapses.ts';
import { auditQueue } from './audit-queue.ts';
import { auditSerials } from './audit-serials.ts';
import { auditSuites } from './audit-suites.ts';
import { countsSeats } from './draws.ts';
import { sharingKey } from './dup-groups.ts';
import type { HeldCheckout, LedgerPool, SharedSeats } from './holdings.ts';
import { none } from './model.ts';
import { featureKey, type Ledger } from './state.ts';

/**
 * Counts everything again from scratch and says where the running totals disagree; empty when all
 * is well. For tests and simulations: linear in everything the ledger holds.
 */
export function audit(ledger: Ledger): readonly string[] {
  return [
    ...[...ledger.pools.values()].flatMap((pool) => auditPool(ledger, pool)),
    ...auditHandles(ledger),
    ...auditSessions(ledger),
    ...auditFeatures(ledger),
    ...auditDeadlines(ledger),
    ...auditDraws(ledger),
    ...auditLapses(ledger),
    ...auditQueue(ledger),
    ...auditSuites(ledger),
    ...auditSerials(ledger),
  ];
}

function auditPool(ledger: Ledger, pool: LedgerPool): string[] {
  const { id } = pool.definition;
  const held = [...pool.checkouts.values()];
  const found = auditOrder(id, held, pool.checkouts.size);
  const groups = new Set<SharedSeats>();
  let seats = 0;
  for (const checkout of held) {
    const { handle, shares, count } = checkout;
    if (checkout.pool !== pool || ledger.checkouts.get(handle) !== checkout) {
      found.push(`${id}: handle ${handle} is not in the ledger`);
    }
    if (shares === undefined) seats += count;
    else if (!groups.has(shares)) {
      groups.add(shares);
      seats += shares.seats;
      found.push(...auditGroup(pool, shares));
    }
  }
  if (pool.drawn !== countsSeats(pool)) found.push(`${id}: drawn is ${pool.drawn}`);
  if (pool.used !== seats) found.push(`${id}: used is ${pool.used}, checkouts hold ${seats}`);
  if (pool.groups.size !== groups.size) found.push(`${id}: ${pool.groups.size} groups are filed`);
  return found;
}

function auditGroup(pool: LedgerPool, group: SharedSeats): string[] {
  const { id } = pool.definition;
  const members = group.toArray();
  const found = auditOrder(`${id}: group ${group.key}`, members, group.size);
  if (pool.groups.get(group.key) !== group) found.push(`${id}: group ${group.key} is not filed`);
  let largest = 0;
  for (const { handle, client, data, count, shares } of members) {
    largest = Math.max(largest, count);
    const key = sharingKey(pool, client, data);
    if (shares !== group || key !== group.key) found.push(`${id}: ${handle} is in a wrong group`);
  }
  if (group.seats < largest) found.push(`${id}: group holds ${group.seats}, one has ${largest}`);
  return found;
}

function auditHandles(ledger: Ledger): string[] {
  const found: string[] = [];
  let last = -Infinity;
  let seen = 0;
  for (const { handle, pool } of ledger.checkouts.values()) {
    if (handle <= last || handle >= ledger.nextHandle) found.push(`handle ${handle} out of order`);
    if (ledger.pools.get(pool.definition.id) !== pool) found.push(`handle ${handle} has no pool`);
    last = handle;
    seen++;
  }
  const inPools = [...ledger.pools.values()].reduce(
    (sum, { checkouts }) => sum + checkouts.size,
    0,
  );
  if (seen !== inPools || seen !== ledger.checkouts.size) {
    found.push(
      `${seen} handles are out, the table says ${ledger.checkouts.size}, pools ${inPools}`,
    );
  }
  return found;
}

function auditSessions(ledger: Ledger): string[] {
  const found: string[] = [];
  let seen = 0;
  for (const held of ledger.sessions.values()) {
    const { session } = held[0]!;
    found.push(...auditOrder(`session ${session}`, held, ledger.sessions.held(session).length));
    for (const checkout of held) {
      seen++;
      if (checkout.session !== session || ledger.checkouts.get(checkout.handle) !== checkout) {
        found.push(`session ${session} has ${checkout.handle}, which is not its own`);
      }
    }
  }
  const held = [...ledger.checkouts.values()].filter(({ session }) => session !== none).length;
  if (seen !== held) found.push(`sessions hold ${seen} of ${held}`);
  return found;
}

function auditOrder(name: string, held: readonly HeldCheckout[], size: number): string[] {
  const inOrder = held.every(({ handle }, i) => i === 0 || handle > held[i - 1]!.handle);
  return inOrder && held.length === size ? [] : [`${name}: ${size} checkouts are out of order`];
}

function auditFeatures(ledger: Ledger): string[] {
  const found: string[] = [];
  const filed = new Set([...ledger.features.values()].flatMap(({ pools }) => pools));
  if (filed.size !== ledger.pools.size) found.push(`${filed.size} pools are filed by feature`);
  for (const pool of ledger.pools.values()) {
    if (!filed.has(pool)) found.push(`${pool.definition.id} is not filed by feature`);
  }
  for (const { name, first, pools } of ledger.features.values()) {
    const chained = pools.every(({ sibling }, index) => sibling === pools[index + 1]);
    if (first !== pools[0] || !chained) found.push(`${name}: pools are out of order`);
  }
  for (const [asked, feature] of ledger.spellings.entries()) {
    const fresh = ledger.features.get(featureKey(ledger.options, asked));
    if (feature !== fresh) found.push(`spelling ${asked} finds ${feature.name}`);
  }
  return found;
}

function auditDeadlines(ledger: Ledger): string[] {
  const found = [...ledger.standings.disorder()];
  let watched = 0;
  for (const pool of ledger.pools.values()) {
    const { definition, standing, deadline } = pool;
    found.push(...auditStanding(ledger, pool));
    if (standing.until === Infinity) continue;
    watched++;
    const kept = deadline !== undefined && ledger.standings.has(deadline);
    if (!kept || deadline.at !== standing.until) found.push(`${definition.id}: end is not watched`);
  }
  const stray = ledger.standings.size - watched;
  if (stray !== 0) found.push(`${stray} stray deadlines`);
  return found;
}

function auditStanding(ledger: Ledger, pool: LedgerPool): string[] {
  const { definition, standing, capacity, issued, phase } = pool;
  const { since, until } = standing;
  const moment = [since, until - 1, 0].find(Number.isFinite)!;
  const fresh = pool.standingAt(moment);
  const { overdraft } = fresh;
  const same =
    fresh.capacity === capacity && fresh.phase === phase && issued === capacity - overdraft;
  const steady = since <= ledger.steadySince && ledger.steadyUntil <= until;
  return same && steady ? [] : [`${definition.id}: ${phase} with ${capacity} seats is not so`];
}
