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

/** Rows that are put in order one by one before they are merged. */
const RUN_ROWS = 16;

/**
 * Indices of values in ascending order; of equal ones the first comes first. By merging: a sort that calls a function
 * for each comparison takes three times as long.
 */
export function sortedOrder(values: Float64Array): Int32Array {
  const { length } = values;
  let order = new Int32Array(length);
  for (let index = 0; index < length; index++) order[index] = index;
  if (isAscending(values)) return order;
  for (let low = 0; low < length; low += RUN_ROWS) {
    sortRun(values, order, low, Math.min(low + RUN_ROWS, length));
  }
  let spare = new Int32Array(length);
  for (let width = RUN_ROWS; width < length; width *= 2) {
    for (let low = 0; low < length; low += 2 * width) {
      const middle = Math.min(low + width, length);
      mergeRuns(values, order, spare, { low, middle, high: Math.min(middle + width, length) });
    }
    [order, spare] = [spare, order];
  }
  return order;
}

function sortRun(values: Float64Array, order: Int32Array, low: number, high: number): void {
  for (let next = low + 1; next < high; next++) {
    const index = order[next]!;
    let slot = next;
    for (; slot > low && values[order[slot - 1]!]! > values[index]!; slot--) {
      order[slot] = order[slot - 1]!;
    }
    order[slot] = index;
  }
}

function mergeRuns(
  values: Float64Array,
  from: Int32Array,
  to: Int32Array,
  { low, middle, high }: { readonly low: number; readonly middle: number; readonly high: number },
): void {
  if (middle >= high || values[from[middle - 1]!]! <= values[from[middle]!]!) {
    to.set(from.subarray(low, high), low);
    return;
  }
  let first = low;
  let second = middle;
  for (let slot = low; slot < high; slot++) {
    const isFirst =
      first < middle && (second >= high || values[from[first]!]! <= values[from[second]!]!);
    to[slot] = isFirst ? from[first++]! : from[second++]!;
  }
}

/** Whether no value is less than the one before it. */
export function isAscending(values: Float64Array): boolean {
  for (let index = 1; index < values.length; index++) {
    if (values[index]! < values[index - 1]!) return false;
  }
  return true;
}
