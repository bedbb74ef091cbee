import { limits } from '../../base/limits.ts';
import type { SourceText } from '../source.ts';
import { Findings } from './findings.ts';
import { Lexer } from './lexer.ts';
import { checkWords, extentOf, unknownLine } from './line-parts.ts';
import { parseStatement } from './lines.ts';
import type { LogicalLine } from './logical-line.ts';
import type { LicenseFile, LicenseLine } from './model.ts';
import { Reading } from './reading.ts';

/**
 * Reads a license file. Never throws: what cannot be understood becomes a line of kind `unknown`
 * and a finding, and every character of the text belongs to one line. Linear in the size of the
 * text.
 */
export function parseLicenseFile(source: SourceText): LicenseFile {
  const findings = new Findings(source.name);
  const lexer = new Lexer(source.text, 'license');
  const lines: LicenseLine[] = [];
  const reading = new Reading(lexer.current, findings);
  while (lexer.next()) lines.push(parseLine(reading));
  return { source, lines, findings: findings.inOrder() };
}

function parseLine(reading: Reading): LicenseLine {
  const { line, findings } = reading;
  findings.startLine();
  switch (line.kind) {
    case 'blank':
      return { kind: 'blank', ...extentOf(line) };
    case 'comment':
      return { kind: 'comment', ...extentOf(line) };
    case 'statement':
      checkWords(line, findings);
      return parseStatement(reading);
    default:
      return parseUnread(line, findings);
  }
}

function parseUnread(line: LogicalLine, findings: Findings): LicenseLine {
  const rest = line.kind === 'rest';
  findings.addAt(line, line.start, {
    rule: rest ? 'too-many-lines' : 'line-too-long',
    severity: 'error',
    message: rest
      ? `expected at most ${limits.linesPerFileMax} lines; from this one on none is read`
      : `expected at most ${limits.lineCharactersMax} characters, got ${line.end - line.start}`,
    flexnetCode: -2,
  });
  return unknownLine(line);
}
