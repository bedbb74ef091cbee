import { Findings } from '../language/findings.ts';
import { Lexer } from '../language/lexer.ts';
import { parseLines } from '../language/parse-lines.ts';
import type { SourceText } from '../source.ts';
import { parseStatement } from './lines.ts';
import type { LicenseFile } from './model.ts';
import { Reading } from './reading.ts';

/**
 * Reads a license file. Never throws: what cannot be understood becomes a line of kind `unknown`
 * and a finding, and every character of the text belongs to one line. Linear in the size of the
 * text.
 */
export function parseLicenseFile(source: SourceText): LicenseFile {
  const findings = new Findings(source.name, 'license');
  const lexer = new Lexer(source.text, 'license');
  const reading = new Reading(lexer.current, findings);
  return parseLines(source, lexer, findings, () => parseStatement(reading));
}
