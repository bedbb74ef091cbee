import { KnownError } from '../base/errors.ts';
import { limits } from '../base/limits.ts';
import type { CheckoutCommand } from '../domain/ledger/commands.ts';
import type { Client } from '../domain/ledger/model.ts';
import {
  CHECKIN_BYTES,
  type CheckoutFields,
  HEARTBEAT_BYTES,
  ownVersionOf,
  readCheckout,
  readHello,
  secondU32Of,
  tagOf,
  writeAccepted,
  writeGranted,
  writeHeartbeatAnswer,
} from '../wire/hot.ts';
import {
  messages,
  OWN_TYPE_MAX,
  OWN_TYPE_MIN,
  OWN_VERSION,
  TELL_WALK,
} from '../wire/messages/index.ts';
import { nextPhase } from '../wire/phases.ts';
import { Reader } from '../wire/reader.ts';
import { answersByType, phaseOf } from './answers.ts';
import { answerExplain } from './explanations.ts';
import { adoptIdentity, clientOf, greet, isAnnounced } from './greetings.ts';
import type { Peer } from './peer.ts';
import {
  answerFeatureStatus,
  answerFeatures,
  answerSets,
  legacyFeatures,
  legacyStatus,
} from './public-status.ts';
import { protocolRefusals, refuse, writeFailure } from './refusals.ts';
import { answerStatus, type StatusPages } from './status-pages.ts';
import { answerAdmin } from './vendor-admin.ts';
import type { VendorDaemon } from './vendor-daemon.ts';
import { tellWalk } from './walks.ts';

/** What a daemon keeps beside a connection: fields that messages are read into, and an open status listing. */
export interface VendorNotes {
  readonly checkout: CheckoutFields;
  readonly command: { -readonly [K in keyof CheckoutCommand]: CheckoutCommand[K] };
  pages?: StatusPages;
}

type Answer = (daemon: VendorDaemon, peer: Peer, bytes: Buffer, start: number, end: number) => void;

const reader = new Reader('', Buffer.alloc(0), 0, 0);

/** Every frame that a vendor daemon understands; when it may come is in the phase table. */
const answers = answersByType<Answer>({
  checkout,
  checkin,
  heartbeat,
  identify,
  statusRequest: answerStatus,
  adminRequest: answerAdmin,
  explain: answerExplain,
  featuresRequest: answerFeatures,
  setsRequest: answerSets,
  featureStatusRequest: answerFeatureStatus,
});

/** Answers a frame on a daemon's connection; whatever is wrong with it gets the defined refusal. */
export function answerVendorFrame(
  daemon: VendorDaemon,
  peer: Peer,
  type: number,
  bytes: Buffer,
  start: number,
  end: number,
): void {
  const own = type >= OWN_TYPE_MIN && type <= OWN_TYPE_MAX;
  if (own && ownVersionOf(bytes, start, end) !== OWN_VERSION) {
    return writeFailure(peer, tagOf(bytes, start, end), protocolRefusals.newerVersion);
  }
  const row = answers.get(type);
  const tag = own ? tagOf(bytes, start, end) : 0;
  if (row === undefined) {
    // What a vendor's own software would say next: the handshake that fauxlm does not have.
    if (!own) daemon.options.log.unsupportedClient(peer, type);
    return refuse(peer, type, tag, protocolRefusals.unknownMessage);
  }
  if (nextPhase('daemon', phaseOf(peer), row.kind) === undefined) {
    return refuse(peer, type, tag, protocolRefusals.noHello);
  }
  try {
    row.answer(daemon, peer, bytes, start, end);
  } catch (error) {
    if (!(error instanceof KnownError)) throw error;
    refuse(peer, type, tag, protocolRefusals.badFields);
  }
}

/** Answers a 147-byte message on a daemon's connection. */
export function answerVendorLegacy(
  daemon: VendorDaemon,
  peer: Peer,
  kind: number,
  bytes: Buffer,
  start: number,
): void {
  switch (kind) {
    case messages.hello.typeCode:
      return hello(daemon, peer, bytes, start);
    case messages.legacyFeaturesRequest.typeCode:
      return peer.client ? legacyFeatures(daemon, peer) : refuseLegacy(peer, -33);
    case messages.legacyStatusRequest.typeCode:
      return peer.client ? legacyStatus(daemon, peer, bytes, start) : refuseLegacy(peer, -33);
    default:
      daemon.options.log.unsupportedClient(peer, kind);
      return refuseLegacy(peer, -140);
  }
}

