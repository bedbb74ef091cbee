/** A SERVER line as far as the members of a triad compare it. */
export interface MemberLine {
  readonly host: string;
  readonly port: number;
}

export const TRIAD_MEMBERS = 3;

/** What a member is called by the others, whatever the order of its file is. */
export function memberKey({ host, port }: MemberLine): string {
  return `${host.toLowerCase()}:${port}`;
}

/**
 * The members' keys in alphabetical order: a member's number is its place there, and the same to all three even
 * where their files list them in different orders.
 */
export function memberKeys(lines: readonly MemberLine[]): readonly string[] {
  return lines.map(memberKey).sort();
}

/** Numbers of the members, primary first, as the SERVER lines are ordered. */
export function fileOrder(lines: readonly MemberLine[]): readonly number[] {
  const keys = memberKeys(lines);
  return lines.map((line) => keys.indexOf(memberKey(line)));
}

/** The order in force where the files disagree. Source: LAG, "Informational Messages": alphabetical. */
export const alphabeticalOrder: readonly number[] = [0, 1, 2];

export type LinesCompared = 'same' | 'otherOrder' | 'otherMembers';

/** How another member's SERVER lines compare with ours. */
export function compareLines(
  ours: readonly MemberLine[],
  theirs: readonly MemberLine[],
): LinesCompared {
  const [mine, others] = [ours, theirs].map((lines) => lines.map(memberKey));
  if (mine!.join() === others!.join()) return 'same';
  return mine!.sort().join() === others!.sort().join() ? 'otherOrder' : 'otherMembers';
}
