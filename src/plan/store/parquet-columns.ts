import { varint } from './thrift-writer.ts';

/** Numbers of rows, and the order in which the rows are written. */
export interface OrderedRows {
  readonly values: Float64Array | Int32Array;
  readonly order: Int32Array;
}

/** A column of one row group: plain numbers, or numbers that stand for texts. */
export type ParquetColumn =
  /** Milliseconds since 1970; NaN is null where the column may be. */
  | { readonly kind: 'timestamp'; readonly rows: OrderedRows; readonly isNullable?: boolean }
  | { readonly kind: 'int64' | 'int32'; readonly rows: OrderedRows }
  /** What stands for texts, and the text of each. */
  | {
      readonly kind: 'text';
      readonly numbered: Numbered;
      readonly texts: (id: number) => string;
    };

/** What numbers stand for, in the order in which they come first, and the rows as Parquet packs them. */
export interface Numbered {
  readonly ids: readonly number[];
  readonly data: Buffer;
}

export interface EncodedColumn {
  /** Texts that the data refers to by number. */
  readonly dictionary?: { readonly bytes: Buffer; readonly size: number };
  readonly data: Buffer;
  readonly nulls: number;
  /** The smallest and largest value as Parquet's statistics have them. */
  readonly min?: Buffer;
  readonly max?: Buffer;
}

/** Encodes the rows of a column. Source: Apache Parquet, "Encodings.md": PLAIN, RLE, RLE_DICTIONARY. */
export function encodeColumn(column: ParquetColumn): EncodedColumn {
  switch (column.kind) {
    case 'timestamp':
      return encodeInt64(column.rows, column.isNullable === true);
    case 'int64':
      return encodeInt64(column.rows, false);
    case 'int32':
      return encodeInt32(column.rows);
    case 'text':
      return encodeTexts(column.numbered, column.texts);
  }
}

const WORD = 2 ** 32;

/** Instants of a month have one upper half, or two. */
function encodeInt64({ values, order }: OrderedRows, isNullable: boolean): EncodedColumn {
  const rows = order.length;
  let present = 0;
  let min = Number.POSITIVE_INFINITY;
  let max = Number.NEGATIVE_INFINITY;
  let high = 0;
  const words = new Int32Array(2 * rows);
  for (let row = 0; row < rows; row++) {
    const value = values[order[row]!]!;
    if (Number.isNaN(value)) continue;
    let low = value - high * WORD;
    if (low < 0 || low >= WORD) {
      high = Math.floor(value / WORD);
      low = value - high * WORD;
    }
    words[2 * present] = low;
    words[2 * present + 1] = high;
    present++;
    if (value < min) min = value;
    if (value > max) max = value;
  }
  const plain = Buffer.from(words.buffer, 0, 8 * present);
  const data = isNullable ? Buffer.concat([definitionLevels(values, order), plain]) : plain;
  const nulls = rows - present;
  return present === 0
    ? { data, nulls }
    : { data, nulls, min: int64Bytes(min), max: int64Bytes(max) };
}

/** One run-length run for each stretch of equal levels; its length comes first. */
function definitionLevels(values: OrderedRows['values'], order: Int32Array): Buffer {
  const bytes: number[] = [];
  const isNullAt = (row: number): boolean => Number.isNaN(values[order[row]!]!);
  let start = 0;
  let isNull = order.length > 0 && isNullAt(0);
  for (let row = 1; row <= order.length; row++) {
    const isNext = row < order.length && isNullAt(row);
    if (row < order.length && isNext === isNull) continue;
    varint(2 * (row - start), bytes);
    bytes.push(isNull ? 0 : 1);
    start = row;
    isNull = isNext;
  }
  const length = Buffer.alloc(4);
  length.writeUInt32LE(bytes.length);
  return Buffer.concat([length, Buffer.from(bytes)]);
}

function int64Bytes(value: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigInt64LE(BigInt(value));
  return bytes;
}

function encodeInt32({ values, order }: OrderedRows): EncodedColumn {
  const numbers = new Int32Array(order.length);
  let min = values[order[0]!] ?? 0;
  let max = min;
  for (let row = 0; row < numbers.length; row++) {
    const value = values[order[row]!]!;
    numbers[row] = value;
    if (value < min) min = value;
    if (value > max) max = value;
  }
  const data = Buffer.from(numbers.buffer);
  return { data, nulls: 0, min: int32Bytes(min), max: int32Bytes(max) };
}

function int32Bytes(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32LE(value);
  return bytes;
}

const NO_NUMBER = -1;

/** Numbers the rows of a column by what they hold. */
export function numberedRows({ values, order }: OrderedRows): Numbered {
  const numbers = new Int32Array(largestOf(values, order) + 1).fill(NO_NUMBER);
  const ids: number[] = [];
  const rows = new Int32Array(order.length);
  for (let row = 0; row < rows.length; row++) {
    const id = values[order[row]!]!;
    let number = numbers[id]!;
    if (number === NO_NUMBER) {
      number = ids.push(id) - 1;
      numbers[id] = number;
    }
    rows[row] = number;
  }
  return { ids, data: packed(rows, ids.length) };
}

function encodeTexts({ ids, data }: Numbered, texts: (id: number) => string): EncodedColumn {
  const parts: Buffer[] = [];
  let min: Buffer | undefined;
  let max: Buffer | undefined;
  for (const id of ids) {
    const bytes = Buffer.from(texts(id));
    parts.push(int32Bytes(bytes.length), bytes);
    if (min === undefined || bytes.compare(min) < 0) min = bytes;
    if (max === undefined || bytes.compare(max) > 0) max = bytes;
  }
  return {
    dictionary: { bytes: Buffer.concat(parts), size: ids.length },
    ...{ data, nulls: 0, ...(min && { min }), ...(max && { max }) },
  };
}

/** The order of the rows does not matter here. */
function largestOf(values: OrderedRows['values'], { length }: Int32Array): number {
  let largest = 0;
  for (let row = 0; row < length; row++) if (values[row]! > largest) largest = values[row]!;
  return largest;
}

/** The width of a number in bits, then one run of packed numbers, filled up to a multiple of eight. */
function packed(values: Int32Array, size: number): Buffer {
  const width = Math.max(1, 32 - Math.clz32(size - 1));
  const groups = Math.ceil(values.length / 8);
  const head: number[] = [width];
  varint(2 * groups + 1, head);
  // Where all rows are alike, all bits are zero.
  const words = size === 1 ? new Int32Array(0) : packedWords(values, width);
  const bytes = Buffer.alloc(head.length + groups * width);
  bytes.set(head);
  const body = bytes.subarray(head.length);
  body.set(new Uint8Array(words.buffer, 0, Math.min(4 * words.length, body.length)));
  return bytes;
}

/** Numbers of `width` bits, the lowest bits first. */
function packedWords(values: Int32Array, width: number): Int32Array<ArrayBuffer> {
  const words = new Int32Array(Math.ceil((values.length * width) / 32));
  let at = 0;
  let bits = 0;
  let held = 0;
  for (let row = 0; row < values.length; row++) {
    const value = values[row]!;
    held |= value << bits;
    bits += width;
    if (bits < 32) continue;
    words[at++] = held;
    bits -= 32;
    // A shift by 32 would be none.
    held = bits === 0 ? 0 : value >>> (width - bits);
  }
  if (bits > 0) words[at] = held;
  return words;
}
