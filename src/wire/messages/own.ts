import { i32, laterList16, list16, record, rest, text16, u8, u16, u32 } from '../fields.ts';
import { frameMessage } from '../message.ts';

/**
 * fauxlm's own messages, in the same frame under types from 0x7f00. Each starts with the version of our
 * messages and a tag that the answer repeats, so that requests may be in flight together.
 * Byte for byte, with a worked example of each: docs/protocol.md, "Our own messages".
 */
export const OWN_VERSION = 1;
/** Type codes that are ours: no public message has one of them. */
export const OWN_TYPE_MIN = 0x7f00;
export const OWN_TYPE_MAX = 0x7fff;

/** What each of our messages begins with. */
export const head = { ownVersion: u8, tag: u32 } as const;

/** No to any request: a FlexNet code with its minor and, where there is one, the system's reason. */
export const failure = frameMessage({
  kind: 'failure',
  typeCode: 0x7f00,
  direction: 'server to client',
  layout: { ...head, major: i32, minor: i32, sys: i32, sysText: text16, text: text16 },
});

/** Who asks, in full: a hello's fields are short, and it has none for project or host ids. */
export const identify = frameMessage({
  kind: 'identify',
  typeCode: 0x7f01,
  direction: 'client to manager or daemon',
  layout: {
    ...head,
    user: text16,
    host: text16,
    display: text16,
    platform: text16,
    project: text16,
    pid: u32,
    clientTime: u32,
    versionMajor: u8,
    versionMinor: u8,
    hostids: list16(text16),
    /** What else there is to say: `session` (`remote`), `node`. Names that nobody knows are passed over. */
    traits: laterList16(record({ name: text16, value: text16 })),
  },
});

/** Yes, with nothing to add: to identify, check-in. */
export const accepted = frameMessage({
  kind: 'accepted',
  typeCode: 0x7f02,
  direction: 'server to client',
  layout: { ...head },
});

/** A checkout's flag: tell the walk over the license lines before the answer. */
export const TELL_WALK = 0x0100;

/** Asks for seats. Answered by `granted`, `failure`, or `queued` and later one of those. */
export const checkout = frameMessage({
  kind: 'checkout',
  typeCode: 0x7f03,
  direction: 'client to daemon',
  layout: {
    ...head,
    /** Bit 0: wait in the queue; bit 1: queue and return; bit 8: TELL_WALK. The other bits are zero. */
    flags: u16,
    count: u32,
    feature: text16,
    version: text16,
    data: text16,
  },
});

/** The seats are yours while this connection lives. */
export const granted = frameMessage({
  kind: 'granted',
  typeCode: 0x7f04,
  direction: 'daemon to client',
  layout: { ...head, handle: u32, poolVersion: text16 },
});

/** Gives back what was granted under `handle`. Answered by `accepted` or `failure`. */
export const checkin = frameMessage({
  kind: 'checkin',
  typeCode: 0x7f05,
  direction: 'client to daemon',
  layout: { ...head, handle: u32 },
});

/** I am alive; bit 0 of flags: and the application is in use. */
export const heartbeat = frameMessage({
  kind: 'heartbeat',
  typeCode: 0x7f06,
  direction: 'client to daemon',
  layout: { ...head, flags: u8 },
});

/** I hear you; the daemon's clock, in Unix seconds. */
export const heartbeatAnswer = frameMessage({
  kind: 'heartbeatAnswer',
  typeCode: 0x7f07,
  direction: 'daemon to client',
  layout: { ...head, serverTime: u32 },
});

/** The request waits in the queue; `granted` or `failure` follows under the same tag when its turn has come. */
export const queued = frameMessage({
  kind: 'queued',
  typeCode: 0x7f08,
  direction: 'daemon to client',
  layout: { ...head, handle: u32, /** Requests before it in the line. */ ahead: u32 },
});

/** I wait no longer for what `queued` named. */
export const leaveQueue = frameMessage({
  kind: 'leaveQueue',
  typeCode: 0x7f09,
  direction: 'client to daemon',
  layout: { ...head, handle: u32 },
});

