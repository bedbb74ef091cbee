import type { Findings } from '../language/findings.ts';
import type { LogicalLine } from '../language/logical-line.ts';
import { WordMemory } from '../language/word-memory.ts';
import type { AttributeWord } from './attribute-words.ts';
import type { Expiry, LicenseLine } from './model.ts';

/** Reads a statement: the line that `reading` stands at. */
export type ParseLine = (reading: Reading) => LicenseLine;

/**
 * A license file being read: the line at hand, what was found, and what its words were read as so
 * far.
 */
export class Reading {
  readonly line: LogicalLine;
  readonly findings: Findings;
  readonly statements = new WordMemory<ParseLine>();
  readonly vendors = new WordMemory<string>();
  readonly versions = new WordMemory<string>();
  readonly expiries = new WordMemory<Expiry>();
  readonly counts = new WordMemory<number>();
  readonly attributes = new WordMemory<AttributeWord>();

  constructor(line: LogicalLine, findings: Findings) {
    this.line = line;
    this.findings = findings;
  }
}
