import { limits } from '../../base/limits.ts';
import type { SourceText } from '../source.ts';
import type { Findings } from './findings.ts';
import type { Lexer } from './lexer.ts';
import type { BlankLine, CommentLine, LineExtent, LineFile, UnknownLine } from './line.ts';
import { checkWords, extentOf, unknownLine } from './line-parts.ts';
import type { LogicalLine, UnreadClass } from './logical-line.ts';

/** Lines that are no statement, the same in every language. */
type OtherLine = BlankLine | CommentLine | UnknownLine;

/**
 * Reads a file of either language line by line: `parseStatement` is asked for each line with at
 * least one word, and reads it from `lexer.current`. Never throws as long as `parseStatement` does
 * not; what is not read becomes a line of kind `unknown` and a finding.
 */
export function parseLines<L extends LineExtent>(
  source: SourceText,
  lexer: Lexer,
  findings: Findings,
  parseStatement: () => L,
): LineFile<L | OtherLine> {
  const lines: (L | OtherLine)[] = [];
  while (lexer.next()) {
    const line = lexer.current;
    findings.startLine();
    if (line.kind === 'statement') {
      checkWords(line, findings);
      lines.push(parseStatement());
    } else lines.push(parseOther(line, findings));
  }
  return { source, lines, findings: findings.inOrder() };
}

function parseOther(line: LogicalLine, findings: Findings): OtherLine {
  if (line.kind === 'blank') return { kind: 'blank', ...extentOf(line) };
  if (line.kind === 'comment') return { kind: 'comment', ...extentOf(line) };
  const { rule, message } = unread[line.kind as UnreadClass];
  findings.addAt(line, line.start, {
    rule,
    severity: 'error',
    message: message(line),
    flexnetCode: -2,
  });
  return unknownLine(line);
}

const unread: Readonly<
  Record<UnreadClass, { readonly rule: string; readonly message: (line: LogicalLine) => string }>
> = {
  tooLong: {
    rule: 'line-too-long',
    message: ({ start, end }) =>
      `expected at most ${limits.lineCharactersMax} characters, got ${end - start}`,
  },
  tooManyLines: {
    rule: 'too-many-lines',
    message: () =>
      `expected at most ${limits.linesPerFileMax} lines; from this one on none is read`,
  },
  tooManyWords: {
    rule: 'too-many-words',
    message: () =>
      `expected at most ${limits.wordsPerFileMax} words; from this line on none is read`,
  },
};
