const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'no such file',
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  EROFS: 'a read-only file system',
  ENOTDIR: 'a part of the path is no directory',
  ELOOP: 'too many links',
  ENAMETOOLONG: 'a name that is too long',
  EISDIR: 'a directory',
  EEXIST: 'a file where a folder should be',
  ENOSPC: 'no space left on the device',
  EDQUOT: 'no quota left',
  ENXIO: 'a pipe that nobody reads',
};

/** Why the system could not read a file, in words that do not repeat its path; of rarer errors the system's own. */
export function systemReason(cause: unknown): string {
  const words = cause instanceof Error ? cause.message : String(cause);
  return reasons[(cause as NodeJS.ErrnoException).code ?? ''] ?? words;
}

/** Why it could not write one: what is not there is the folder. */
export function writeReason(cause: unknown): string {
  const missing = (cause as NodeJS.ErrnoException).code === 'ENOENT';
  return missing ? 'no such folder' : systemReason(cause);
}

/** As a message shows it: an empty path would be no word at all. */
export function shownPath(path: string): string {
  return path === '' ? 'an empty path' : path;
}
