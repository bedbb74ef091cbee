import type { EpochMs } from '../src/base/clock.ts';
import type { CheckoutCommand } from '../src/domain/ledger/commands.ts';
import { createLedger, type Ledger, type LedgerOptions } from '../src/domain/ledger/ledger.ts';
import type { Client } from '../src/domain/ledger/model.ts';
import type { Expiry, FeatureLine } from '../src/domain/license/model.ts';
import type { PoolDefinition } from '../src/domain/license/pool-definition.ts';

/** One constructor per thing, every field defaulted: what a test sets is what it is about. */

/** Monday, 7 January 2030, 9:00 UTC: where a ManualClock starts. */
export const monday: EpochMs = Date.UTC(2030, 0, 7, 9);

export const permanent: Expiry = { kind: 'permanent', text: 'permanent' };

/** A last day of validity. */
export function makeExpiry(year: number, month: number, day: number): Expiry {
  return { kind: 'date', text: `${day}/${month}/${year}`, date: { year, month, day } };
}

/** `INCREMENT solver acmed 1.0 permanent 1` */
export function makeFeatureLine(overrides: Partial<FeatureLine> = {}): FeatureLine {
  return {
    kind: 'feature',
    keyword: 'INCREMENT',
    name: 'solver',
    vendor: 'acmed',
    version: '1.0',
    expiry: permanent,
    count: 1,
    attributes: {},
    usable: true,
    at: { line: 1, column: 1 },
    start: 0,
    end: 0,
    line: 1,
    lineCount: 1,
    ...overrides,
  };
}

/** A pool of `count` floating seats of solver 1.0; its id is made of what tells pools apart. */
export function makePoolDefinition(
  overrides: Partial<PoolDefinition> & { readonly count?: number } = {},
): PoolDefinition {
  const { count = 1, ...fields } = overrides;
  const { feature = 'solver', vendor = 'acmed', version = '1.0', counted = true } = fields;
  const { dupGroup = { kind: 'none' }, hostids, platforms, vendorString } = fields;
  return {
    id: JSON.stringify([feature, version, counted, dupGroup, hostids, platforms, vendorString]),
    feature,
    vendor,
    version,
    counted,
    dupGroup,
    lines: [makeFeatureLine({ name: feature, vendor, version, count: counted ? count : 0 })],
    ...fields,
  };
}

/** ann@ws1, on 64-bit Linux. */
export function makeClient(overrides: Partial<Client> = {}): Client {
  return {
    user: 'ann',
    host: 'ws1',
    display: '/dev/pts/0',
    platform: 'x64_lsb',
    pid: 4711,
    project: '',
    address: '127.0.0.1',
    hostids: ['020000000001'],
    ...overrides,
  };
}

/** ann@ws1 on session 1 asks for one license of solver, any version. */
export function makeCheckout(overrides: Partial<CheckoutCommand> = {}): CheckoutCommand {
  return {
    kind: 'checkout',
    session: 1,
    client: makeClient(),
    feature: 'solver',
    version: '0.0',
    count: 1,
    data: '',
    ...overrides,
  };
}

/** acmed's ledger in UTC on that Monday, with one pool of one seat. */
export function makeLedger(
  definitions: readonly PoolDefinition[] = [makePoolDefinition()],
  options: Partial<LedgerOptions> = {},
  now: EpochMs = monday,
): Ledger {
  return createLedger(definitions, { vendor: 'acmed', timeZone: 'UTC', ...options }, now);
}

/** The license of a triad with five seats; `first` stands at the end of its first SERVER line. */
export function triadText(first = 'HEARTBEAT_INTERVAL=1'): string {
  return [
    `SERVER one ANY 27701 ${first}`,
    'SERVER two ANY 27702',
    'SERVER three ANY 27703',
    'VENDOR acmed',
    'INCREMENT a acmed 1.0 permanent 5 SIGN=00',
    '',
  ].join('\n');
}
