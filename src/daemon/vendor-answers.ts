import type { EpochMs } from '../base/clock.ts';
import { KnownError } from '../base/errors.ts';
import type { CheckoutCommand } from '../domain/ledger/commands.ts';
import type { Client } from '../domain/ledger/model.ts';
import { type CheckoutFields, ownVersionOf, readHello, tagOf } from '../wire/hot.ts';
import { messages, OWN_TYPE_MAX, OWN_TYPE_MIN, OWN_VERSION } from '../wire/messages/index.ts';
import { nextPhase } from '../wire/phases.ts';
import { answersByType, phaseOf } from './answers.ts';
import { answerBorrow, answerReturnBorrow } from './borrow-answers.ts';
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
import {
  answerCheckin,
  answerCheckout,
  answerHeartbeat,
  answerLeaveQueue,
} from './seat-answers.ts';
import { answerStatus, type StatusPages } from './status-pages.ts';
import { answerAdmin } from './vendor-admin.ts';
import type { VendorDaemon } from './vendor-daemon.ts';

/** What a daemon keeps beside a connection: fields that messages are read into, and an open status listing. */
export interface VendorNotes {
  readonly checkout: CheckoutFields;
  readonly command: { -readonly [K in keyof CheckoutCommand]: CheckoutCommand[K] };
  /** What its latest heartbeat said: the application is in use. */
  inUse: boolean;
  /** When a heartbeat said so last. */
  usedAt: EpochMs;
  /** Nothing has been heard of it for long. */
  silent: boolean;
  /** FlexNet release of the client, by its hello. */
  version: { readonly major: number; readonly minor: number };
  /** It has asked for seats, and counts as an application (MAX_CONNECTIONS). */
  isApplication: boolean;
  pages?: StatusPages;
}

type Answer = (daemon: VendorDaemon, peer: Peer, bytes: Buffer, start: number, end: number) => void;

/** Every frame that a vendor daemon understands; when it may come is in the phase table. */
const answers = answersByType<Answer>({
  checkout: answerCheckout,
  checkin: answerCheckin,
  heartbeat: answerHeartbeat,
  leaveQueue: answerLeaveQueue,
  borrow: answerBorrow,
  returnBorrow: answerReturnBorrow,
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
  // As if it were gone already: it will be in a moment.
  if (!daemon.mayGrant) return void peer.socket.destroy();
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
  adopt(daemon, peer, clientOf(value, peer.remoteAddress), isAnnounced(value));
  (peer.notes as VendorNotes).version = { major: value.versionMajor, minor: value.versionMinor };
  daemon.options.log.clientConnected();
  const host = daemon.options.advertisedHost ?? peer.localAddress;
  greet(peer, { host, daemon: daemon.name, legacy: daemon.options.legacy });
}

/** Makes `client` the identity of the connection from here on; seats it holds keep theirs. */
function adopt(daemon: VendorDaemon, peer: Peer, client: Client, announced: boolean): void {
  peer.client = client;
  peer.announced = announced;
  peer.notes ??= newNotes(peer, client, daemon.now());
  (peer.notes as VendorNotes).command.client = client;
  daemon.sessions.add(peer);
}

function newNotes(peer: Peer, client: Client, now: EpochMs): VendorNotes {
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
      queue: undefined,
      skewMs: undefined,
      imposed: undefined,
    },
    inUse: true,
    usedAt: now,
    silent: false,
    version: { major: 0, minor: 0 },
    isApplication: false,
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
