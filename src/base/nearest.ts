/** Letters that may be wrong: one of three, at most two. */
const LETTERS_PER_MISTAKE = 3;
const MISTAKES_MAX = 2;
/** Longer words are not compared: the work grows with the square. */
const CHARACTERS_MAX = 64;

/** The known word that was probably meant, whatever its letter case; none when no word is near. */
export function nearest(word: string, known: readonly string[]): string | undefined {
  if (word.length > CHARACTERS_MAX) return undefined;
  let best: string | undefined;
  const mistakes = Math.max(1, Math.floor(word.length / LETTERS_PER_MISTAKE));
  let least = Math.min(MISTAKES_MAX, mistakes) + 1;
  for (const each of known) {
    const distance = distanceBetween(word.toLowerCase(), each.toLowerCase());
    if (distance < least) {
      least = distance;
      best = each;
    }
  }
  return best;
}

/** `; did you mean crash?`, or nothing. */
export function didYouMean(word: string, known: readonly string[]): string {
  const meant = nearest(word, known);
  return meant === undefined ? '' : `; did you mean ${meant}?`;
}

/** Letters to insert, delete, replace or swap with their neighbor (Damerau's distance, no letter moved twice). */
function distanceBetween(from: string, to: string): number {
  let before: number[] = [];
  let last = Array.from({ length: to.length + 1 }, (_, at) => at);
  for (let row = 1; row <= from.length; row++) {
    const next = [row];
    for (let at = 1; at <= to.length; at++) {
      const same = from[row - 1] === to[at - 1];
      let least = Math.min(last[at]! + 1, next[at - 1]! + 1, last[at - 1]! + (same ? 0 : 1));
      const swapped = from[row - 1] === to[at - 2] && from[row - 2] === to[at - 1];
      if (row > 1 && at > 1 && swapped) least = Math.min(least, before[at - 2]! + 1);
      next.push(least);
    }
    before = last;
    last = next;
  }
  return last[to.length]!;
}
