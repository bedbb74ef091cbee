import { limits } from '../../base/limits.ts';
import {
  BACKSLASH,
  BLANK,
  BRACE,
  BRACE_CLOSE,
  BRACE_OPEN,
  BYTE_ORDER_MARK,
  bytesOf,
  classes,
  EQUALS,
  isWideBlank,
  LINE_END,
  LINE_FEED,
  NUMBER_SIGN,
  ORDINARY,
  QUOTATION_MARK,
  QUOTE,
  quotedStops,
  REVERSE_SOLIDUS,
  WIDE,
} from './characters.ts';
import { BRACED, LogicalLine, MIXED, PLAIN, WHOLE } from './logical-line.ts';

export type Language = 'license' | 'options';

/**
 * Cuts a license or options file into logical lines and their words, one line at a time.
 *
 * A logical line is a physical line and those joined to it by a backslash at the end; blanks or a
 * comment may follow the backslash. `#` starts a comment where a word could start, unless a digit
 * follows behind the line's first word: that is a decimal host id. A comment ends with its physical
 * line. Quotes end at the latest with their logical line.
 * Source: End User Guide v10, App. B; public samples for the looser forms.
 *
 * Time is linear in the text; memory is that of one line.
 */
export class Lexer {
  readonly text: string;
  /** The line `next` found. */
  readonly current: LogicalLine;
  /** One a character, and a line feed behind the last, so that no loop need look for the end. */
  readonly #bytes: Uint8Array;
  /** Only license files have values in braces. */
  readonly #braces: boolean;
  #lineTotal = 0;

  constructor(text: string, language: Language) {
    this.text = text;
    this.#braces = language === 'license';
    this.#bytes = bytesOf(text);
    this.current = new LogicalLine(text, this.#bytes);
  }

  /** Moves to the next logical line; false at the end of the text. */
  next(): boolean {
    const { current, text } = this;
    current.advance();
    if (current.start >= text.length) return false;
    this.#lineTotal++;
    if (this.#lineTotal > limits.linesPerFileMax) this.#takeRest('tooManyLines');
    else if (current.wordsBefore > limits.wordsPerFileMax) this.#takeRest('tooManyWords');
    else this.#scan();
    return true;
  }

  #scan(): void {
    const { current } = this;
    const { start } = current;
    const marked = start === 0 && this.text.charCodeAt(0) === BYTE_ORDER_MARK;
    let at = this.#gap(marked ? 1 : start);
    while (at >= 0) {
      current.kind = 'statement';
      at = this.#word(at);
      at = at - start > limits.lineCharactersMax ? this.#skip(at) : this.#gap(at);
    }
    if (current.kind === 'statement' && current.end - start > limits.lineCharactersMax) {
      current.kind = 'tooLong';
    }
  }

  /** From behind a word to the start of the next; -1 when the logical line has ended. */
  #gap(from: number): number {
    const bytes = this.#bytes;
    let i = from;
    for (;;) {
      while (classes[bytes[i]!] === BLANK) i++;
      const byte = bytes[i]!;
      const kind = classes[byte]!;
      if (kind === LINE_END) return this.#finish(i + 1);
      if (byte === NUMBER_SIGN && this.#isComment(i)) {
        if (this.current.wordCount === 0) this.current.kind = 'comment';
        return this.#finish(this.#behindLineEnd(i));
      }
      const next = kind === BACKSLASH ? this.#behindContinuation(i, true) : -1;
      if (next < 0) return i;
      i = this.#join(next);
      if (i >= this.text.length) return this.#finish(i);
    }
  }

