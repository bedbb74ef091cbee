/** A list of numbers that grows, in 8 bytes each. */
export class Floats {
  size = 0;
  #values = new Float64Array(1024);

  push(value: number): void {
    if (this.size === this.#values.length) {
      const grown = new Float64Array(2 * this.size);
      grown.set(this.#values);
      this.#values = grown;
    }
    this.#values[this.size++] = value;
  }

  at(index: number): number {
    return this.#values[index]!;
  }

  /** What is in it, not to be kept while it grows. */
  get values(): Float64Array {
    return this.#values.subarray(0, this.size);
  }
}

/** Indices of values in ascending order; of equal ones the first comes first. */
export function sortedOrder(values: Float64Array): Int32Array {
  const order = Int32Array.from(values, (_, index) => index);
  if (isAscending(values)) return order;
  return order.sort((a, b) => values[a]! - values[b]! || a - b);
}

function isAscending(values: Float64Array): boolean {
  for (let index = 1; index < values.length; index++) {
    if (values[index]! < values[index - 1]!) return false;
  }
  return true;
}
