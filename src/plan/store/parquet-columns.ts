import { varint } from './thrift-writer.ts';

/** A column of one row group: plain numbers, or numbers that stand for texts. */
export type ParquetColumn =
  /** Milliseconds since 1970; NaN is null where the column may be. */
  | { readonly kind: 'timestamp'; readonly values: Float64Array; readonly isNullable?: boolean }
  | { readonly kind: 'int64'; readonly values: Float64Array }
  | { readonly kind: 'int32'; readonly values: Int32Array }
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
      return encodeInt64(column.values, column.isNullable === true);
    case 'int64':
      return encodeInt64(column.values, false);
    case 'int32':
      return encodeInt32(column.values);
    case 'text':
      return encodeTexts(column.numbered, column.texts);
  }
}

function encodeInt64(values: Float64Array, isNullable: boolean): EncodedColumn {
  const levels = isNullable ? definitionLevels(values) : Buffer.alloc(0);
  let present = 0;
  let min = Number.POSITIVE_INFINITY;
  let max = Number.NEGATIVE_INFINITY;
  const words = new Int32Array(2 * values.length);
  for (let row = 0; row < values.length; row++) {
    const value = values[row]!;
    if (Number.isNaN(value)) continue;
    const high = Math.floor(value / 2 ** 32);
    words[2 * present] = value - high * 2 ** 32;
    words[2 * present + 1] = high;
    present++;
    if (value < min) min = value;
    if (value > max) max = value;
  }
  const plain = Buffer.from(words.buffer, 0, 8 * present);
  const data = isNullable ? Buffer.concat([levels, plain]) : plain;
  const nulls = values.length - present;
  return present === 0
    ? { data, nulls }
    : { data, nulls, min: int64Bytes(min), max: int64Bytes(max) };
}

/** One run-length run for each stretch of equal levels; its length comes first. */
function definitionLevels(values: Float64Array): Buffer {
  const bytes: number[] = [];
  let start = 0;
  for (let row = 1; row <= values.length; row++) {
    const isNull = Number.isNaN(values[start]!);
    if (row < values.length && Number.isNaN(values[row]!) === isNull) continue;
    varint(2 * (row - start), bytes);
    bytes.push(isNull ? 0 : 1);
    start = row;
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

function encodeInt32(values: Int32Array): EncodedColumn {
  let min = values[0] ?? 0;
  let max = min;
  for (let row = 0; row < values.length; row++) {
    const value = values[row]!;
    if (value < min) min = value;
    if (value > max) max = value;
  }
  const data = Buffer.from(values.buffer, values.byteOffset, values.byteLength);
  return { data, nulls: 0, min: int32Bytes(min), max: int32Bytes(max) };
}

function int32Bytes(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32LE(value);
  return bytes;
}

const NO_NUMBER = -1;

/** Numbers the rows of a column by what they hold, in place: `ids` is not to be used any more. */
export function numberedRows(ids: Int32Array): Numbered {
  const numbers = new Int32Array(largestOf(ids) + 1).fill(NO_NUMBER);
  const known: number[] = [];
  for (let row = 0; row < ids.length; row++) {
    const id = ids[row]!;
    let number = numbers[id]!;
    if (number === NO_NUMBER) {
      number = known.push(id) - 1;
      numbers[id] = number;
    }
    ids[row] = number;
  }
  return { ids: known, data: packed(ids, known.length) };
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

function largestOf(ids: Int32Array): number {
  let largest = 0;
  for (let row = 0; row < ids.length; row++) if (ids[row]! > largest) largest = ids[row]!;
  return largest;
}

/** The width of a number in bits, then one run of packed numbers, filled up to a multiple of eight. */
function packed(values: Int32Array, size: number): Buffer {
  const width = Math.max(1, 32 - Math.clz32(size - 1));
  const groups = Math.ceil(values.length / 8);
  const head: number[] = [width];
  varint(2 * groups + 1, head);
  const bytes = Buffer.alloc(head.length + groups * width);
  bytes.set(head);
  let at = head.length;
  let bits = 0;
  let held = 0;
  for (let row = 0; row < values.length; row++) {
    // Up to 7 bits are held, and a number has up to 21 (`limits.logNamesMax`): they fit into 32.
    held |= values[row]! << bits;
    bits += width;
    while (bits >= 8) {
      bytes[at++] = held & 0xff;
      held >>>= 8;
      bits -= 8;
    }
  }
  if (bits > 0) bytes[at] = held & 0xff;
  return bytes;
}
