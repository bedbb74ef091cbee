import type { MessageValue } from './message.ts';
import type { hello } from './messages/index.ts';
import * as own from './messages/own.ts';
import { HEADER_BYTES, type Outbox } from './outbox.ts';
import type { Reader } from './reader.ts';
import { readText } from './text.ts';

/**
 * Hand-written twins of the messages that come by the hundred thousand. binary-parser takes about ten times
 * as long (bench/codec.ts); the declared layouts in messages/ stay the truth, and test/wire/twins.test.ts
 * proves that both read and write the same.
 */
export interface CheckoutFields {
  tag: number;
  flags: number;
  count: number;
  feature: string;
  version: string;
  data: string;
}

const VERSION_BYTES = 1;
const TAG_BYTES = 4;
/** Where the fields behind version and tag start. */
const FIELDS_AT = HEADER_BYTES + VERSION_BYTES + TAG_BYTES;

/** Bytes of a check-in, all told. */
export const CHECKIN_BYTES = FIELDS_AT + 4;
/** Bytes of a leaveQueue, all told. */
export const LEAVE_QUEUE_BYTES = FIELDS_AT + 4;
/** Bytes of a heartbeat, all told. */
export const HEARTBEAT_BYTES = FIELDS_AT + 1;

/**
 * Reads a checkout into `into`, reusing its strings where the bytes repeat them.
 * @throws KnownError WIRE_LAYOUT when its fields do not fit.
 */
export function readCheckout(
  reader: Reader,
  bytes: Buffer,
  start: number,
  end: number,
  into: CheckoutFields,
): void {
  reader.open('checkout', bytes, start + HEADER_BYTES, end);
  reader.skip(VERSION_BYTES);
  into.tag = reader.u32();
  into.flags = reader.u16();
  into.count = reader.u32();
  into.feature = reader.text16Like(into.feature);
  into.version = reader.text16Like(into.version);
  into.data = reader.text16Like(into.data);
}

/** The version byte that starts each of our own messages; 0 when there is none. */
export function ownVersionOf(bytes: Buffer, start: number, end: number): number {
  return end - start > HEADER_BYTES ? bytes[start + HEADER_BYTES]! : 0;
}

/** The tag of one of our own messages; 0 when it is cut off. */
export function tagOf(bytes: Buffer, start: number, end: number): number {
  return end - start >= FIELDS_AT ? bytes.readUInt32BE(start + HEADER_BYTES + VERSION_BYTES) : 0;
}

/** The number behind the tag (check-in: the handle). Short messages are told apart by the caller. */
export function secondU32Of(bytes: Buffer, start: number): number {
  return bytes.readUInt32BE(start + FIELDS_AT);
}

/** The byte behind the tag (heartbeat: its flags). */
export function flagsOf(bytes: Buffer, start: number): number {
  return bytes[start + FIELDS_AT]!;
}

/** `handle` names the seats until they are back; `poolVersion` is that of the pool that granted. */
export function writeGranted(out: Outbox, tag: number, handle: number, poolVersion: string): void {
  beginOwn(out, own.granted.typeCode, tag);
  out.u32(handle);
  out.text16(poolVersion);
  out.end();
}

/** Yes, with nothing to add. */
export function writeAccepted(out: Outbox, tag: number): void {
  beginOwn(out, own.accepted.typeCode, tag);
  out.end();
}

/** `serverTime` is in Unix seconds. */
export function writeHeartbeatAnswer(out: Outbox, tag: number, serverTime: number): void {
  beginOwn(out, own.heartbeatAnswer.typeCode, tag);
  out.u32(serverTime);
  out.end();
}

/** Writes the version of our messages, whatever `value` says; `time` is in Unix seconds. */
export function writeCheckout(out: Outbox, value: CheckoutFields, time = 0): void {
  beginOwn(out, own.checkout.typeCode, value.tag, time);
  out.u16(value.flags);
  out.u32(value.count);
  out.text16(value.feature);
  out.text16(value.version);
  out.text16(value.data);
  out.end();
}

/** `time` is in Unix seconds. */
export function writeCheckin(out: Outbox, tag: number, handle: number, time = 0): void {
  beginOwn(out, own.checkin.typeCode, tag, time);
  out.u32(handle);
  out.end();
}

function beginOwn(out: Outbox, typeCode: number, tag: number, time = 0): void {
  out.begin(typeCode, time);
  out.u8(own.OWN_VERSION);
  out.u32(tag);
}

/** Reads a 147-byte hello. Every length is fixed, so it cannot fail. `mark` is a view of `bytes`. */
export function readHello(bytes: Buffer, start: number): MessageValue<typeof hello> {
  return {
    lead: undefined,
    user: padded(bytes, start + 4, 21),
    host: padded(bytes, start + 25, 33),
    vendor: padded(bytes, start + 58, 11),
    display: padded(bytes, start + 69, 33),
    mark: bytes.subarray(start + 102, start + 115),
    pid: padded(bytes, start + 115, 11),
    platform: padded(bytes, start + 126, 13),
    versionMajor: bytes[start + 139]!,
    versionMinor: bytes[start + 140]!,
    trail: undefined,
  };
}

function padded(bytes: Buffer, start: number, length: number): string {
  let end = start;
  while (end < start + length && bytes[end] !== 0) end++;
  return end === start ? '' : readText(bytes, start, end);
}
