import {
  constant,
  type Field,
  paddedBytes,
  paddedText,
  rest,
  u8,
  u16,
  u32,
  zeroText,
} from '../fields.ts';
import { frameMessage, legacyMessage } from '../message.ts';

/**
 * The public, read-only part: what independent status programs use. Layouts and the grade of proof of each
 * byte: docs/protocol.md, "Public messages", from published captures and clients.
 */

/** Client to license manager, and to a vendor daemon: who I am, and whom I want (empty: the manager). */
export const hello = legacyMessage({
  kind: 'hello',
  typeCode: 0x68,
  direction: 'client to manager or daemon',
  layout: {
    lead: constant(0x31, 0x33),
    user: paddedText(21),
    host: paddedText(33),
    vendor: paddedText(11),
    display: paddedText(33),
    /** `T` in captures; our own programs announce themselves here (announcement.ts). */
    mark: paddedBytes(13),
    pid: paddedText(11),
    platform: paddedText(13),
    versionMajor: u8,
    versionMinor: u8,
    trail: constant(0x37, 0x38, 0x00, 0x31, 0x34, 0x00),
  },
});

/** Answer to a hello without vendor, and of a vendor daemon to any hello. */
export const greeting = frameMessage({
  kind: 'greeting',
  typeCode: 0x010e,
  direction: 'server to client',
  layout: {
    versionMajor: u8,
    versionMinor: u8,
    /** Unexplained. Zero, but to our own programs what answers their announcement. */
    suffix: u16,
    host: zeroText,
    daemon: zeroText,
  },
});

/** Answer of the manager to a hello with vendor: where that daemon listens. */
export const redirect = frameMessage({
  kind: 'redirect',
  typeCode: 0x0113,
  direction: 'manager to client',
  layout: { host: zeroText, port: u32, trail: constant(0, 0, 0, 0, 0, 0x54, 0x44) },
});

/** `getpaths`, `dlist`, or an empty command for the license text. */
export const command = frameMessage({
  kind: 'command',
  typeCode: 0x0108,
  direction: 'client to manager',
  layout: {
    lead: constant(0x01, 0x04),
    user: zeroText,
    host: zeroText,
    daemon: zeroText,
    display: zeroText,
    command: zeroText,
  },
});

/** Text that answers a command, and a vendor daemon's feature list. */
export const textAnswer = frameMessage({
  kind: 'textAnswer',
  typeCode: 0x0146,
  direction: 'server to client',
  layout: { unknown: u16, textBytes: u16, text: rest },
});

/** Asks for the names of a daemon's features. Answered by `textAnswer`. */
export const featuresRequest = frameMessage({
  kind: 'featuresRequest',
  typeCode: 0x013b,
  direction: 'client to daemon',
  layout: { lead: constant(0x31, 0x00, 0x30, 0x00) },
});

/** Asks for the lines of a daemon's license. Answered by `sets`. */
export const setsRequest = frameMessage({
  kind: 'setsRequest',
  typeCode: 0x0127,
  direction: 'client to daemon',
  layout: { lead: constant(0x01, 0x00, 0x00, 0x00, 0x00) },
});

/** Groups of eight strings: id, signature, names, first date, last date, id, address, license line. */
export const sets = frameMessage({
  kind: 'sets',
  typeCode: 0x0128,
  direction: 'daemon to client',
  layout: { strings: rest },
});

/** The signature a client sends is unreliable, so the answer goes by the feature's name. */
export const featureStatusRequest = frameMessage({
  kind: 'featureStatusRequest',
  typeCode: 0x013c,
  direction: 'client to daemon',
  layout: { feature: zeroText, others: rest },
});

/** Used, total and Unix time as NUL-terminated decimals; exactly `used` usage records follow. */
export const featureStatus = frameMessage({
  kind: 'featureStatus',
  typeCode: 0x004e,
  direction: 'daemon to client',
  layout: { unknown: u16, used: zeroText, total: zeroText, time: zeroText },
});

/** Clients take the first 0x01 of a usage record for the end of its texts. */
const usageText: Field<string> = {
  ...zeroText,
  write: (out, value) => zeroText.write(out, value.replaceAll('\x01', '')),
};

/** One seat in use. */
export const usage = frameMessage({
  kind: 'usage',
  typeCode: 0x0114,
  direction: 'daemon to client',
  layout: {
    user: usageText,
    host: usageText,
    display: usageText,
    version: usageText,
    mark: constant(0x01, 0, 0, 0, 0),
    since: u32,
    handleHigh: u32,
    handle: u32,
  },
});

/** Old manager's redirect: host and port as text, 147 bytes. Sent only with `--protocol legacy`. */
export const legacyRedirect = legacyMessage({
  kind: 'legacyRedirect',
  typeCode: 0x4c,
  direction: 'manager to client',
  layout: { host: paddedText(33), port: paddedText(16) },
});

/** Old daemon's feature list request: `=` and `l1`. */
export const legacyFeaturesRequest = legacyMessage({
  kind: 'legacyFeaturesRequest',
  typeCode: 0x3d,
  direction: 'client to daemon',
  layout: { lead: constant(0x6c, 0x31) },
});

/** Old daemon's status request. */
export const legacyStatusRequest = legacyMessage({
  kind: 'legacyStatusRequest',
  typeCode: 0x6c,
  direction: 'client to daemon',
  layout: { feature: paddedText(31), sign: paddedText(21), lead: constant(0x31) },
});

/** A piece of text; `remaining` counts from this piece on, 134 bytes a piece. */
export const legacyText = legacyMessage({
  kind: 'legacyText',
  typeCode: 0x4c,
  direction: 'daemon to client',
  layout: { remaining: paddedText(11), text: paddedBytes(134) },
});

/** Used, total, Unix time as NUL-terminated decimals. */
export const legacyStatus = legacyMessage({
  kind: 'legacyStatus',
  typeCode: 0x4e,
  direction: 'daemon to client',
  layout: { used: zeroText, total: zeroText, time: zeroText },
});

/** `W`: a FlexNet error as a decimal. Never answers a valid request: old clients know no `W`. */
export const legacyError = legacyMessage({
  kind: 'legacyError',
  typeCode: 0x57,
  direction: 'server to client',
  layout: { code: paddedText(12) },
});
