import { writeCheckin, writeCheckout } from './hot.ts';
import type { MessageValue } from './message.ts';
import type * as known from './messages/index.ts';
import { HEADER_BYTES, type Outbox } from './outbox.ts';
import { Reader } from './reader.ts';
import { readText } from './text.ts';

/**
 * Hand-written twins of the answers that a status program reads. They are few, so it is not their own speed:
 * loading binary-parser and compiling one message each costs a short-lived process some milliseconds
 * (bench/lmutil-start.ts). The declared layouts stay the truth; test/wire/client-twins.test.ts proves that
 * both read the same.
 */
type Twin<M> = (bytes: Buffer, start: number, end: number) => MessageValue<M>;

function readGreeting(
  bytes: Buffer,
  start: number,
  end: number,
): MessageValue<typeof known.greeting> {
  const reader = new Reader('greeting', bytes, start + HEADER_BYTES, end);
  return {
    versionMajor: reader.u8(),
    versionMinor: reader.u8(),
    suffix: reader.u16(),
    host: zeroText(reader, bytes),
    daemon: zeroText(reader, bytes),
  };
}

function readRedirect(
  bytes: Buffer,
  start: number,
  end: number,
): MessageValue<typeof known.redirect> {
  const reader = new Reader('redirect', bytes, start + HEADER_BYTES, end);
  const host = zeroText(reader, bytes);
  const port = reader.u32();
  reader.skip(REDIRECT_TRAIL_BYTES);
  return { host, port, trail: undefined };
}

/** Five NULs and `TD`. */
const REDIRECT_TRAIL_BYTES = 7;

function readServerAnswer(
  bytes: Buffer,
  start: number,
  end: number,
): MessageValue<typeof known.serverAnswer> {
  const reader = new Reader('serverAnswer', bytes, start + HEADER_BYTES, end);
  return {
    ownVersion: reader.u8(),
    tag: reader.u32(),
    host: reader.text16(),
    port: reader.u32(),
    version: reader.text16(),
    serverTime: reader.u32(),
    licensePaths: list16(reader, () => reader.text16()),
    servers: list16(reader, () => ({
      host: reader.text16(),
      port: reader.u32(),
      state: reader.u8(),
      version: reader.text16(),
    })),
    vendors: list16(reader, () => ({
      name: reader.text16(),
      state: reader.u8(),
      port: reader.u32(),
      version: reader.text16(),
      pid: reader.u32(),
    })),
  };
}

function readStatusPage(
  bytes: Buffer,
  start: number,
  end: number,
): MessageValue<typeof known.statusPage> {
  const reader = new Reader('statusPage', bytes, start + HEADER_BYTES, end);
  const ownVersion = reader.u8();
  const tag = reader.u32();
  const more = reader.u8();
  return { ownVersion, tag, more, records: Buffer.from(bytes.subarray(reader.at, end)) };
}

function readFailure(
  bytes: Buffer,
  start: number,
  end: number,
): MessageValue<typeof known.failure> {
  const reader = new Reader('failure', bytes, start + HEADER_BYTES, end);
  return {
    ownVersion: reader.u8(),
    tag: reader.u32(),
    major: reader.u32() | 0,
    minor: reader.u32() | 0,
    sys: reader.u32() | 0,
    sysText: reader.text16(),
    text: reader.text16(),
  };
}

const hotReader = new Reader('', Buffer.alloc(0), 0, 0);
let usualVersion = '';

function readGranted(
  bytes: Buffer,
  start: number,
  end: number,
): MessageValue<typeof known.granted> {
  hotReader.open('granted', bytes, start + HEADER_BYTES, end);
  const ownVersion = hotReader.u8();
  const tag = hotReader.u32();
  const handle = hotReader.u32();
  usualVersion = hotReader.text16Like(usualVersion);
  return { ownVersion, tag, handle, poolVersion: usualVersion };
}

function readAccepted(
  bytes: Buffer,
  start: number,
  end: number,
): MessageValue<typeof known.accepted> {
  hotReader.open('accepted', bytes, start + HEADER_BYTES, end);
  return { ownVersion: hotReader.u8(), tag: hotReader.u32() };
}

/** By message kind. What is not here is read by its declared layout. */
export const clientTwins = {
  greeting: readGreeting,
  redirect: readRedirect,
  serverAnswer: readServerAnswer,
  statusPage: readStatusPage,
  failure: readFailure,
  granted: readGranted,
  accepted: readAccepted,
} as const satisfies {
  readonly [K in keyof typeof known.messages]?: Twin<(typeof known.messages)[K]>;
};

/** Reads the message in `bytes[start..end)`. */
export type Decode = (bytes: Buffer, start: number, end: number) => unknown;

/** How a message is read: by its twin where there is one. Throws as its own `decode` does; keeps nothing of `bytes`. */
export function quickDecoder(message: { readonly kind: string; readonly decode: Decode }): Decode {
  return clientTwins[message.kind as keyof typeof clientTwins] ?? copying(message.decode);
}

/** Fields that are raw bytes would else point into the socket's read buffer. */
function copying(decode: Decode): Decode {
  return (bytes, start, end) => decode(Buffer.from(bytes.subarray(start, end)), 0, end - start);
}

/** Writing twins, of what load generators send by the hundred thousand. */
const writers = {
  checkout: writeCheckout,
  checkin: (out: Outbox, { tag, handle }: { tag: number; handle: number }, time: number): void =>
    writeCheckin(out, tag, handle, time),
} as const;

/** Appends a message; `time` is Unix time in seconds, for the kinds that have one. */
export type Write = (out: Outbox, value: never, time: number) => void;

/** How a message is written: by its twin where there is one. */
export function quickWriter(message: { readonly kind: string; readonly write: Write }): Write {
  return writers[message.kind as keyof typeof writers] ?? message.write;
}

function zeroText(reader: Reader, bytes: Buffer): string {
  const start = reader.at;
  const end = bytes.indexOf(0, start);
  reader.skip(end < 0 ? reader.left + 1 : end - start + 1);
  return readText(bytes, start, end);
}

/** Every item takes at least a byte, so a count that lies ends with the frame, at 65,535 bytes. */
function list16<T>(reader: Reader, item: () => T): T[] {
  const list: T[] = [];
  for (let left = reader.u16(); left > 0; left--) list.push(item());
  return list;
}
