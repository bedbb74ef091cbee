/**
 * Random numbers from a seed text. Integers inside (xoshiro128**), so the same seed gives the same numbers
 * on every machine. `fork(name)` gives a stream of its own per concern: adding a draw to one does not move
 * the others.
 */
export class Rng {
  readonly seed: string;
  readonly #state: Uint32Array;

  constructor(seed: string) {
    this.seed = seed;
    this.#state = stateOf(seed);
  }

  /** A whole number from 0 to 2^32 - 1. */
  u32(): number {
    const s = this.#state;
    const result = Math.imul(rotl(Math.imul(s[1]!, 5), 7), 9) >>> 0;
    const t = s[1]! << 9;
    s[2]! ^= s[0]!;
    s[3]! ^= s[1]!;
    s[1]! ^= s[2]!;
    s[0]! ^= s[3]!;
    s[2]! ^= t;
    s[3] = rotl(s[3]!, 11);
    return result;
  }

  /** A whole number from 0 to `bound` - 1, without bias. `bound` is 1 to 2^32. */
  below(bound: number): number {
    const limit = 2 ** 32 - (2 ** 32 % bound);
    let value = this.u32();
    while (value >= limit) value = this.u32();
    return value % bound;
  }

  /** True `part` times in `whole`. */
  chance(part: number, whole: number): boolean {
    return this.below(whole) < part;
  }

  /** From 0 (included) to 1 (excluded), 32 bits. */
  unit(): number {
    return this.u32() / 2 ** 32;
  }

  /** One element of a list that has at least one. */
  pick<T>(list: readonly T[]): T {
    return list[this.below(list.length)]!;
  }

  /** A stream of its own, decided by this stream's seed and `name` alone. */
  fork(name: string): Rng {
    return new Rng(`${this.seed}/${name}`);
  }
}

function rotl(x: number, k: number): number {
  return (x << k) | (x >>> (32 - k));
}

/** Spreads the seed text over 128 bits: FNV-1a per word, then a murmur finish. */
function stateOf(seed: string): Uint32Array {
  const state = new Uint32Array(4);
  for (let word = 0; word < 4; word++) {
    let hash = 0x811c9dc5 ^ Math.imul(word + 1, 0x9e3779b9);
    for (let i = 0; i < seed.length; i++) {
      hash = Math.imul(hash ^ seed.charCodeAt(i), 0x01000193);
    }
    hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
    hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
    state[word] = hash ^ (hash >>> 16);
  }
  if (state.every((word) => word === 0)) state[0] = 1;
  return state;
}
