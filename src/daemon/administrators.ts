import { readFileSync } from 'node:fs';

const GROUP = 'lmadmin';
const SUPERUSER = 'root';

/**
 * Who may administer a server that was started with `lmgrd -2 -p`: the members of the UNIX group lmadmin where
 * there is one, and then root only if it is a member; else root alone. Source: LAG, "lmgrd Command-Line Syntax".
 * `groups` and `accounts` are texts in the form of /etc/group and /etc/passwd. Names that only a directory
 * service knows are not found.
 */
export function administratorsIn(groups: string, accounts: string): ReadonlySet<string> {
  const [group] = recordsOf(groups, GROUP);
  if (group === undefined) return new Set([SUPERUSER]);
  const [, , id = '', members = ''] = group;
  const primary = recordsOf(accounts).filter(([, , , groupId]) => groupId === id);
  const names = [...members.split(','), ...primary.map(([name = '']) => name)];
  return new Set(names.map((name) => name.trim()).filter((name) => name !== ''));
}

/** The colon-separated records of a text; of `name` only, where given. */
function recordsOf(text: string, name?: string): readonly (readonly string[])[] {
  const records = text.split('\n').map((line) => line.split(':'));
  return name === undefined ? records : records.filter(([first]) => first === name);
}

/** The administrators of this machine, as of now. */
export function readAdministrators(): ReadonlySet<string> {
  return administratorsIn(textOf('/etc/group'), textOf('/etc/passwd'));
}

/** A machine without such a file has no such group. */
function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
