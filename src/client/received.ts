import { KnownError } from '../base/errors.ts';
import type { Refusal } from '../base/refusal.ts';
import { type Decode, quickDecoder } from '../wire/client-twins.ts';
import type { MessageValue } from '../wire/message.ts';
import { type MessageKind, messages } from '../wire/messages/index.ts';
import type { WireFault } from '../wire/splitter.ts';

type Messages = typeof messages;

/**
 * A message that came, decoded; or why none will: a FlexNet refusal, the network's failures
 * included.
 */
export type Received =
  | {
      [K in MessageKind]: { readonly kind: K; readonly value: MessageValue<Messages[K]> };
    }[MessageKind]
  | {
      readonly kind: 'refused';
      readonly refusal: Refusal;
      /** The peer's own words, perhaps none; absent when it is the network that failed. */
      readonly text?: string;
      /** The tag of the request, in our own messages. */
      readonly tag?: number;
    };

/** A kind of message, and how one is read. */
export interface Incoming {
  readonly kind: MessageKind;
  readonly decode: Decode;
}

/** By the type code of a frame, and by the first byte of an old message. */
export const incomingFrames = new Map<number, Incoming>();
export const incomingLegacy = new Map<number, Incoming>();
for (const kind of Object.keys(messages) as MessageKind[]) {
  const { generation, typeCode } = messages[kind];
  // Both the legacy redirect and the legacy text are `L`; a client of ours asks for text only.
  if (kind === 'legacyRedirect') continue;
  const incoming = { kind, decode: quickDecoder(messages[kind]) };
  (generation === 'frame' ? incomingFrames : incomingLegacy).set(typeCode, incoming);
}

/** What came as such a message, or what is wrong with it. The value keeps nothing of `bytes`. */
export function receivedIn(
  incoming: Incoming | undefined,
  bytes: Buffer,
  start: number,
  end: number,
): Received | Refusal {
  if (incoming === undefined) {
    return { ...nonsense, minor: 2, sysText: 'a message of an unknown type' };
  }
  const { kind, decode } = incoming;
  try {
    const value = decode(bytes, start, end);
    return asRefusal(kind, value) ?? ({ kind, value } as Received);
  } catch (error) {
    if (!(error instanceof KnownError)) throw error;
    return { ...nonsense, minor: 3, sysText: `${kind}: fields that do not fit` };
  }
}

/** Characters of the system's words in a refusal; the operating system's own are under a hundred. */
const SYSTEM_WORDS_MAX = 200;

/** Our `failure` and the old `W` are refusals; everything else is a message. */
function asRefusal(kind: MessageKind, value: unknown): Received | undefined {
  if (kind === 'failure') {
    const { tag, major, minor, sys, sysText, text } = value as MessageValue<Messages['failure']>;
    // 0 is no system error; words may come without a number.
    const words = sysText.slice(0, SYSTEM_WORDS_MAX);
    const system = { ...(sys === 0 ? {} : { sys }), ...(words === '' ? {} : { sysText: words }) };
    return { kind: 'refused', refusal: { major, minor, ...system }, text, tag };
  }
  if (kind === 'legacyError') {
    const code = Number.parseInt((value as MessageValue<Messages['legacyError']>).code, 10);
    const refusal = { major: Number.isNaN(code) ? -12 : code, minor: 0 };
    return { kind: 'refused', refusal, text: '' };
  }
  return undefined;
}

const nonsense = { major: -12 } as const;

const faults: Readonly<Record<WireFault, string>> = {
  checksum: 'a message with a wrong checksum',
  layout: 'a message of a length that none has',
};

/** The stream has lost its boundaries. */
export function brokenStream(fault: WireFault): Refusal {
  return { ...nonsense, minor: 1, sysText: faults[fault] };
}

/** What a server's messages start with: a frame's mark, or the kind of an old answer. */
const firstBytes = new Set([0x2f, ...incomingLegacy.keys()]);

/** Whether a server's message may begin with this byte. */
export function startsMessage(byte: number): boolean {
  return firstBytes.has(byte);
}

/** Characters shown of what is no message. */
const SHOWN_MAX = 24;

/** Something else listens there; its first line often says what. */
export function noMessage(chunk: Buffer): Refusal {
  const got = chunk.toString('latin1', 0, SHOWN_MAX).split(/[\r\n]/, 1)[0];
  return { ...nonsense, minor: 1, sysText: `expected a FlexNet message, got ${got}` };
}

/** No answer in time, and a conversation that went beyond its end. */
export const noAnswer: Received = { kind: 'refused', refusal: { major: -52, minor: 1 } };
export const tooLong: Received = {
  kind: 'refused',
  refusal: { major: -52, minor: 3, sysText: 'the answer went on for too long' },
};
