import { sharedFields } from './dup-groups.ts';
import type { Draw } from './events.ts';
import type { LedgerPool } from './holdings.ts';
import type { Client } from './model.ts';
import { idleForOthers } from './reservations.ts';
import { SerialHolders } from './serial-holders.ts';
import { type SerialReserve, SerialSeats } from './serial-seats.ts';
import type { Ledger } from './state.ts';
import type { Trial } from './trials.ts';

/**
 * Ties the pools of each serial number together whose features share seats, as their definitions say. To be called
 * when all pools of a reread are there, and before what is out is counted against new rules.
 */
export function tieSerials(ledger: Ledger): void {
  const bySerial = new Map<string, LedgerPool[]>();
  for (const pool of ledger.pools.values()) {
    pool.serial = undefined;
    const { serialNumber, serialSharing } = pool.definition;
    if (serialNumber === undefined || serialSharing === undefined) continue;
    const pools = bySerial.get(serialNumber);
    if (pools === undefined) bySerial.set(serialNumber, [pool]);
    else pools.push(pool);
  }
  for (const [serialNumber, pools] of bySerial) {
    const sharing = sharedFields(pools[0]!.definition.serialSharing!);
    if (sharing === undefined) continue;
    const [holders, reserves] = [new SerialHolders(), reservesOf(pools)];
    const serial = new SerialSeats({ serialNumber, sharing, pools, reserves, holders });
    for (const pool of pools) pool.serial = serial;
  }
}

/** RESERVE lines for one client, user or group are one for a serial number, whatever their features. */
function reservesOf(pools: readonly LedgerPool[]): readonly SerialReserve[] {
  const found = new Map<
    string,
    SerialReserve & { readonly parts: SerialReserve['parts'][number][] }
  >();
  for (const pool of pools) {
    for (const { line, client, count, matches } of pool.rules?.reservations ?? []) {
      const key = `${client.type} ${client.name}`;
      const known = found.get(key) ?? { matches, parts: [], holders: new SerialHolders() };
      known.parts.push({ pool, line, count });
      found.set(key, known);
    }
  }
  return [...found.values()];
}

/** What a checkout of so many seats, one that takes any of its pool, counts against in the pool's serial number. */
export function serialDraws(
  serial: SerialSeats,
  { client, data }: { readonly client: Client; readonly data: string },
  count: number,
): readonly Draw[] {
  const key = serial.keyOf(client, data);
  const draw = { key, seats: count };
  const reserved = serial.reserves.filter(({ matches }) => matches(client));
  return [serial, ...reserved].map(({ holders }) => ({ ...draw, from: holders }));
}

/**
 * Seats of its serial number that a request needs beyond those it has; 0 where a pool's features do not share, or
 * where it takes no seat of the pool.
 */
export function serialNeed({ pool: { serial }, request, count, added }: Trial): number {
  if (serial === undefined || added === 0) return 0;
  const { client, data } = request;
  return Math.max(0, count - serial.holders.seatsOf(serial.keyOf(client, data)));
}

/** Seats of a trial's serial number that nobody has, and those of them that idle reservations hold for others. */
export function serialLeft(
  { request: { client }, now }: Trial,
  serial: SerialSeats,
): { readonly free: number; readonly held: number } {
  const { capacity, issued } = serial.roomAt(now);
  return {
    free: capacity - serial.holders.seats,
    held: idleForOthers(serial.reservationsAt(now), issued, client),
  };
}

/** The RESERVE lines about features of a serial number that are not for a client. */
export function reservedFromOthers(
  { reserves }: SerialSeats,
  client: Client,
): SerialReserve['parts'] {
  return reserves.flatMap(({ matches, parts }) => (matches(client) ? [] : parts));
}

/** True if a trial's serial number has too few seats for it. */
export function lacksSerial(trial: Trial): boolean {
  const { serial } = trial.pool;
  const need = serialNeed(trial);
  if (serial === undefined || need === 0) return false;
  const { free, held } = serialLeft(trial, serial);
  return need > free - held;
}

/** True if enough seats of a trial's serial number are out to nobody, whoever they are held for. */
export function isSerialFree(trial: Trial): boolean {
  const { serial } = trial.pool;
  return serial === undefined || serialNeed(trial) <= serialLeft(trial, serial).free;
}
