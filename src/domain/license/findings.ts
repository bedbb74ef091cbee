import { limits } from '../../base/limits.ts';
import type { Finding, Position, Severity } from '../source.ts';
import type { LogicalLine, Place } from './logical-line.ts';

/** What a parser says of a place; the file's name is added here. */
export interface Remark {
  readonly rule: string;
  readonly severity: Severity;
  readonly message: string;
  readonly flexnetCode?: number;
  /** Where the rule's own fix can be said in the words at hand. */
  readonly fix?: string;
}

/**
 * Collects a parser's findings, at most `limits.findingsPerFileMax`: the last then says that there
 * are more. Errors are counted even when they are no longer kept, so that a line's `usable` stays
 * right.
 */
export class Findings {
  readonly #file: string;
  readonly #kept: Finding[] = [];
  #errorCount = 0;
  #errorCountBefore = 0;
  #dropped = 0;
  #firstDropped: Position | undefined;
  #errorDropped = false;

  constructor(file: string) {
    this.#file = file;
  }

  /** Called at the start of each line, for `lineIsSound`. */
  startLine(): void {
    this.#errorCountBefore = this.#errorCount;
  }

  /** True as long as nothing on the line makes a real daemon refuse it. */
  get lineIsSound(): boolean {
    return this.#errorCount === this.#errorCountBefore;
  }

  /** Says something of a word; of the place behind the last word if the line has no such word. */
  add(line: LogicalLine, index: number, remark: Remark): void {
    if (this.#count(remark)) this.#keep(line.place(index), remark);
    else this.#firstDropped ??= line.place(index);
  }

  /** Says something of a place in a line: an offset into the text. */
  addAt(line: LogicalLine, offset: number, remark: Remark): void {
    if (this.#count(remark)) this.#keep(line.positionOf(offset), remark);
    else this.#firstDropped ??= line.positionOf(offset);
  }

  /**
   * True if there is room left; one place is kept free for the finding that says how many are left
   * out.
   */
  #count({ severity }: Remark): boolean {
    if (severity === 'error') this.#errorCount++;
    if (this.#kept.length < limits.findingsPerFileMax - 1) return true;
    this.#errorDropped ||= severity === 'error';
    this.#dropped++;
    return false;
  }

  #keep({ line, column, endColumn }: Place, remark: Remark): void {
    const { rule, severity, message, flexnetCode, fix } = remark;
    this.#kept.push({
      rule,
      severity,
      file: this.#file,
      line,
      column,
      ...(endColumn === undefined ? {} : { endColumn }),
      message,
      ...(fix === undefined ? {} : { fix }),
      ...(flexnetCode === undefined ? {} : { flexnetCode }),
    });
  }

  /** What was kept, in order of position. */
  inOrder(): readonly Finding[] {
    const place = this.#firstDropped;
    const found = [...this.#kept];
    if (place) {
      found.push({
        rule: 'too-many-findings',
        severity: this.#errorDropped ? 'error' : 'warning',
        file: this.#file,
        line: place.line,
        column: place.column,
        message:
          `expected at most ${limits.findingsPerFileMax} findings, ` +
          `got ${this.#dropped} more from here on`,
      });
    }
    return found.sort((a, b) => a.line - b.line || a.column - b.column);
  }
}
