import { dirname, join, resolve } from 'node:path';
import type { Place } from '../documents/places.ts';
import { readSource } from '../files/license-sources.ts';

/** Where a text comes from: a file of its own, else it stands in a scenario file. */
export type TextOrigin =
  | { readonly kind: 'file'; readonly path: string }
  | { readonly kind: 'inline'; readonly place: Place };

/**
 * Nothing, several lines, or one that begins with a keyword, are a text; else it is the name of a file beside `beside`,
 * the file that names it. @throws KnownError FILE_UNREADABLE, FILE_TOO_LARGE
 */
export function textOf(fileOrText: string, beside: string): string {
  if (isText(fileOrText)) return fileOrText;
  return readSource(resolve(dirname(beside), fileOrText)).text;
}

/** Where `textOf` has its text from; `place` is that of the value. */
export function originOf(fileOrText: string, place: Place): TextOrigin {
  if (isText(fileOrText)) return { kind: 'inline', place };
  return { kind: 'file', path: join(dirname(place.file), fileOrText) };
}

function isText(fileOrText: string): boolean {
  return fileOrText === '' || fileOrText.includes('\n') || /^[A-Z_]+ +\S/.test(fileOrText);
}
