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
  let text = corpus[rng.below(corpus.length)]!;
  for (let changes = rng.below(8); changes > 0; changes--) {
    const from = rng.below(text.length + 1);
    const to = Math.min(text.length, from + rng.below(40));
    const other = corpus[rng.below(corpus.length)]!;
    const start = rng.below(other.length + 1);
    const pieces = [
      '',
      text.slice(from, to).repeat(2),
      other.slice(start, start + rng.below(120)),
      splinters[rng.below(splinters.length)]!,
      String.fromCharCode(rng.below(256)),
    ];
    const isPutIn = rng.below(2) === 0;
    text =
      text.slice(0, from) + pieces[rng.below(pieces.length)]! + text.slice(isPutIn ? from : to);
  }
  return text.slice(0, lengthMax);
}
