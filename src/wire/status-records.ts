import {
  type Field,
  type Layout,
  type LayoutValue,
  record,
  text16,
  u8,
  u32,
  writeLayout,
} from './fields.ts';
import { BODY_BYTES_MAX, Outbox } from './outbox.ts';
import { Reader } from './reader.ts';

/**
 * What a status page is made of: records of a kind byte, a 16-bit length and fields. A reader skips the kinds
 * it does not know. Strings are told from absence by their own rule beside each field.
 */
export const statusLayouts = {
  /** A feature's totals. `state`: 0 counted, 1 uncounted, 2 licensed but not served. Its pools follow. */
  feature: { code: 1, layout: { name: text16, state: u8, issued: u32, used: u32, queued: u32 } },
  /**
   * A pool. `lock`: 0 floating, 1 node-locked, 2 uncounted node-locked; `lockedTo` is the host id or ''.
   * `expiry` as in the license file; `vendorString` '' when the line has none. Its holders follow.
   */
  pool: {
    code: 2,
    layout: {
      name: text16,
      version: text16,
      vendor: text16,
      expiry: text16,
      vendorString: text16,
      lock: u8,
      lockedTo: text16,
      capacity: u32,
      used: u32,
    },
  },
  /** A holder. `lingerTotal` 0: no linger. `flags` bit 0: borrowed. Times are Unix seconds. */
  user: {
    code: 3,
    layout: {
      user: text16,
      host: text16,
      display: text16,
      data: text16,
      version: text16,
      project: text16,
      handle: u32,
      since: u32,
      count: u32,
      pid: u32,
      lingerRemaining: u32,
      lingerTotal: u32,
      flags: u8,
    },
  },
  reservation: { code: 4, layout: { count: u32, type: text16, name: text16 } },
  queued: {
    code: 5,
    layout: {
      user: text16,
      host: text16,
      display: text16,
      version: text16,
      handle: u32,
      count: u32,
    },
  },
  /** The daemon itself, before its first feature. `dialect`: how its vendor's lmstat writes. */
  daemon: { code: 6, layout: { dialect: text16 } },
} as const;

type Layouts = typeof statusLayouts;
export type StatusKind = keyof Layouts;
export type StatusRecord = {
  [K in StatusKind]: { readonly kind: K } & LayoutValue<Layouts[K]['layout']>;
}[StatusKind];

/** A record's kind byte and length. */
const RECORD_HEAD_BYTES = 3;

const kindOfCode = new Map<number, StatusKind>(
  (Object.keys(statusLayouts) as StatusKind[]).map((kind) => [statusLayouts[kind].code, kind]),
);

/** Bytes of records that fit one page, and so one `statusPage`: behind its header, version, tag and `more`. */
export const PAGE_RECORD_BYTES_MAX = BODY_BYTES_MAX - 6;

/** Room shared by all encodings: one is whole before the next starts. */
const scratch = new Outbox();

/** The bytes of one record, to be kept and put into pages; at most about 25,000. */
export function encodeStatusRecord(value: StatusRecord): Buffer {
  const { code, layout } = statusLayouts[value.kind];
  scratch.rewind(0);
  scratch.u8(code);
  scratch.u16(0);
  writeLayout(layout as Layout, scratch, value as never);
  scratch.patchU16(1, scratch.length - RECORD_HEAD_BYTES);
  return scratch.take();
}

/**
 * The records of a page, in order; unknown kinds are skipped.
 * @throws KnownError WIRE_LAYOUT when a record ends early.
 */
export function decodeStatusRecords(bytes: Buffer): StatusRecord[] {
  const records: StatusRecord[] = [];
  const reader = new Reader('statusPage', bytes, 0, bytes.length);
  const inner = new Reader('statusPage', bytes, 0, 0);
  while (reader.left > 0) {
    const kind = kindOfCode.get(reader.u8());
    const length = reader.u16();
    const start = reader.at;
    reader.skip(length);
    if (kind === undefined) continue;
    inner.open(kind, bytes, start, start + length);
    records.push(readRecord(kind, inner));
  }
  return records;
}

/** By hand, from the same table that declares the layout: the fields here are of three kinds only. */
function readRecord(kind: StatusKind, reader: Reader): StatusRecord {
  const layout: Record<string, unknown> = statusLayouts[kind].layout;
  const value: Record<string, unknown> = { kind };
  for (const name in layout) {
    const field = layout[name];
    value[name] = field === text16 ? reader.text16() : field === u8 ? reader.u8() : reader.u32();
  }
  return value as StatusRecord;
}

/** One record as a field, for the declared layout that the test holds the hand-written reader against. */
export function statusRecordField<K extends StatusKind>(
  kind: K,
): Field<LayoutValue<Layouts[K]['layout']>> {
  return record(statusLayouts[kind].layout as never) as never;
}
