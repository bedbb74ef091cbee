/**
 * Structures in Thrift's compact protocol, as far as Parquet's page headers and footer need it: numbers as zigzag
 * varints, fields by the distance of their numbers. Source: Apache Thrift, "Thrift Compact protocol encoding".
 */

/** A field's value; numbers are whole and below 2^53. */
export type ThriftValue =
  | { readonly i32: number }
  | { readonly i64: number }
  | { readonly bool: boolean }
  | { readonly binary: Uint8Array }
  | { readonly struct: ThriftStruct }
  | { readonly list: readonly ThriftValue[] };

/** Fields by number, in ascending order. */
export type ThriftStruct = readonly (readonly [field: number, value: ThriftValue])[];

export const text = (value: string): ThriftValue => ({ binary: Buffer.from(value) });

const types = { true: 1, false: 2, i32: 5, i64: 6, binary: 8, list: 9, struct: 12 } as const;

export function thriftBytes(struct: ThriftStruct): Buffer {
  const bytes: number[] = [];
  const parts: Uint8Array[] = [];
  const flush = (): void => {
    if (bytes.length > 0) parts.push(Uint8Array.from(bytes.splice(0)));
  };
  const write = (value: ThriftValue): void => {
    if ('i32' in value) varint(zigzag(value.i32), bytes);
    else if ('i64' in value) varint(zigzag(value.i64), bytes);
    else if ('bool' in value) bytes.push(value.bool ? types.true : types.false);
    else if ('binary' in value) {
      varint(value.binary.length, bytes);
      flush();
      parts.push(value.binary);
    } else if ('list' in value) writeList(value.list);
    else writeStruct(value.struct);
  };
  const writeList = (list: readonly ThriftValue[]): void => {
    const type = list.length === 0 ? types.i32 : typeOf(list[0]!);
    if (list.length < 15) bytes.push((list.length << 4) | type);
    else {
      bytes.push(0xf0 | type);
      varint(list.length, bytes);
    }
    for (const each of list) write(each);
  };
  const writeStruct = (fields: ThriftStruct): void => {
    let last = 0;
    for (const [field, value] of fields) {
      bytes.push(((field - last) << 4) | typeOf(value));
      last = field;
      // A field's truth is its type.
      if (!('bool' in value)) write(value);
    }
    bytes.push(0);
  };
  writeStruct(struct);
  flush();
  return Buffer.concat(parts);
}

function typeOf(value: ThriftValue): number {
  if ('i32' in value) return types.i32;
  if ('i64' in value) return types.i64;
  if ('bool' in value) return value.bool ? types.true : types.false;
  if ('binary' in value) return types.binary;
  return 'list' in value ? types.list : types.struct;
}

function zigzag(value: number): number {
  return value < 0 ? -2 * value - 1 : 2 * value;
}

/** Seven bits a byte, the lowest first. */
export function varint(value: number, bytes: number[]): void {
  let rest = value;
  while (rest >= 0x80) {
    bytes.push((rest % 0x80) | 0x80);
    rest = Math.floor(rest / 0x80);
  }
  bytes.push(rest);
}
