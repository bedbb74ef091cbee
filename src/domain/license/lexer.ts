import { limits } from '../../base/limits.ts';
import {
  BACKSLASH,
  BLANK,
  BRACE,
  BRACE_CLOSE,
  BRACE_OPEN,
  BYTE_ORDER_MARK,
  classOf,
  EQUALS,
  isWideBlank,
  LINE_END,
  LINE_FEED,
  NUMBER_SIGN,
  ORDINARY,
  QUOTATION_MARK,
  QUOTE,
  REVERSE_SOLIDUS,
  WIDE,
} from './characters.ts';
import { BRACED, LogicalLine, MIXED, PLAIN, WHOLE } from './logical-line.ts';

/**
 * Cuts a license or options file into logical lines and their words, one line at a time.
 *
 * A logical line is a physical line and those joined to it by a backslash at the end; blanks or a comment
 * may follow the backslash. `#` starts a comment where a word could start, unless a digit follows behind
 * the line's first word: that is a decimal host id. A comment ends with its physical line. Quotes end at
 * the latest with their logical line.
 * Source: End User Guide v10, App. B; public samples for the looser forms.
 *
 * Time is linear in the text; memory is that of one line.
 */
export class Lexer {
  readonly text: string;
  /** The line `next` found. */
  readonly current: LogicalLine;
  readonly #units: Uint8Array | Uint16Array;
  #lineTotal = 0;
  /** Where reading of the current line ends at the latest. */
  #stop = 0;

  constructor(text: string) {
    this.text = text;
    this.current = new LogicalLine(text);
    this.#units = unitsOf(text);
  }

  /** Moves to the next logical line; false at the end of the text. */
  next(): boolean {
    const { current, text } = this;
    current.advance();
    if (current.start >= text.length) return false;
    this.#lineTotal++;
    if (this.#lineTotal > limits.linesPerFileMax) this.#takeRest();
    else this.#scan();
    return true;
  }

  #scan(): void {
    const { current, text } = this;
    this.#stop = Math.min(text.length, current.start + limits.lineCharactersMax);
    const marked = current.start === 0 && this.#units[0] === BYTE_ORDER_MARK;
    let at = this.#gap(marked ? 1 : current.start);
    while (at >= 0) {
      current.kind = 'statement';
      at = this.#gap(this.#word(at));
    }
  }

