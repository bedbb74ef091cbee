import { limits } from '../../base/limits.ts';
import type { Finding, Position, Severity } from '../source.ts';
import { clipped } from './clipped.ts';
import type { Language } from './lexer.ts';
import type { LogicalLine, Place } from './logical-line.ts';

/** What a parser says of a place; the file's name is added here. */
export interface Remark {
  readonly rule: string;
  readonly severity: Severity;
  readonly message: string;
  /** Dropped for an options file: FlexNet's error numbers are about licenses. */
  readonly flexnetCode?: number;
  /** Where the rule's own fix can be said in the words at hand. */
  readonly fix?: string;
}

/** What is left out behind the last finding that is kept: how much, from where on, and how bad. */
interface Rest {
  count: number;
  place?: Position;
  severity: Severity;
}

/**
 * Collects a parser's findings, at most `limits.findingsPerLineMax` a line and
 * `limits.findingsPerFileMax` a file: behind the last of either, one says that there are more.
 * Errors are counted even when they are no longer kept, so that a line's `usable` stays right.
 */
export class Findings {
  readonly #file: string;
  readonly #language: Language;
  readonly #kept: Finding[] = [];
  #errorCount = 0;
  #errorCountBefore = 0;
  #keptBefore = 0;
  #ofLine = noRest();
  #ofFile = noRest();

  constructor(file: string, language: Language) {
    this.#file = file;
    this.#language = language;
  }

  /** Called at the start of each line, for `lineIsSound` and the bound of the line. */
  startLine(): void {
    this.#endLine();
    this.#errorCountBefore = this.#errorCount;
    this.#keptBefore = this.#kept.length;
  }

  /** True as long as nothing on the line makes a real daemon refuse it. */
  get lineIsSound(): boolean {
    return this.#errorCount === this.#errorCountBefore;
  }

  /** Says something of a word; of the place behind the last word if the line has no such word. */
  add(line: LogicalLine, index: number, remark: Remark): void {
    const rest = this.#restFor(remark);
    if (!rest) this.#keep(line.place(index), remark);
    else rest.place ??= line.place(index);
  }

  /** Says something of a place in a line: an offset into the text. */
  addAt(line: LogicalLine, offset: number, remark: Remark): void {
    const rest = this.#restFor(remark);
    if (!rest) this.#keep(line.positionOf(offset), remark);
    else rest.place ??= line.positionOf(offset);
  }

  /** What was kept, in order of position. */
  inOrder(): readonly Finding[] {
    this.#endLine();
    if (this.#ofFile.count > 0) this.#keepRest(this.#ofFile, limits.findingsPerFileMax, '');
    return this.#kept.sort((a, b) => a.line - b.line || a.column - b.column);
  }

  /** Where a remark is only counted; undefined if there is room for it. */
  #restFor({ severity }: Remark): Rest | undefined {
    if (severity === 'error') this.#errorCount++;
    const rest = this.#fullRest();
    if (!rest) return undefined;
    rest.count++;
    if (severity === 'error') rest.severity = 'error';
    return rest;
  }

  #fullRest(): Rest | undefined {
    const ofLine = this.#kept.length - this.#keptBefore;
    if (ofLine >= limits.findingsPerLineMax) return this.#ofLine;
    return this.#isFull ? this.#ofFile : undefined;
  }

  /** One place in the file is kept free for the finding that says how many are left out. */
  get #isFull(): boolean {
    return this.#kept.length >= limits.findingsPerFileMax - 1;
  }

  #endLine(): void {
    const rest = this.#ofLine;
    if (rest.count === 0) return;
    this.#ofLine = noRest();
    if (this.#isFull) this.#ofFile = added(this.#ofFile, rest);
    else this.#keepRest(rest, limits.findingsPerLineMax, ' on one line');
  }

  #keepRest({ count, place, severity }: Rest, most: number, where: string): void {
    this.#keep(place!, {
      rule: 'too-many-findings',
      severity,
      message: `expected at most ${most} findings${where}, got ${count} more from here on`,
    });
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
      message: clipped(message),
      ...(fix === undefined ? {} : { fix: clipped(fix) }),
      ...(flexnetCode === undefined || this.#language === 'options' ? {} : { flexnetCode }),
    });
  }
}

function noRest(): Rest {
  return { count: 0, severity: 'warning' };
}

/** Both together; `a` is the earlier. */
function added(a: Rest, b: Rest): Rest {
  const severity = a.severity === 'error' ? a.severity : b.severity;
  return { count: a.count + b.count, place: a.place ?? b.place!, severity };
}
