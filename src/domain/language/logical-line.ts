import type { Position } from '../source.ts';
import { BLANK, BYTE_ORDER_MARK, classes, QUOTATION_MARK, SPACE } from './characters.ts';

/**
 * Where in a line something is: a position and, where it ends on that line, the column after it.
 */
export interface Place extends Position {
  readonly endColumn?: number;
}

/**
 * What is not read any further: a line over limits.lineCharactersMax, and all that follows
 * limits.linesPerFileMax lines or limits.wordsPerFileMax words.
 */
export type UnreadClass = 'tooLong' | 'tooManyLines' | 'tooManyWords';

export type LineClass = 'blank' | 'comment' | 'statement' | UnreadClass;

/** How a word is written: no quotes at all. */
export const PLAIN = 0;
/** Quotes around the whole word, or around the whole value behind its `=`. */
export const WHOLE = 1;
/** Quotes somewhere in it. */
export const MIXED = 2;
/** `NAME={...}`, taken as it stands. */
export const BRACED = 3;

/** What is known of a word, behind its start. */
const END = 1;
/** Offset of its first `=` outside quotes, or -1. */
const EQUALS = 2;
const SHAPE = 3;
/** The first of its entries in the list of folds. */
const FOLD = 4;
const STRIDE = 5;
const WORDS_AT_FIRST = 64;

/**
 * The line the lexer is at: offsets into the text, made into words only when asked for, and filled
 * again for the next line, so that a file costs no object per word.
 */
export class LogicalLine {
  readonly text: string;
  /** `bytesOf(text)`. */
  readonly bytes: Uint8Array;
  start = 0;
  /** Behind the line's end. */
  end = 0;
  /** The first physical line, from 1, and how many were joined. */
  line = 1;
  lineCount = 0;
  kind: LineClass = 'blank';
  wordCount = 0;
  /** Words of all lines before, those inside quotes that became lists included. */
  wordsBefore = 0;
  /** Offset of a quote or brace that the line does not close, or -1. */
  unterminatedAt = -1;
  /** Offset of the first blank outside quotes that is not ASCII, or -1. */
  wideBlankAt = -1;
  /** Five numbers a word: see START and so on. */
  #words: Int32Array = new Int32Array(WORDS_AT_FIRST * STRIDE);
  /**
   * Continuations inside quotes: offset of the backslash, offset of the next physical line, and so
   * on.
   */
  readonly #folds: number[] = [];
  #foldCount = 0;
  #foldNext = 0;
  #foldTaken = 0;
  /** The physical line that was last asked for: its start, and its number. */
  #askedStart = 0;
  #askedLine = 1;

  constructor(text: string, bytes: Uint8Array) {
    this.text = text;
    this.bytes = bytes;
  }

  /** Empties the line and moves its start to where it ended. */
  advance(): void {
    this.start = this.end;
    this.line += this.lineCount;
    this.lineCount = 1;
    this.kind = 'blank';
    this.wordsBefore += this.wordCount;
    this.wordCount = 0;
    this.unterminatedAt = -1;
    this.wideBlankAt = -1;
    this.#foldCount = 0;
    this.#foldTaken = 0;
  }

  /** A continuation inside the quotes of the word that will be added next. */
  addFold(backslash: number, next: number): void {
    this.#folds[this.#foldCount++] = backslash;
    this.#folds[this.#foldCount++] = next;
  }