function refuseLegacy(peer: Peer, code: number): void {
  messages.legacyError.write(peer.out, { code: String(code) });
}

function hello(daemon: VendorDaemon, peer: Peer, bytes: Buffer, start: number): void {
  const value = readHello(bytes, start);
  adopt(peer, clientOf(value, peer.remoteAddress), isAnnounced(value));
  daemon.options.log.clientConnected();
  const host = daemon.options.advertisedHost ?? peer.localAddress;
  greet(peer, { host, daemon: daemon.name, legacy: daemon.options.legacy });
}

/** Makes `client` the identity of the connection from here on; seats it holds keep theirs. */
function adopt(peer: Peer, client: Client, announced: boolean): void {
  peer.client = client;
  peer.announced = announced;
  peer.notes ??= newNotes(peer, client);
  (peer.notes as VendorNotes).command.client = client;
}

function newNotes(peer: Peer, client: Client): VendorNotes {
  const session = peer.id;
  return {
    checkout: { tag: 0, flags: 0, count: 1, feature: '', version: '', data: '' },
    command: {
      kind: 'checkout',
      session,
      client,
      feature: '',
      version: '',
      count: 1,
      data: '',
    },
  };
}

function identify(
  _daemon: VendorDaemon,
  peer: Peer,
  bytes: Buffer,
  start: number,
  end: number,
): void {
  const client = adoptIdentity(peer, bytes, start, end);
  if (client) (peer.notes as VendorNotes).command.client = client;
}

function checkout(
  daemon: VendorDaemon,
  peer: Peer,
  bytes: Buffer,
  start: number,
  end: number,
): void {
  const { checkout: fields, command } = peer.notes as VendorNotes;
  readCheckout(reader, bytes, start, end, fields);
  if (!isAskable(fields)) return writeFailure(peer, fields.tag, protocolRefusals.badFields);
  command.feature = fields.feature;
  command.version = fields.version;
  command.count = fields.count;
  command.data = fields.data;
  if (!daemon.hasRoomFor(command)) {
    return writeFailure(peer, fields.tag, protocolRefusals.fullOfCheckouts);
  }
  tellWalk(daemon, peer, command, fields);
  const events = daemon.apply(command);
  const last = events[events.length - 1]!;
  if (last.kind === 'seatTaken') {
    writeGranted(peer.out, fields.tag, last.handle, last.pool.definition.version);
  } else if (last.kind === 'checkoutDenied' || last.kind === 'featureUnsupported') {
    writeFailure(peer, fields.tag, last.refusal);
  }
}

function isAskable({ count, feature, version, data, flags }: CheckoutFields): boolean {
  return (
    count >= 1 &&
    (flags & ~TELL_WALK) === 0 &&
    feature.length > 0 &&
    feature.length <= limits.fieldCharactersMax &&
    data.length <= limits.fieldCharactersMax &&
    version.length <= limits.fieldCharactersMax
  );
}

function checkin(
  daemon: VendorDaemon,
  peer: Peer,
  bytes: Buffer,
  start: number,
  end: number,
): void {
  const tag = tagOf(bytes, start, end);
  if (end - start < CHECKIN_BYTES) return writeFailure(peer, tag, protocolRefusals.badFields);
  const handle = secondU32Of(bytes, start);
  const event = daemon.apply({ kind: 'checkin', session: peer.id, handle })[0];
  if (event?.kind === 'checkinRefused') return writeFailure(peer, tag, event.refusal);
  // It came back, or lingers: the client is rid of it.
  writeAccepted(peer.out, tag);
}

function heartbeat(
  daemon: VendorDaemon,
  peer: Peer,
  bytes: Buffer,
  start: number,
  end: number,
): void {
  const tag = tagOf(bytes, start, end);
  if (end - start < HEARTBEAT_BYTES) return writeFailure(peer, tag, protocolRefusals.badFields);
  writeHeartbeatAnswer(peer.out, tag, Math.floor(daemon.now() / 1000));
}
