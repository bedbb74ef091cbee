import type { KnownError } from '../base/errors.ts';
import type { Refusal } from '../base/refusal.ts';

/** Whose word it is: where in its code a program noticed. A missing file may have a place of its own. */
export interface FileMinors {
  readonly minor: number;
  readonly missing?: number;
}

/**
 * FlexNet's codes for a license file that cannot be read: -1 for one that is not there, -30 for one that may not
 * be read or is too large. Source: errors list; outputs with (-1,73) and (-1,359).
 */
export function refusalOfFile(error: KnownError, { minor, missing = minor }: FileMinors): Refusal {
  const { code = '' } = (error.cause ?? {}) as NodeJS.ErrnoException;
  const row = rows[code];
  if (row) return { ...row, minor: row.major === -1 ? missing : minor };
  return { major: error.code === 'FILE_TOO_LARGE' ? -30 : -1, minor };
}

/** By Node's name of the system error. */
const rows: Readonly<Record<string, Omit<Refusal, 'minor'>>> = {
  ENOENT: { major: -1, sys: 2, sysText: 'No such file or directory' },
  ENOTDIR: { major: -1, sys: 20, sysText: 'Not a directory' },
  EACCES: { major: -30, sys: 13, sysText: 'Permission denied' },
  EPERM: { major: -30, sys: 1, sysText: 'Operation not permitted' },
};
