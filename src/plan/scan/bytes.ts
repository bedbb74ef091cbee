/** The bytes that lines are cut at. */
export const NEWLINE = 10;
export const RETURN = 13;
export const BLANK = 32;
export const QUOTE = 34;
export const OPEN = 40;
export const CLOSE = 41;
export const AT = 64;
export const BRACKET = 91;
export const CARET = 94;
export const COLON = 58;
export const DASH = 45;
export const LETTER_T = 84;
export const LETTER_Z = 90;

/** What was looked for is not here: the line is to be read the slow way. */
export const NOT_FAST = -1;

/** Where the next line begins when this one ends here, with or without a carriage return. */
export function behindLine(bytes: Buffer, at: number): number {
  const byte = bytes[at];
  if (byte === NEWLINE) return at + 1;
  return byte === RETURN && bytes[at + 1] === NEWLINE ? at + 2 : NOT_FAST;
}

/** 0 to 9; negative for another byte. */
export function digit(byte: number): number {
  return byte >= 48 && byte <= 57 ? byte - 48 : -1;
}

export function twoDigits(bytes: Buffer, at: number): number {
  const high = digit(bytes[at]!);
  const low = digit(bytes[at + 1]!);
  return high < 0 || low < 0 ? -1 : 10 * high + low;
}
