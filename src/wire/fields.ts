import { Parser } from 'binary-parser';
import { KnownError } from '../base/errors.ts';
import { type Outbox, TEXT_BYTES_MAX } from './outbox.ts';
import { readText, utf8Within } from './text.ts';

/**
 * The kinds of field a message is made of: each knows how to declare itself to binary-parser, how to turn
 * what that library gives into our value, and how to write the value. The only importer of binary-parser.
 * Values that are bytes (`paddedBytes`, `rest`) are views of what was decoded: copy them to keep them.
 */
export interface Field<T> {
  /** How docs/protocol.md writes this kind of field: `u32`, `text16`, `text[21]`. */
  readonly notation: string;
  /** The fields inside a record, or inside each item of a list of records. */
  readonly parts?: Layout;
  /** Declares the field; may declare others whose names start with `name`. */
  addTo(parser: Parser, name: string): void;
  /** The value from binary-parser's result for `name`. */
  value(raw: Record<string, unknown>, name: string): T;
  write(out: Outbox, value: T): void;
}

// biome-ignore lint/suspicious/noExplicitAny: a field of anything; each message's own type is exact
type AnyField = Field<any>;
export type Layout = Readonly<Record<string, AnyField>>;
export type LayoutValue<L extends Layout> = {
  [K in keyof L]: L[K] extends Field<infer T> ? T : never;
};

/** Bytes a list takes at most: three of them and a message's texts still fit one frame. */
const LIST_BYTES_MAX = 16_000;

const plain = (raw: Record<string, unknown>, name: string): never => raw[name] as never;

/** Unsigned, as `u16` and `u32`, the high byte first. */
export const u8: Field<number> = {
  notation: 'u8',
  addTo: (parser, name) => parser.uint8(name),
  value: plain,
  write: (out, value) => out.u8(value),
};

export const u16: Field<number> = {
  notation: 'u16',
  addTo: (parser, name) => parser.uint16be(name),
  value: plain,
  write: (out, value) => out.u16(value),
};

export const u32: Field<number> = {
  notation: 'u32',
  addTo: (parser, name) => parser.uint32be(name),
  value: plain,
  write: (out, value) => out.u32(value),
};

/** Two's complement. */
export const i32: Field<number> = {
  notation: 'i32',
  addTo: (parser, name) => parser.int32be(name),
  value: plain,
  write: (out, value) => out.u32(value >>> 0),
};

/** Bytes that always read the same on the wire; whatever comes is taken. */
export function constant(...bytes: readonly number[]): Field<undefined> {
  const wire = Uint8Array.from(bytes);
  return {
    notation: bytes.map((byte) => byte.toString(16).padStart(2, '0')).join(' '),
    addTo: (parser, name) => parser.buffer(name, { length: bytes.length }),
    value: () => undefined,
    write: (out) => out.raw(wire),
  };
}

/** NUL-terminated text. NULs inside it are left out, and longer text than `TEXT_BYTES_MAX` is cut. */
export const zeroText: Field<string> = {
  notation: 'zeroText',
  addTo(parser, name) {
    // Not readUntil, which makes a view per byte (6 ms for a frame full of text), nor the library's strings,
    // whose latin1 is windows-1252: a view to the end, which moves nothing, then a step behind the NUL.
    parser.buffer(name, { readUntil: 'eof' }).seek(function (this: Record<string, Uint8Array>) {
      const left = this[name]!;
      const end = left.indexOf(0);
      return (end < 0 ? left.length : end) + 1;
    } as never);
  },
  value: (raw, name) => paddedValue(raw[name] as Buffer),
  write(out, value) {
    out.raw(utf8Within(withoutNul(value), TEXT_BYTES_MAX));
    out.u8(0);
  },
};

/** Text in a NUL-padded field of `bytes` bytes, at least one of them NUL; longer text is cut. */
export function paddedText(bytes: number): Field<string> {
  return {
    notation: `text[${bytes}]`,
    addTo: (parser, name) => parser.buffer(name, { length: bytes }),
    value: (raw, name) => paddedValue(raw[name] as Buffer),
    write: (out, value) => writePadded(out, utf8Within(withoutNul(value), bytes - 1), bytes),
  };
}

/** Exactly `length` bytes; fewer are padded with NULs. */
export function paddedBytes(length: number): Field<Uint8Array> {
  return {
    notation: `bytes[${length}]`,
    addTo: (parser, name) => parser.buffer(name, { length }),
    value: plain,
    write: (out, value) => writePadded(out, value.subarray(0, length), length),
  };
}

function paddedValue(bytes: Buffer): string {
  const end = bytes.indexOf(0);
  return readText(bytes, 0, end < 0 ? bytes.length : end);
}

function writePadded(out: Outbox, kept: Uint8Array, length: number): void {
  out.raw(kept);
  for (let at = kept.length; at < length; at++) out.u8(0);
}

