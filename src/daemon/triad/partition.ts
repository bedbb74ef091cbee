import { KnownError } from '../../base/errors.ts';
import type { MemberLine } from '../../domain/triad/order.ts';

/**
 * Reads which members of a triad reach each other: groups with `|` between them, each of members with `,` between
 * them, by host, `host:port` or place from 1, as in `one|two,three`. Gives for each place of the SERVER lines the
 * places it is cut from.
 * @throws KnownError USAGE unless each member is named once
 */
export function parsePartition(
  text: string,
  lines: readonly MemberLine[],
): readonly (readonly number[])[] {
  const groups = text
    .split('|')
    .map((group) => group.split(',').map((name) => placeOf(name.trim(), lines)));
  const named = groups.flat();
  const isWhole = named.length === lines.length && lines.every((_, place) => named.includes(place));
  if (!isWhole || named.includes(undefined)) {
    const names = lines.map(({ host }) => host).join(', ');
    const [one, two, three] = lines.map(({ host }) => host);
    const expected = `partition: expected each of ${names} once, in groups such as ${one}|${two},${three}`;
    throw new KnownError('USAGE', `${expected}, got "${text}"`);
  }
  return lines.map((_, place) => {
    const group = groups.find((each) => each.includes(place))!;
    return [...lines.keys()].filter((other) => !group.includes(other));
  });
}

/** The place of the member that is meant; undefined when none is, or more than one. */
export function placeOf(name: string, lines: readonly MemberLine[]): number | undefined {
  const wanted = name.toLowerCase();
  const found = [...lines.keys()].filter((place) => {
    const { host, port } = lines[place]!;
    const key = host.toLowerCase();
    return [key, `${key}:${port}`, `${place + 1}`].includes(wanted);
  });
  return found.length === 1 ? found[0] : undefined;
}
