import { KnownError } from '../../base/errors.ts';
import { readHello, secondU32Of } from '../../wire/hot.ts';
import { type MessageKind, messages } from '../../wire/messages/index.ts';
import type { Peer } from '../peer.ts';
import type { Call } from './call.ts';
import type { CallKind } from './common-words.ts';

/** What a fault calls the messages that clients send; any other is a query. */
const frameCalls: Readonly<Partial<Record<MessageKind, CallKind>>> = {
  identify: 'identify',
  checkout: 'checkout',
  checkin: 'checkin',
  leaveQueue: 'checkin',
  heartbeat: 'heartbeat',
  borrow: 'borrow',
  returnBorrow: 'borrow',
  statusRequest: 'status',
  featuresRequest: 'status',
  setsRequest: 'status',
  featureStatusRequest: 'status',
  adminRequest: 'admin',
};

const kindsByType = new Map(
  (Object.keys(frameCalls) as MessageKind[]).map((kind) => [messages[kind].typeCode, kind]),
);

/** What a frame asks, of whom, for whom. */
export function callOfFrame(
  peer: Peer,
  type: number,
  bytes: Buffer,
  start: number,
  end: number,
): Call {
  const kind = kindsByType.get(type);
  const on = kind === undefined ? 'query' : frameCalls[kind]!;
  const said = kind === undefined ? {} : fieldsOf(kind, bytes, start, end);
  const { server, vendor } = peer.responder.faults;
  const { user, host } = on === 'identify' ? said : { ...peer.client };
  const feature =
    kind === 'checkin' ? peer.responder.featureOf(secondU32Of(bytes, start)) : said.feature;
  return { server, vendor, on, user, host, feature: feature === '' ? undefined : feature };
}

/** A 147-byte message: a hello names who asks, and the daemon that is asked for. */
export function callOfLegacy(peer: Peer, kind: number, bytes: Buffer, start: number): Call {
  const { server, vendor } = peer.responder.faults;
  if (kind !== messages.hello.typeCode) {
    return { server, vendor, on: 'status', user: peer.client?.user, host: peer.client?.host };
  }
  const { user, host, vendor: asked } = readHello(bytes, start);
  return { server, vendor: server === 'vendor' ? vendor : asked, on: 'hello', user, host };
}

type Decode = (bytes: Buffer, start: number, end: number) => Said;

interface Said {
  readonly user?: string;
  readonly host?: string;
  readonly feature?: string;
}

/** The fields of a message that a scope may name; none of one that is wrong, which is answered as such. */
function fieldsOf(kind: MessageKind, bytes: Buffer, start: number, end: number): Said {
  const message = messages[kind] as unknown as { decode: Decode };
  try {
    return message.decode(bytes, start, end);
  } catch (error) {
    if (error instanceof KnownError) return {};
    throw error;
  }
}
