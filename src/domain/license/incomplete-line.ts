import type { Findings } from '../language/findings.ts';
import type { UnknownLine } from '../language/line.ts';
import { unknownLine } from '../language/line-parts.ts';
import type { LogicalLine } from '../language/logical-line.ts';

/** A statement without all of its positional fields, which ask for `expected`. */
export function incompleteLine(
  line: LogicalLine,
  findings: Findings,
  expected: string,
  flexnetCode: number,
): UnknownLine {
  const count = line.wordCount - 1;
  findings.add(line, line.wordCount, {
    rule: 'missing-field',
    severity: 'error',
    message: `${line.word(0)}: expected ${expected}, got ${count} word${count === 1 ? '' : 's'}`,
    flexnetCode,
  });
  return unknownLine(line);
}
