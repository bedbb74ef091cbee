import { expect } from 'vitest';
import { audit } from '../../../src/domain/ledger/audit.ts';
import type { Command } from '../../../src/domain/ledger/commands.ts';
import type { LedgerEvent } from '../../../src/domain/ledger/events.ts';
import type { Ledger } from '../../../src/domain/ledger/ledger.ts';
import { perform as carryOut } from '../../../src/domain/ledger/performance.ts';
import { monday } from '../../make.ts';

/** Carries a command out, counts again, and gives everything that happened. */
export function perform(ledger: Ledger, command: Command, now = monday): readonly LedgerEvent[] {
  const events: LedgerEvent[] = [];
  carryOut(ledger, command, now, (event) => events.push(event));
  expect(audit(ledger)).toEqual([]);
  return events;
}
