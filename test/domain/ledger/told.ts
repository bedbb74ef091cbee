import type { Command } from '../../../src/domain/ledger/commands.ts';
import { refusalOf } from '../../../src/domain/ledger/denials.ts';
import type { Ledger } from '../../../src/domain/ledger/ledger.ts';
import { noSuchFeature } from '../../../src/domain/ledger/refusals.ts';
import { decisive, tryPools } from '../../../src/domain/ledger/tries.ts';

/** The answer that the told walk of a checkout comes to; undefined for other commands. */
export function toldAnswer(ledger: Ledger, command: Command, now: number): unknown {
  if (command.kind !== 'checkout') return undefined;
  const told = decisive(tryPools(ledger, command, now));
  if (told === undefined) return { kind: 'denied', major: noSuchFeature.major };
  const { pool, trial, row } = told;
  if (row >= 0) return { kind: 'denied', major: refusalOf(row).major };
  return { kind: 'granted', pool: pool.definition.id, added: trial.added };
}
