/** Puts fixed words in the place of what differs from run to run. */
export class Normalizer {
  readonly #words: (readonly [word: string, fixed: string])[] = [];

  name(word: string, fixed: string): void {
    if (word !== '') this.#words.push([word, fixed]);
  }

  /** A port is known by its number, standing alone. */
  port(port: number, fixed: number): void {
    if (port !== 0) this.#words.push([`${port}`, `${fixed}`]);
  }

  apply(text: string): string {
    const table = new Map(this.#words);
    if (table.size === 0) return text;
    const words = [...table.keys()].sort((a, b) => b.length - a.length).map(escaped);
    // Of a word, not within one: a port is no part of a longer number.
    const any = new RegExp(`(?<![\\w.])(?:${words.join('|')})(?!\\w)`, 'g');
    return text.replace(any, (word) => table.get(word) ?? word);
  }
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\/-]/g, '\\$&');
}
