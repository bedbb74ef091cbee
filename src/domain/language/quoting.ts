import { KnownError } from '../../base/errors.ts';

/**
 * A word that quotes are put around.
 * @throws KnownError with `code` if it holds a quotation mark or a line end, which no quoting saves.
 */
export function inQuotes(
  word: string,
  what: string,
  code: 'LICENSE_SYNTAX' | 'OPTIONS_SYNTAX',
): string {
  if (/["\n]/.test(word)) {
    throw new KnownError(
      code,
      `${what}: expected no quotation marks or line ends, got ${JSON.stringify(word)}`,
      { word },
    );
  }
  return `"${word}"`;
}
