import type { Rng } from '../../src/base/rng.ts';

/** Pieces with a meaning in YAML, in scenarios or in HTTP, to be put anywhere. */
export interface Mutations {
  readonly corpus: readonly string[];
  readonly splinters: readonly string[];
  /** Longer ones are cut. */
  readonly lengthMax: number;
}

/** A text of the corpus, changed in up to eight places: cut, doubled, spliced with another, splintered, flipped. */
export function mutated({ corpus, splinters, lengthMax }: Mutations, rng: Rng): string {
  let text = rng.pick(corpus);
  for (let changes = rng.below(8); changes > 0; changes--) {
    const from = rng.below(text.length + 1);
    const to = Math.min(text.length, from + rng.below(40));
    const other = rng.pick(corpus);
    const start = rng.below(other.length + 1);
    const pieces = [
      '',
      text.slice(from, to).repeat(2),
      other.slice(start, start + rng.below(120)),
      rng.pick(splinters),
      String.fromCharCode(rng.below(256)),
    ];
    const isPutIn = rng.chance(1, 2);
    text = text.slice(0, from) + rng.pick(pieces) + text.slice(isPutIn ? from : to);
  }
  return text.slice(0, lengthMax);
}
