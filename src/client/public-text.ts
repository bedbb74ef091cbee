import { readText } from '../wire/text.ts';

/** Text from `start` to the next NUL. */
export function untilNul(bytes: Buffer, start: number): string {
  const end = bytes.indexOf(0, start);
  return readText(bytes, start, end < 0 ? bytes.length : end);
}

/** A decimal of the public messages; what is none counts as 0. */
export function wholeNumber(text: string): number {
  return /^\d{1,10}$/.test(text) ? Number(text) : 0;
}

/** The words of a text, whatever stands between them. */
export function wordsOf(text: string): string[] {
  return text.split(/\s+/).filter((word) => word !== '');
}