function withoutNul(text: string): string {
  return text.includes('\0') ? text.replaceAll('\0', '') : text;
}

/**
 * A 16-bit byte count and that many bytes of UTF-8 (as everywhere, Latin-1 is read where it is not). Longer
 * text than `TEXT_BYTES_MAX` is cut when written; what comes may have any length.
 */
export const text16: Field<string> = {
  notation: 'text16',
  addTo(parser, name) {
    parser.uint16be(`${name}Length`).buffer(name, { length: `${name}Length` });
  },
  value(raw, name) {
    const bytes = raw[name] as Buffer;
    return readText(bytes, 0, bytes.length);
  },
  write: (out, value) => out.text16(value),
};

/** A 16-bit count and that many values of one field. Items that go beyond `bytesMax` are not written. */
export function list16<T>(item: Field<T>, bytesMax = LIST_BYTES_MAX): Field<readonly T[]> {
  return {
    notation: item.parts ? 'list16 of' : `list16 of ${item.notation}`,
    ...(item.parts && { parts: item.parts }),
    addTo(parser, name) {
      const element = new Parser();
      item.addTo(element, 'item');
      parser.uint16be(`${name}Count`).array(name, { type: element, length: `${name}Count` });
    },
    value: (raw, name) =>
      (raw[name] as Record<string, unknown>[]).map((each) => item.value(each, 'item')),
    write(out, list) {
      const countAt = out.length;
      out.u16(0);
      let count = 0;
      for (const each of list) {
        const before = out.length;
        item.write(out, each);
        if (out.length - countAt > bytesMax) {
          out.rewind(before);
          break;
        }
        count++;
      }
      out.patchU16(countAt, count);
    },
  };
}

/**
 * A list at the end of a message that came later than the message: where the bytes end before it, it is empty, and
 * an empty one is not written.
 */
export function laterList16<T>(item: Field<T>): Field<readonly T[]> {
  const list = list16(item);
  const read = decoderOf('a list at the end', { list });
  return {
    ...list,
    notation: `later ${list.notation}`,
    addTo: (parser, name) => parser.buffer(name, { readUntil: 'eof' }),
    value(raw, name) {
      const bytes = raw[name] as Buffer;
      return bytes.length === 0 ? [] : read(bytes).list;
    },
    write: (out, value) => (value.length > 0 ? list.write(out, value) : undefined),
  };
}

/** Several fields as one value. */
export function record<L extends Layout>(layout: L): Field<LayoutValue<L>> {
  return {
    notation: 'record',
    parts: layout,
    addTo: (parser, name) => parser.nest(name, { type: parserOf(layout) }),
    value: (raw, name) => recordOf(layout, raw[name] as Record<string, unknown>),
    write: (out, value) => writeLayout(layout, out, value),
  };
}

/** All bytes to the end of the message. */
export const rest: Field<Buffer> = {
  notation: 'rest',
  addTo: (parser, name) => parser.buffer(name, { readUntil: 'eof' }),
  value: plain,
  write: (out, value) => out.raw(value),
};

/** Appends all fields of a value, in the order of their layout. */
export function writeLayout<L extends Layout>(layout: L, out: Outbox, value: LayoutValue<L>): void {
  for (const name in layout) layout[name]!.write(out, value[name]);
}

function parserOf(layout: Layout): Parser {
  const parser = new Parser();
  for (const name in layout) layout[name]!.addTo(parser, name);
  return parser;
}

function recordOf<L extends Layout>(layout: L, raw: Record<string, unknown>): LayoutValue<L> {
  const value: Record<string, unknown> = {};
  for (const name in layout) value[name] = layout[name]!.value(raw, name);
  return value as LayoutValue<L>;
}

/**
 * Makes a decoder of `layout`, compiled on first use. It reads `bytes`, which hold the fields and perhaps more.
 * @throws KnownError WIRE_LAYOUT when the bytes end before the fields do.
 */
export function decoderOf<L extends Layout>(
  kind: string,
  layout: L,
): (bytes: Buffer) => LayoutValue<L> {
  let parser: Parser | undefined;
  return (bytes) => {
    parser ??= parserOf(layout).saveOffset('endOfFields');
    let raw: Record<string, unknown>;
    try {
      raw = parser.parse(bytes);
    } catch (cause) {
      if (!(cause instanceof RangeError)) throw cause;
      throw tooShort(kind, bytes, cause);
    }
    // A length that points behind the end does not throw in binary-parser, it moves the offset there.
    if ((raw['endOfFields'] as number) > bytes.length) throw tooShort(kind, bytes);
    return recordOf(layout, raw);
  };
}

function tooShort(kind: string, bytes: Buffer, cause?: unknown): KnownError {
  const text = `${kind}: expected all its fields, got a body of ${bytes.length} bytes that ends early`;
  return new KnownError('WIRE_LAYOUT', text, { kind, side: 'remote' }, { cause });
}
