import type { FaultRow } from './row.ts';
import { checkoutFaults } from './rows/checkout-faults.ts';
import { connectionFaults } from './rows/connection-faults.ts';
import { daemonFaults } from './rows/daemon-faults.ts';
import { redirectFaults } from './rows/redirect-faults.ts';
import { replyFaults } from './rows/reply-faults.ts';
import { triadFaults } from './rows/triad-faults.ts';

/**
 * Everything that can be made to go wrong, one row each: the command line, the control plane, the library, scenarios
 * and docs/faults.md have them from here. To add one: a row, and its paragraph there.
 */
export const faultTable = {
  ...connectionFaults,
  ...replyFaults,
  ...redirectFaults,
  ...daemonFaults,
  ...triadFaults,
  ...checkoutFaults,
} as const satisfies Record<string, FaultRow>;

export type FaultName = keyof typeof faultTable;

export const faultNames = Object.keys(faultTable) as readonly FaultName[];

/** The row of a name, whatever its words. */
export function faultRow(name: FaultName): FaultRow {
  return faultTable[name];
}
