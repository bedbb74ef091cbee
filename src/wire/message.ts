import { decoderOf, type Layout, type LayoutValue, writeLayout } from './fields.ts';
import { HEADER_BYTES, LEGACY_BYTES, type Outbox } from './outbox.ts';

export type Generation = 'frame' | 'legacy';

/** One message: its name, its number, its fields; decode, encode and the value's type follow from those. */
export interface Message<K extends string, L extends Layout> {
  readonly kind: K;
  readonly generation: Generation;
  /** The frame's type, or the first byte of a 147-byte message. */
  readonly typeCode: number;
  /** Who sends it to whom, in a word or two, for docs/protocol.md. */
  readonly direction: string;
  readonly layout: L;
  /**
   * Reads the message that is `bytes[start..end)`, sums already checked.
   * @throws KnownError WIRE_LAYOUT when its fields do not fit.
   */
  decode(bytes: Buffer, start: number, end: number): LayoutValue<L>;
  /** Appends the whole message; `time` (Unix seconds) goes into a frame's header. */
  write(out: Outbox, value: LayoutValue<L>, time?: number): void;
}

export type MessageValue<M> = M extends Message<string, infer L> ? LayoutValue<L> : never;

interface Definition<K extends string, L extends Layout> {
  readonly kind: K;
  readonly typeCode: number;
  readonly direction: string;
  readonly layout: L;
}

/** Defines a message of the 0x2f generation. */
export function frameMessage<const K extends string, L extends Layout>(
  definition: Definition<K, L>,
): Message<K, L> {
  const decode = decoderOf(definition.kind, definition.layout);
  return {
    ...definition,
    generation: 'frame',
    decode: (bytes, start, end) => decode(bytes.subarray(start + HEADER_BYTES, end)),
    write(out, value, time = 0) {
      out.begin(definition.typeCode, time);
      writeLayout(definition.layout, out, value);
      out.end();
    },
  };
}

/** Defines a 147-byte message; its fields start behind kind and sum. */
export function legacyMessage<const K extends string, L extends Layout>(
  definition: Definition<K, L>,
): Message<K, L> {
  const decode = decoderOf(definition.kind, definition.layout);
  return {
    ...definition,
    generation: 'legacy',
    decode: (bytes, start) => decode(bytes.subarray(start + 2, start + LEGACY_BYTES)),
    write(out, value) {
      out.beginLegacy(definition.typeCode);
      writeLayout(definition.layout, out, value);
      out.endLegacy();
    },
  };
}
