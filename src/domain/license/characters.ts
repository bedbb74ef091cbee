export const LINE_FEED = 0x0a;
export const SPACE = 0x20;
export const QUOTATION_MARK = 0x22;
export const NUMBER_SIGN = 0x23;
export const REVERSE_SOLIDUS = 0x5c;
export const BRACE_OPEN = 0x7b;
export const BRACE_CLOSE = 0x7d;
export const BYTE_ORDER_MARK = 0xfeff;

// What a character does outside quotes.
export const ORDINARY = 0;
export const BLANK = 1;
export const LINE_END = 2;
export const QUOTE = 3;
export const BACKSLASH = 4;
export const EQUALS = 5;
export const BRACE = 6;
export const WIDE = 7;

const ASCII_COUNT = 128;
const classes = new Uint8Array(ASCII_COUNT);
// A carriage return is a blank: it stands before a line feed, and files mix both kinds of line end.
for (const blank of ' \t\r\v\f') classes[blank.charCodeAt(0)] = BLANK;
classes[LINE_FEED] = LINE_END;
classes[QUOTATION_MARK] = QUOTE;
classes[REVERSE_SOLIDUS] = BACKSLASH;
classes['='.charCodeAt(0)] = EQUALS;
classes[BRACE_OPEN] = BRACE;

/** The class of a UTF-16 unit. */
export function classOf(unit: number): number {
  return unit < ASCII_COUNT ? classes[unit]! : WIDE;
}

/** Blanks that word processors and web pages put for the real one. A daemon takes them as letters. */
export function isWideBlank(unit: number): boolean {
  if (unit === 0x85 || unit === 0xa0 || unit === 0x1680 || unit === 0x3000) return true;
  if (unit === 0x202f || unit === 0x205f || unit === 0xfeff) return true;
  return (unit >= 0x2000 && unit <= 0x200b) || unit === 0x2028 || unit === 0x2029;
}

/** True for one or more of 0 to 9 and nothing else. */
export function isDigits(text: string): boolean {
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit < 0x30 || unit > 0x39) return false;
  }
  return text.length > 0;
}
