/** What a lone `-` among the arguments becomes: standard input. */
export const standardInput = '<stdin>';

/**
 * The words of a command line with each lone `-` before `--` made into something that yargs keeps:
 * behind a flag it is the flag's value (standard output), elsewhere standard input.
 */
export function withDashes(words: readonly string[]): string[] {
  const end = words.indexOf('--');
  const own = end < 0 ? words.length : end;
  const isFlag = (at: number): boolean => /^--[^=]+$/.test(words[at] ?? '');
  return words.flatMap((word, at) => {
    if (at >= own) return [word];
    if (isFlag(at) && at + 1 < own && words[at + 1] === '-') return [`${word}=-`];
    if (word !== '-') return [word];
    return isFlag(at - 1) ? [] : [standardInput];
  });
}
