import * as own from './own.ts';
import * as known from './public.ts';
import * as triad from './triad.ts';

export * from './own.ts';
export * from './public.ts';
export * from './triad.ts';

/** Every message there is, by kind, ordered as in docs/protocol.md. */
export const messages = {
  hello: known.hello,
  legacyRedirect: known.legacyRedirect,
  legacyFeaturesRequest: known.legacyFeaturesRequest,
  legacyStatusRequest: known.legacyStatusRequest,
  legacyText: known.legacyText,
  legacyStatus: known.legacyStatus,
  legacyError: known.legacyError,
  featureStatus: known.featureStatus,
  command: known.command,
  greeting: known.greeting,
  redirect: known.redirect,
  usage: known.usage,
  setsRequest: known.setsRequest,
  sets: known.sets,
  featuresRequest: known.featuresRequest,
  featureStatusRequest: known.featureStatusRequest,
  textAnswer: known.textAnswer,
  failure: own.failure,
  identify: own.identify,
  accepted: own.accepted,
  checkout: own.checkout,
  granted: own.granted,
  checkin: own.checkin,
  heartbeat: own.heartbeat,
  heartbeatAnswer: own.heartbeatAnswer,
  serverRequest: own.serverRequest,
  serverAnswer: own.serverAnswer,
  statusRequest: own.statusRequest,
  statusPage: own.statusPage,
  adminRequest: own.adminRequest,
  adminAnswer: own.adminAnswer,
  queued: own.queued,
  leaveQueue: own.leaveQueue,
  seatLost: own.seatLost,
  borrow: own.borrow,
  borrowed: own.borrowed,
  returnBorrow: own.returnBorrow,
  explain: own.explain,
  explanation: own.explanation,
  walk: own.walk,
  triadHello: triad.triadHello,
  triadWord: triad.triadWord,
} as const;

export type MessageKind = keyof typeof messages;