  /** Takes the word at `from`; the offset behind it. */
  #word(from: number): number {
    const { current } = this;
    const bytes = this.#bytes;
    let equals = -1;
    let shape = PLAIN;
    let wholeEnd = -1;
    let i = from;
    for (;;) {
      while (classes[bytes[i]!] === ORDINARY) i++;
      const kind = classes[bytes[i]!]!;
      if (kind === BLANK || kind === LINE_END) break;
      if (kind === EQUALS) {
        if (equals < 0) equals = i;
        i++;
      } else if (kind === QUOTE) {
        const whole = shape === PLAIN && i === (equals < 0 ? from : equals + 1);
        shape = whole ? WHOLE : MIXED;
        i = this.#quoted(i);
        if (whole) wholeEnd = i;
      } else if (kind === BRACE && this.#braces && equals >= 0 && i === equals + 1) {
        shape = BRACED;
        i = this.#braced(i);
        break;
      } else if (kind === BACKSLASH && this.#behindContinuation(i, true) >= 0) {
        break;
      } else {
        if (kind === WIDE) this.#noteWide(i);
        i++;
      }
    }
    // An open quote, or more behind the closing one: not simply a text in quotes.
    if (shape === WHOLE && (wholeEnd !== i || current.unterminatedAt >= from)) shape = MIXED;
    current.addWord(from, i, equals, shape);
    return i;
  }

  /** From an opening quote to behind the closing one, or to the line's end. */
  #quoted(open: number): number {
    const bytes = this.#bytes;
    let i = open + 1;
    for (;;) {
      while (quotedStops[bytes[i]!] === 0) i++;
      const byte = bytes[i];
      if (byte === QUOTATION_MARK) return i + 1;
      if (byte === LINE_FEED) break;
      i = this.#fold(i);
      if (i >= this.text.length) break;
    }
    this.current.unterminatedAt = open;
    return i;
  }

  /** From an opening brace to behind the one that closes it, or to the line's end. */
  #braced(open: number): number {
    const bytes = this.#bytes;
    let depth = 0;
    let i = open;
    while (i < this.text.length) {
      const byte = bytes[i];
      if (byte === LINE_FEED) break;
      if (byte === BRACE_OPEN) depth++;
      if (byte === BRACE_CLOSE && --depth === 0) return i + 1;
      if (byte === QUOTATION_MARK) i = this.#quoted(i);
      else i = byte === REVERSE_SOLIDUS ? this.#fold(i) : i + 1;
    }
    this.current.unterminatedAt = open;
    return i;
  }

  /** Behind a backslash inside quotes; notes the continuation if it is one. */
  #fold(backslash: number): number {
    const next = this.#behindContinuation(backslash, false);
    if (next < 0) return backslash + 1;
    // The words of a line that is too long are not read.
    if (next - this.current.start <= limits.lineCharactersMax)
      this.current.addFold(backslash, next);
    return this.#join(next);
  }

  /**
   * The offset behind a continuation that starts with this backslash, or -1 if it is a plain
   * backslash.
   */
  #behindContinuation(backslash: number, commentAllowed: boolean): number {
    const bytes = this.#bytes;
    let i = backslash + 1;
    while (classes[bytes[i]!] === BLANK) i++;
    if (i >= this.text.length) return this.text.length;
    const byte = bytes[i];
    if (byte === LINE_FEED) return i + 1;
    const comment = commentAllowed && byte === NUMBER_SIGN && i > backslash + 1;
    return comment ? this.#behindLineEnd(i) : -1;
  }

  /** Counts the physical line that starts at `next`, unless the text ends there. */
  #join(next: number): number {
    if (next < this.text.length) this.current.lineCount++;
    return next;
  }

  #isComment(sign: number): boolean {
    if (this.current.wordCount === 0) return true;
    const byte = this.#bytes[sign + 1]!;
    return !(byte >= 0x30 && byte <= 0x39);
  }

  #noteWide(offset: number): void {
    if (this.current.wideBlankAt >= 0 || !isWideBlank(this.text.charCodeAt(offset))) return;
    this.current.wideBlankAt = offset;
  }

  #behindLineEnd(from: number): number {
    const lineFeed = this.text.indexOf('\n', from);
    return lineFeed < 0 ? this.text.length : lineFeed + 1;
  }

  #finish(end: number): -1 {
    this.current.end = Math.min(end, this.text.length);
    return -1;
  }

  /** Finds the end of a logical line that is too long to be read. */
  #skip(from: number): -1 {
    const bytes = this.#bytes;
    let i = from;
    for (;;) {
      const next = this.#behindLineEnd(i);
      let last = next - 2;
      while (last >= i && classes[bytes[last]!] === BLANK) last--;
      const joined = last >= i && bytes[last] === REVERSE_SOLIDUS;
      if (!joined || next >= this.text.length) return this.#finish(next);
      i = this.#join(next);
    }
  }

  #takeRest(kind: 'tooManyLines' | 'tooManyWords'): void {
    const { current, text } = this;
    current.kind = kind;
    let next = this.#behindLineEnd(current.start);
    while (next < text.length) next = this.#behindLineEnd(this.#join(next));
    this.#finish(text.length);
  }
}
