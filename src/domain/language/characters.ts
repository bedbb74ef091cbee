export const LINE_FEED = 0x0a;
export const SPACE = 0x20;
export const QUOTATION_MARK = 0x22;
export const NUMBER_SIGN = 0x23;
export const EQUALS_SIGN = 0x3d;
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
/** Not ASCII: ordinary, but perhaps a blank that only looks like one. */
export const WIDE = 7;

const NON_ASCII = 0x80;

/** The class of every byte that `bytesOf` gives. */
export const classes = new Uint8Array(256).fill(WIDE, NON_ASCII);
// A carriage return is a blank: it stands before a line feed, and files mix both kinds of line end.
for (const blank of ' \t\r\v\f') classes[blank.charCodeAt(0)] = BLANK;
classes[LINE_FEED] = LINE_END;
classes[QUOTATION_MARK] = QUOTE;
classes[REVERSE_SOLIDUS] = BACKSLASH;
classes[EQUALS_SIGN] = EQUALS;
classes[BRACE_OPEN] = BRACE;

/** 1 for what can end a text in quotes or go on behind a line end. */
export const quotedStops = new Uint8Array(256);
quotedStops[LINE_FEED] = 1;
quotedStops[QUOTATION_MARK] = 1;
quotedStops[REVERSE_SOLIDUS] = 1;

/**
 * One byte for each UTF-16 unit of the text, and a line feed behind the last: to a loop over
 * characters, a string costs several times what bytes do. Units over 0xff are all one byte, of
 * class WIDE.
 */
export function bytesOf(text: string): Uint8Array {
  const bytes = Buffer.allocUnsafeSlow(text.length + 1);
  // This search ends at once for a string that V8 keeps as Latin-1, which nearly all are.
  if (/[^\x00-\xff]/.test(text)) {
    for (let i = 0; i < text.length; i++) bytes[i] = Math.min(text.charCodeAt(i), 0xff);
  } else {
    bytes.write(text, 'latin1');
  }
  bytes[text.length] = LINE_FEED;
  return bytes;
}

/**
 * Blanks that word processors and web pages put for the real one. A daemon takes them as letters.
 */
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