/** Seats are not yours any more, though you have not given them back. Asked by nobody: the tag is 0. */
export const seatLost = frameMessage({
  kind: 'seatLost',
  typeCode: 0x7f0a,
  direction: 'daemon to client',
  layout: { ...head, handle: u32, reason: u8 },
});

/** Seats to keep beyond this connection, until an end that the daemon works out by its own clock. */
export const borrow = frameMessage({
  kind: 'borrow',
  typeCode: 0x7f38,
  direction: 'client to daemon',
  layout: {
    ...head,
    /** Seconds from now; 0: until `end`. */
    seconds: u32,
    /** `9-mar-2031` or `9-mar-2031:18:30`, in the daemon's time zone. */
    end: text16,
    count: u32,
    feature: text16,
    version: text16,
    data: text16,
  },
});

/** The seats are yours until then, connected or not. */
export const borrowed = frameMessage({
  kind: 'borrowed',
  typeCode: 0x7f39,
  direction: 'daemon to client',
  layout: { ...head, handle: u32, until: u32, secondsLeft: u32, poolVersion: text16 },
});

/** Borrowed seats before their time. */
export const returnBorrow = frameMessage({
  kind: 'returnBorrow',
  typeCode: 0x7f3a,
  direction: 'client to daemon',
  layout: { ...head, feature: text16 },
});

/** The manager about itself and its daemons. */
export const serverRequest = frameMessage({
  kind: 'serverRequest',
  typeCode: 0x7f10,
  direction: 'client to manager',
  layout: { ...head },
});

/** What a manager is and has; times are Unix seconds, ports 0 where there is none. */
export const serverAnswer = frameMessage({
  kind: 'serverAnswer',
  typeCode: 0x7f11,
  direction: 'manager to client',
  layout: {
    ...head,
    host: text16,
    port: u32,
    version: text16,
    serverTime: u32,
    licensePaths: list16(text16),
    /** The SERVER lines. State 0 down, 1 up, 2 up and master. */
    servers: list16(record({ host: text16, port: u32, state: u8, version: text16 })),
    /** State 0 down, 1 up. */
    vendors: list16(record({ name: text16, state: u8, port: u32, version: text16, pid: u32 })),
  },
});

/** A daemon's features and who holds them. Page 0 starts; each further page continues. */
export const statusRequest = frameMessage({
  kind: 'statusRequest',
  typeCode: 0x7f12,
  direction: 'client to daemon',
  layout: { ...head, page: u32, /** Bit 0: without users. */ flags: u8, feature: text16 },
});

/** Some records; `more` is 1 when the next page is to be asked for. */
export const statusPage = frameMessage({
  kind: 'statusPage',
  typeCode: 0x7f13,
  direction: 'daemon to client',
  layout: { ...head, more: u8, records: rest },
});

/** An administrator's command: a verb and named words (`down`, `reread`, `remove` ...). */
export const adminRequest = frameMessage({
  kind: 'adminRequest',
  typeCode: 0x7f20,
  direction: 'client to manager or daemon',
  layout: { ...head, verb: text16, words: list16(record({ name: text16, value: text16 })) },
});

/** The command was done; what it told, if anything. */
export const adminAnswer = frameMessage({
  kind: 'adminAnswer',
  typeCode: 0x7f21,
  direction: 'server to client',
  layout: { ...head, lines: list16(text16, 60_000) },
});

/** What would a checkout come to, and why? For whom: the connection's own identity, with these words in its place. */
export const explain = frameMessage({
  kind: 'explain',
  typeCode: 0x7f30,
  direction: 'client to daemon',
  layout: {
    ...head,
    /** Zero. */
    flags: u16,
    count: u32,
    feature: text16,
    version: text16,
    data: text16,
    as: list16(record({ name: text16, value: text16 })),
  },
});

/** A piece of the explanation, which is JSON; `more` is 1 when the next piece follows by itself. */
export const explanation = frameMessage({
  kind: 'explanation',
  typeCode: 0x7f31,
  direction: 'daemon to client',
  layout: { ...head, more: u8, json: rest },
});

/** How a checkout was decided, a line a step; comes before its answer, under its tag. */
export const walk = frameMessage({
  kind: 'walk',
  typeCode: 0x7f32,
  direction: 'daemon to client',
  layout: { ...head, lines: list16(text16, 60_000) },
});
