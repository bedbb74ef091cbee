import { Findings } from '../language/findings.ts';
import { Lexer } from '../language/lexer.ts';
import { extentOf, unknownLine } from '../language/line-parts.ts';
import type { LogicalLine } from '../language/logical-line.ts';
import { parseLines } from '../language/parse-lines.ts';
import type { SourceText } from '../source.ts';
import { WordsLeft } from './fields.ts';
import { type Keyword, keywordNamed } from './keywords.ts';
import type { OptionsFile, OptionsLine, Rule } from './model.ts';

/**
 * Reads an options file. Never throws: a line that cannot be understood is of kind `unknown`, with
 * a finding, and not in force; a daemon reports such a line and goes on. Every character of the
 * text belongs to one line. Linear in the size of the text.
 * Source: License Administration Guide, "Managing the Options File"; any case is accepted, as
 * public samples use it.
 */
export function parseOptionsFile(source: SourceText): OptionsFile {
  const findings = new Findings(source.name, 'options');
  const lexer = new Lexer(source.text, 'options');
  return parseLines(source, lexer, findings, () => parseRule(lexer.current, findings));
}

function parseRule(line: LogicalLine, findings: Findings): OptionsLine {
  const first = line.word(0);
  const keyword = keywordNamed(first);
  if (!keyword) {
    findings.add(line, 0, {
      rule: 'options-unknown-keyword',
      severity: 'error',
      message: `expected a keyword of the options file, got "${first}"`,
    });
    return unknownLine(line);
  }
  const rule = readRule(line, keyword, findings);
  if (!rule || !findings.lineIsSound) return unknownLine(line);
  return { kind: 'rule', ...extentOf(line), at: line.at, rule };
}

/** The rule that the words behind the keyword make, or undefined and a finding. */
function readRule(line: LogicalLine, row: Keyword, findings: Findings): Rule | undefined {
  const left = new WordsLeft(line, 1);
  const fields: Record<string, unknown> = { keyword: row.keyword };
  for (const [name, field] of row.fields) {
    const value = field.parse(left);
    if (value !== undefined) fields[name] = value;
    else if (!field.optional) {
      findings.add(line, left.index, syntax(row, field.show, wordAt(line, left.index)));
      return undefined;
    }
  }
  if (left.note) {
    findings.add(line, 1, {
      rule: 'options-syntax',
      severity: 'warning',
      message: left.note,
    });
  }
  if (left.count > 0) {
    findings.add(line, left.index, {
      ...syntax(row, 'the end of the line', wordAt(line, left.index)),
      severity: 'warning',
    });
  }
  return fields as unknown as Rule;
}

function syntax(row: Keyword, expected: string, got: string) {
  return {
    rule: 'options-syntax',
    severity: 'error',
    message: `${row.keyword}: expected ${expected}, got ${got}`,
    fix: `write ${row.grammar}`,
  } as const;
}

function wordAt(line: LogicalLine, index: number): string {
  return index < line.wordCount ? `"${line.word(index)}"` : 'the end of the line';
}