  /** From behind a word to the start of the next; -1 when the logical line has ended. */
  #gap(from: number): number {
    const { current, text } = this;
    const units = this.#units;
    const stop = this.#stop;
    let i = from;
    while (i < stop) {
      const unit = units[i]!;
      const kind = classOf(unit);
      if (kind === BLANK) {
        i++;
      } else if (kind === LINE_END) {
        return this.#finish(i + 1);
      } else if (unit === NUMBER_SIGN && this.#isComment(i)) {
        if (current.wordCount === 0) current.kind = 'comment';
        return this.#finish(this.#behindLineEnd(i));
      } else {
        const next = kind === BACKSLASH ? this.#behindContinuation(i, true) : -1;
        if (next < 0) return i;
        i = this.#join(next);
      }
    }
    return i >= text.length ? this.#finish(text.length) : this.#skip(i);
  }

  /** Takes the word at `from`; the offset behind it. */
  #word(from: number): number {
    const { current } = this;
    const units = this.#units;
    const stop = this.#stop;
    let equals = -1;
    let shape = PLAIN;
    let wholeEnd = -1;
    let i = from;
    while (i < stop) {
      const unit = units[i]!;
      const kind = classOf(unit);
      if (kind === ORDINARY) {
        i++;
      } else if (kind === BLANK || kind === LINE_END) {
        break;
      } else if (kind === EQUALS) {
        if (equals < 0) equals = i;
        i++;
      } else if (kind === QUOTE) {
        const whole = shape === PLAIN && i === (equals < 0 ? from : equals + 1);
        shape = whole ? WHOLE : MIXED;
        i = this.#quoted(i);
        if (whole) wholeEnd = i;
      } else if (kind === BRACE && equals >= 0 && i === equals + 1) {
        shape = BRACED;
        i = this.#braced(i);
        break;
      } else if (kind === BACKSLASH && this.#behindContinuation(i, true) >= 0) {
        break;
      } else {
        if (kind === WIDE && current.wideBlankAt < 0 && isWideBlank(unit)) current.wideBlankAt = i;
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
    const units = this.#units;
    const stop = this.#stop;
    let i = open + 1;
    while (i < stop) {
      const unit = units[i]!;
      if (unit === QUOTATION_MARK) return i + 1;
      if (unit === LINE_FEED) break;
      i = unit === REVERSE_SOLIDUS ? this.#fold(i) : i + 1;
    }
    this.current.unterminatedAt = open;
    return i;
  }

  /** From an opening brace to behind the one that closes it, or to the line's end. */
  #braced(open: number): number {
    const units = this.#units;
    let depth = 0;
    let i = open;
    while (i < this.#stop) {
      const unit = units[i]!;
      if (unit === LINE_FEED) break;
      if (unit === BRACE_OPEN) depth++;
      if (unit === BRACE_CLOSE && --depth === 0) return i + 1;
      if (unit === QUOTATION_MARK) i = this.#quoted(i);
      else i = unit === REVERSE_SOLIDUS ? this.#fold(i) : i + 1;
    }
    this.current.unterminatedAt = open;
    return i;
  }

  /** Behind a backslash inside quotes; notes the continuation if it is one. */
  #fold(backslash: number): number {
    const next = this.#behindContinuation(backslash, false);
    if (next < 0) return backslash + 1;
    this.current.addFold(backslash, next);
    return this.#join(next);
  }

  /** The offset behind a continuation that starts with this backslash, or -1 if it is a plain backslash. */
  #behindContinuation(backslash: number, commentAllowed: boolean): number {
    const units = this.#units;
    let i = backslash + 1;
    while (i < units.length && classOf(units[i]!) === BLANK) i++;
    if (i >= units.length) return i;
    const unit = units[i]!;
    const ended = unit === LINE_FEED;
    if (!ended && !(commentAllowed && unit === NUMBER_SIGN && i > backslash + 1)) return -1;
    return this.#behindLineEnd(i);
  }

  /** Counts the physical line that starts at `next`, unless the text ends there. */
  #join(next: number): number {
    if (next < this.text.length) this.current.lineCount++;
    return next;
  }

  #isComment(sign: number): boolean {
    if (this.current.wordCount === 0) return true;
    const unit = this.#units[sign + 1]!;
    return !(unit >= 0x30 && unit <= 0x39);
  }

  #behindLineEnd(from: number): number {
    const lineFeed = this.text.indexOf('\n', from);
    return lineFeed < 0 ? this.text.length : lineFeed + 1;
  }

  #finish(end: number): -1 {
    this.current.end = end;
    return -1;
  }

  /** Finds the end of a logical line that is too long to be read. */
  #skip(from: number): -1 {
    const units = this.#units;
    this.current.kind = 'tooLong';
    let i = from;
    for (;;) {
      const next = this.#behindLineEnd(i);
      let last = next - 2;
      while (last >= i && classOf(units[last]!) === BLANK) last--;
      const joined = last >= i && units[last]! === REVERSE_SOLIDUS;
      if (!joined || next >= units.length) return this.#finish(next);
      i = this.#join(next);
    }
  }

  #takeRest(): void {
    const { current, text } = this;
    current.kind = 'rest';
    let next = this.#behindLineEnd(current.start);
    while (next < text.length) next = this.#behindLineEnd(this.#join(next));
    this.#finish(text.length);
  }
}

/**
 * The text's UTF-16 units as an array, which is read several times as fast as the string. A string without
 * units over 0xff, which nearly all are, takes one byte each.
 */
function unitsOf(text: string): Uint8Array | Uint16Array {
  if (!/[^\x00-\xff]/.test(text)) return Buffer.from(text, 'latin1');
  const units = new Uint16Array(text.length);
  for (let i = 0; i < text.length; i++) units[i] = text.charCodeAt(i);
  return units;
}
