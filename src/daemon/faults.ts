import type { Cancel } from '../base/clock.ts';
import { KnownError } from '../base/errors.ts';
import { didYouMean } from '../base/nearest.ts';
import { parseDuration } from '../base/time-words.ts';
import type { LicenseServer } from './server.ts';

/** A fault that was asked for: its row and its words. */
export interface FaultOrder {
  readonly name: FaultName;
  readonly words: Readonly<Record<string, string>>;
}

interface Fault {
  readonly summary: string;
  /** The words it takes, each with what it means. */
  readonly words: Readonly<Record<string, string>>;
  /** Puts it in force; what it gives ends it. */
  readonly arm: (server: LicenseServer, words: Readonly<Record<string, string>>) => Cancel;
}

/** Everything that can be made to go wrong, one row each. */
export const faults = {
  crash: {
    summary: 'a vendor daemon dies as by kill -9; the manager restarts it',
    words: { vendor: 'which daemon', after: 'when, from now: 500ms, 5s, 2m, 1h30m [at once]' },
    arm(server, { vendor, after }) {
      const at = server.clock.now() + parseDuration(after ?? '0s');
      const name = vendor ?? server.vendors[0]!.name;
      return server.clock.schedule(at, () => void server.killVendor(name));
    },
  },
} as const satisfies Record<string, Fault>;

export type FaultName = keyof typeof faults;

/**
 * Reads `NAME word=value ...`, one text a fault.
 * @throws KnownError USAGE for a fault or word nobody knows, naming those that are.
 */
export function parseFaults(texts: readonly string[]): readonly FaultOrder[] {
  return texts.map((text) => {
    const [name = '', ...pairs] = text.trim().split(/\s+/);
    if (!Object.hasOwn(faults, name)) {
      const known = Object.keys(faults).join(', ');
      const meant = didYouMean(name, Object.keys(faults));
      throw new KnownError('USAGE', `--fault: expected one of ${known}, got "${name}"${meant}`);
    }
    const row: Fault = faults[name as FaultName];
    const words = Object.fromEntries(pairs.map((pair) => wordOf(row, name, pair)));
    if (words['after'] !== undefined) parseDuration(words['after'], `--fault ${name} after`);
    return { name: name as FaultName, words };
  });
}

function wordOf(row: Fault, name: string, pair: string): [string, string] {
  const at = pair.indexOf('=');
  const key = pair.slice(0, Math.max(at, 0));
  if (Object.hasOwn(row.words, key)) return [key, pair.slice(at + 1)];
  const known = Object.keys(row.words).map((word) => `${word}=`);
  const meant = didYouMean(key, Object.keys(row.words));
  const text = `--fault ${name}: expected ${known.join(' or ')}, got "${pair}"${meant}`;
  throw new KnownError('USAGE', text);
}

/** @throws KnownError USAGE for a vendor that the server does not have */
export function checkFaults(server: LicenseServer, orders: readonly FaultOrder[]): void {
  const known = server.vendors.map(({ name }) => name);
  for (const { name, words } of orders) {
    const { vendor } = words;
    if (vendor === undefined) continue;
    if (known.some((each) => each.toLowerCase() === vendor.toLowerCase())) continue;
    const meant = didYouMean(vendor, known);
    const text = `--fault ${name}: expected vendor= one of ${known.join(', ')}, got "${vendor}"${meant}`;
    throw new KnownError('USAGE', text);
  }
}

/** Puts faults in force on a running server. @throws KnownError USAGE as `checkFaults` does */
export function armFaults(server: LicenseServer, orders: readonly FaultOrder[]): void {
  checkFaults(server, orders);
  for (const { name, words } of orders) server.keepFault(faults[name].arm(server, words));
}
