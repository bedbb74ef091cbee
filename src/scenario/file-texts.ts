import { dirname, resolve } from 'node:path';
import { readSource } from '../files/license-sources.ts';

/**
 * Nothing, several lines, or one that begins with a keyword, are a text; else it is the name of a file beside `beside`,
 * the file that names it. @throws KnownError FILE_UNREADABLE, FILE_TOO_LARGE
 */
export function textOf(fileOrText: string, beside: string): string {
  if (fileOrText === '') return '';
  if (fileOrText.includes('\n') || /^[A-Z_]+ +\S/.test(fileOrText)) return fileOrText;
  return readSource(resolve(dirname(beside), fileOrText)).text;
}
