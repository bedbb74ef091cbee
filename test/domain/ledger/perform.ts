import { expect } from 'vitest';
import { audit } from '../../../src/domain/ledger/audit.ts';
import type { Command } from '../../../src/domain/ledger/commands.ts';
import type { LedgerEvent } from '../../../src/domain/ledger/events.ts';
import { decide, type Ledger, record } from '../../../src/domain/ledger/ledger.ts';
import { monday } from '../../make.ts';

/** Decides, records, and counts again. */
export function perform(ledger: Ledger, command: Command, now = monday): readonly LedgerEvent[] {
  const events = decide(ledger, command, now);
  for (const event of events) record(ledger, event);
  expect(audit(ledger)).toEqual([]);
  return events;
}
