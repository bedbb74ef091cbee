import { KnownError } from '../base/errors.ts';
import { shownPath, systemReason, writeReason } from './system-reasons.ts';

/** A file that the system does not let us write, remove or put in its place. */
export function unwritableFile(path: string, cause: unknown): KnownError {
  const text = `${shownPath(path)}: expected a file that can be written, got: ${writeReason(cause)}`;
  return new KnownError('FILE_UNREADABLE', text, { path }, { cause });
}

const folderReasons: Readonly<Record<string, string>> = {
  EEXIST: 'a file',
  ENOENT: 'a place that takes no folders',
};

/** A folder that cannot be made or written to, such as one where a file stands. */
export function unwritableFolder(path: string, cause: unknown): KnownError {
  const { code = '' } = cause as NodeJS.ErrnoException;
  const reason = folderReasons[code] ?? systemReason(cause);
  const text = `${path}: expected a folder that can be made and written to, got: ${reason}`;
  return new KnownError('FILE_UNREADABLE', text, { path }, { cause });
}
