import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { KnownError } from '../base/errors.ts';
import { limits } from '../base/limits.ts';
import type { SourceText } from '../domain/source.ts';
import { decodeText } from '../domain/text-encoding.ts';
import { shownPath, systemReason } from './system-reasons.ts';

/**
 * Reads one text file whole.
 * @throws KnownError FILE_UNREADABLE, or FILE_TOO_LARGE over `limits.fileBytesMax`.
 */
export function readSource(path: string): SourceText {
  return decodeText(path, readFileBytes(path));
}

/** The bytes of a file, bounded. Throws as `readSource` does. */
export function readFileBytes(path: string): Uint8Array {
  const status = statOf(path);
  if (!status.isFile()) {
    const found = status.isDirectory() ? 'a directory' : 'no regular file';
    throw new KnownError('FILE_UNREADABLE', `${path}: expected a file, got ${found}`, { path });
  }
  if (status.size > limits.fileBytesMax) {
    const text = `${path}: expected at most ${limits.fileBytesMax} bytes, got ${status.size}`;
    throw new KnownError('FILE_TOO_LARGE', text, { path });
  }
  try {
    return readFileSync(path);
  } catch (cause) {
    throw unreadable(path, cause);
  }
}

/**
 * The license files a path list names: a file is itself, a directory every `*.lic` in it by name.
 * Source: LAG, "Determining the Location of the License File".
 * @throws KnownError FILE_UNREADABLE when a path is not there, or a directory has no `*.lic`.
 */
export function licenseFilesOf(paths: readonly string[]): readonly string[] {
  const files = paths.flatMap((path) => (statOf(path).isDirectory() ? licensesIn(path) : [path]));
  if (files.length > limits.licenseFilesMax) {
    const text = `expected at most ${limits.licenseFilesMax} license files, got ${files.length}`;
    throw new KnownError('USAGE', text);
  }
  return files;
}

function licensesIn(directory: string): readonly string[] {
  let names: readonly string[];
  try {
    names = readdirSync(directory);
  } catch (cause) {
    throw unreadable(directory, cause);
  }
  const files = names.filter((name) => name.toLowerCase().endsWith('.lic')).sort();
  if (files.length === 0) {
    const text = `${directory}: expected a directory with *.lic files, got none`;
    throw new KnownError('FILE_UNREADABLE', text, { path: directory });
  }
  return files.map((name) => join(directory, name));
}

function statOf(path: string) {
  try {
    return statSync(path);
  } catch (cause) {
    throw unreadable(path, cause);
  }
}

function unreadable(path: string, cause: unknown): KnownError {
  const text = `${shownPath(path)}: expected a readable file, got: ${systemReason(cause)}`;
  return new KnownError('FILE_UNREADABLE', text, { path }, { cause });
}
