import type { RuleClient } from './names.ts';

/** A line about clients that may be about one user by name. */
export interface Aimed {
  /** The only user it is about, whatever the rest of the client; undefined for any other kind of line. */
  readonly user: string | undefined;
}

/** Where the lines of a list are that can be about a client, each in file order. */
interface LineIndex {
  /** By user name, the first line about that user alone. */
  readonly firstOfUser: ReadonlyMap<string, number>;
  readonly others: readonly number[];
}

/** Up to so many lines, asking each costs less than looking one up. */
const ASKED_MAX = 8;

/** Made when a list is first asked; a list that is being put together is not asked. */
const indexes = new WeakMap<readonly Aimed[], LineIndex>();

/**
 * The first line of a list, in file order, that is about a client. Lines about single users are looked up, so that a
 * list costs as much as it has lines of other kinds, however many users it names. `lines` may not change once asked.
 */
export function firstAbout<Line extends Aimed>(
  lines: readonly Line[],
  client: RuleClient,
  isAbout: (line: Line, client: RuleClient) => boolean,
): Line | undefined {
  if (lines.length <= ASKED_MAX) {
    for (const line of lines) if (isAbout(line, client)) return line;
    return undefined;
  }
  const { firstOfUser, others } = indexOf(lines);
  const own = firstOfUser.get(client.user);
  for (const index of others) {
    if (own !== undefined && index > own) break;
    const line = lines[index]!;
    if (isAbout(line, client)) return line;
  }
  return own === undefined ? undefined : lines[own];
}

function indexOf(lines: readonly Aimed[]): LineIndex {
  const known = indexes.get(lines);
  if (known !== undefined) return known;
  const firstOfUser = new Map<string, number>();
  const others: number[] = [];
  for (const [index, { user }] of lines.entries()) {
    if (user === undefined) others.push(index);
    else if (!firstOfUser.has(user)) firstOfUser.set(user, index);
  }
  const made = { firstOfUser, others };
  indexes.set(lines, made);
  return made;
}
