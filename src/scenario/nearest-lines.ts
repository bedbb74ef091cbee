/** Lines that are shown as near. */
const NEAR_MAX = 3;
/** Lines that are looked at: a log may have a million. */
const LOOKED_AT_MAX = 5_000;

/** The lines of a text that share most words with what was wanted, the nearest first. */
export function nearestLines(wanted: string, text: string): readonly string[] {
  const words = new Set(wordsIn(wanted));
  if (words.size === 0) return [];
  return text
    .split('\n')
    .slice(-LOOKED_AT_MAX)
    .map((line) => ({ line: line.trim(), shared: sharedOf(words, line) }))
    .filter(({ shared }) => shared > 0)
    .sort((a, b) => b.shared - a.shared)
    .slice(0, NEAR_MAX)
    .map(({ line }) => line);
}

function wordsIn(text: string): readonly string[] {
  return text.toLowerCase().match(/[\p{L}\p{N}_.@-]+/gu) ?? [];
}

function sharedOf(words: ReadonlySet<string>, line: string): number {
  return new Set(wordsIn(line).filter((word) => words.has(word))).size;
}