  addWord(start: number, end: number, equals: number, shape: number): void {
    const at = this.wordCount * STRIDE;
    if (at === this.#words.length) this.#words = doubled(this.#words);
    const words = this.#words;
    words[at] = start;
    words[at + END] = end;
    words[at + EQUALS] = equals;
    words[at + SHAPE] = shape;
    words[at + FOLD] = this.#foldTaken;
    this.#foldTaken = this.#foldCount;
    this.wordCount++;
  }

  /** Counts the members of a list that one of its words became. */
  countMembers(count: number): void {
    this.wordsBefore += count;
  }

  wordStart(index: number): number {
    return this.#words[index * STRIDE]!;
  }

  wordEnd(index: number): number {
    return this.#words[index * STRIDE + END]!;
  }

  /** The word, without its quotes. */
  word(index: number): string {
    return this.#read(index, this.#words[index * STRIDE]!);
  }

  /** The part of a word before its `=`; the whole word if it has none. */
  name(index: number): string {
    const equals = this.#words[index * STRIDE + EQUALS]!;
    if (equals < 0) return this.word(index);
    const start = this.#words[index * STRIDE]!;
    const shape = this.#words[index * STRIDE + SHAPE]!;
    if (shape === PLAIN || shape === WHOLE) return this.text.slice(start, equals);
    this.#foldNext = this.#words[index * STRIDE + FOLD]!;
    return this.#unquoted(start, equals);
  }

  /**
   * The part of a word behind its first `=` outside quotes, without quotes; undefined if it has
   * none.
   */
  value(index: number): string | undefined {
    const equals = this.#words[index * STRIDE + EQUALS]!;
    return equals < 0 ? undefined : this.#read(index, equals + 1);
  }

  /** Line and column of an offset in this line. */
  positionOf(wanted: number): Position {
    // Behind a continuation that ends the text there is no line.
    const ended = wanted > this.start && wanted === this.text.length && this.text.endsWith('\n');
    const offset = ended ? wanted - 1 : wanted;
    // Findings ask from left to right: beginning at the line's start each time takes quadratic
    // time.
    const goOn = this.#askedStart >= this.start && this.#askedStart <= offset;
    let lineStart = goOn ? this.#askedStart : this.start;
    let line = goOn ? this.#askedLine : this.line;
    let lf = this.text.indexOf('\n', lineStart);
    for (; lf !== -1 && lf < offset; lf = this.text.indexOf('\n', lineStart)) {
      lineStart = lf + 1;
      line++;
    }
    this.#askedStart = lineStart;
    this.#askedLine = line;
    // Editors do not count a byte-order mark.
    const marked = lineStart === 0 && offset > 0 && this.text.charCodeAt(0) === BYTE_ORDER_MARK;
    return { line, column: offset - lineStart + (marked ? 0 : 1) };
  }

  /** Where the line's first word is; the line's start if it has none. */
  get at(): Position {
    const offset = this.wordCount > 0 ? this.#words[0]! : this.start;
    // Nearly always so, and asked for each line.
    if (offset === this.start) return { line: this.line, column: 1 };
    return this.positionOf(offset);
  }

  /** Where a word is; behind the last word for an index past it. */
  place(index: number): Place {
    if (index >= this.wordCount) {
      return this.wordCount === 0 ? this.at : this.positionOf(this.wordEnd(this.wordCount - 1));
    }
    const start = this.#words[index * STRIDE]!;
    const end = this.#words[index * STRIDE + END]!;
    const from = this.positionOf(start);
    const folded =
      this.#words[index * STRIDE + SHAPE] !== PLAIN && this.text.slice(start, end).includes('\n');
    return folded ? from : { ...from, endColumn: from.column + end - start };
  }

  #read(index: number, from: number): string {
    const shape = this.#words[index * STRIDE + SHAPE]!;
    const end = this.#words[index * STRIDE + END]!;
    if (shape === PLAIN) return this.text.slice(from, end);
    this.#foldNext = this.#words[index * STRIDE + FOLD]!;
    if (shape === BRACED) return this.#unfolded(from, end);
    // The quotes are around the word, or around its value when the value is asked for.
    if (shape === WHOLE && this.bytes[from] === QUOTATION_MARK) {
      return this.#unfolded(from + 1, end - 1);
    }
    return this.#unquoted(from, end);
  }

  #unquoted(from: number, to: number): string {
    let joined = '';
    let at = from;
    for (let i = from; i < to; i++) {
      if (this.bytes[i] !== QUOTATION_MARK) continue;
      joined += this.#unfolded(at, i);
      at = i + 1;
    }
    return joined + this.#unfolded(at, to);
  }

  /**
   * The text with each continuation, and the blanks around it, as one blank; as none if it has no
   * blanks.
   */
  #unfolded(from: number, to: number): string {
    const { text } = this;
    let joined = '';
    let at = from;
    let blank = false;
    // Those of a name in quotes are not the value's.
    while (this.#foldNext < this.#foldCount && this.#folds[this.#foldNext]! < from) {
      this.#foldNext += 2;
    }
    while (this.#foldNext < this.#foldCount && this.#folds[this.#foldNext]! < to) {
      const backslash = this.#folds[this.#foldNext]!;
      const next = this.#folds[this.#foldNext + 1]!;
      this.#foldNext += 2;
      let left = backslash;
      while (left > at && classes[this.bytes[left - 1]!] === BLANK) left--;
      let right = next;
      while (right < to && classes[this.bytes[right]!] === BLANK) right++;
      if (left > at) blank = false;
      // The blank is nearly always there to be taken along, which saves a string.
      const along = !blank && left < backslash && this.bytes[left] === SPACE;
      if (along || left > at) joined += text.slice(at, along ? left + 1 : left);
      if (!along && !blank && (left < backslash || right > next)) joined += ' ';
      blank ||= left < backslash || right > next;
      at = right;
    }
    return joined + text.slice(at, to);
  }
}

function doubled(words: Int32Array): Int32Array {
  const more = new Int32Array(words.length * 2);
  more.set(words);
  return more;
}
