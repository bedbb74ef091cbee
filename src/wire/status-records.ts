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
import { BODY_BYTES_MAX, type Outbox } from './outbox.ts';
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
export const RECORD_HEAD_BYTES = 3;

/** The kinds by their codes. */
export const kindOfCode: ReadonlyMap<number, StatusKind> = new Map(
  (Object.keys(statusLayouts) as StatusKind[]).map((kind) => [statusLayouts[kind].code, kind]),
);

/** Bytes of records that fit one page, and so one `statusPage`: behind its header, version, tag and `more`. */
export const PAGE_RECORD_BYTES_MAX = BODY_BYTES_MAX - 6;

/** Appends one record, at most about 25,000 bytes. */
export function writeStatusRecord(out: Outbox, value: StatusRecord): void {
  const start = out.length;
  const { code, layout } = statusLayouts[value.kind];
  out.u8(code);
  out.u16(0);
  if (value.kind === 'user') writeUser(out, value);
  else writeLayout(layout as Layout, out, value as never);
  out.patchU16(start + 1, out.length - start - RECORD_HEAD_BYTES);
}

/** One reader for all records: each is whole before the next starts. */
const fields = new Reader('statusPage', Buffer.alloc(0), 0, 0);

/**
 * The record that is `bytes[start..end)`, its kind and length included; undefined for an unknown kind.
 * @throws KnownError WIRE_LAYOUT when it ends before its fields do.
 */
export function readStatusRecord(
  bytes: Buffer,
  start: number,
  end: number,
): StatusRecord | undefined {
  const kind = kindOfCode.get(bytes[start]!);
  if (kind === undefined) return undefined;
  fields.open(kind, bytes, start + RECORD_HEAD_BYTES, end);
  return kind === 'user' ? readUser(fields) : readRecord(kind, fields);
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

type UserRecord = Extract<StatusRecord, { kind: 'user' }>;

/** Holders come by the hundred thousand: one field after another, without a walk through their layout. */
function writeUser(out: Outbox, value: UserRecord): void {
  out.text16(value.user);
  out.text16(value.host);
  out.text16(value.display);
  out.text16(value.data);
  out.text16(value.version);
  out.text16(value.project);
  out.u32(value.handle);
  out.u32(value.since);
  out.u32(value.count);
  out.u32(value.pid);
  out.u32(value.lingerRemaining);
  out.u32(value.lingerTotal);
  out.u8(value.flags);
}

/** What the holder before said: neighbours mostly have hosts, displays and versions that are the same. */
const usual = { host: '', display: '', version: '' };

function readUser(reader: Reader): UserRecord {
  const user = reader.text16();
  usual.host = reader.text16Like(usual.host);
  usual.display = reader.text16Like(usual.display);
  const data = reader.text16();
  usual.version = reader.text16Like(usual.version);
  return {
    kind: 'user',
    user,
    ...usual,
    data,
    project: reader.text16(),
    handle: reader.u32(),
    since: reader.u32(),
    count: reader.u32(),
    pid: reader.u32(),
    lingerRemaining: reader.u32(),
    lingerTotal: reader.u32(),
    flags: reader.u8(),
  };
}

/** One record as a field, for the declared layout that the test holds the hand-written reader against. */
export function statusRecordField<K extends StatusKind>(
  kind: K,
): Field<LayoutValue<Layouts[K]['layout']>> {
  return record(statusLayouts[kind].layout as never) as never;
}
