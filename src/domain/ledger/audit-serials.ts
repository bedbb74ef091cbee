import { SerialHolders } from './serial-holders.ts';
import type { SerialSeats } from './serial-seats.ts';
import type { Ledger } from './state.ts';

/**
 * Counts who has seats of each serial number again from what is out, and looks whether its pools are those that their
 * definitions name.
 */
export function auditSerials(ledger: Ledger): readonly string[] {
  const found: string[] = [];
  const serials = new Set<SerialSeats>();
  const fresh = new Map<SerialHolders, SerialHolders>();
  for (const pool of ledger.pools.values()) {
    const { definition, serial } = pool;
    const named = definition.serialSharing === undefined ? undefined : definition.serialNumber;
    if (serial?.serialNumber !== named) found.push(`${definition.id}: its serial number is not so`);
    if (serial === undefined) continue;
    serials.add(serial);
    if (!serial.pools.includes(pool)) found.push(`${definition.id}: its serial number has lost it`);
    for (const checkout of pool.checkouts.values()) {
      if (!checkout.isFirstOfGroup) continue;
      for (const { from, key, seats } of (checkout.shares ?? checkout).draws ?? []) {
        if (!(from instanceof SerialHolders)) continue;
        const recount = fresh.get(from) ?? new SerialHolders();
        fresh.set(from, recount);
        recount.add(key, seats);
      }
    }
  }
  for (const { serialNumber, counts } of serials) {
    for (const kept of counts) {
      const same = kept.equals(fresh.get(kept) ?? new SerialHolders());
      if (!same) found.push(`serial number ${serialNumber}: who has its seats is not so`);
    }
  }
  return found;
}
