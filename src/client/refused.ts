import { flexnetError } from '../base/flexnet-errors.ts';
import type { Refusal } from '../base/refusal.ts';

/**
 * Whose no it was: our own before or instead of asking, the license manager's, the vendor daemon's.
 */
export type Refuser = 'client' | 'manager' | 'daemon';

/** A no, and who said it. A value: nothing here is thrown. */
export interface Refused {
  readonly ok: false;
  readonly by: Refuser;
  readonly refusal: Refusal;
  /** Lines that say more than the code. */
  readonly explanation?: readonly string[];
}

export function refused(by: Refuser, refusal: Refusal, explanation = ''): Refused {
  const lines = explanation === '' ? {} : { explanation: [explanation] };
  return { ok: false, by, refusal, ...lines };
}

export function isRefused(value: object): value is Refused {
  return 'refusal' in value;
}

/** The peer's answer is a message that has no place here, or fields nobody could mean. */
export function senseless(by: Refuser, explanation: string): Refused {
  return refused(by, { major: -12, minor: 5 }, explanation);
}

/**
 * -33: the server has no idea of our messages. Nothing of ours can take part in a vendor's
 * handshake.
 */
export function foreignServer(server: string): Refused {
  const explanation =
    `${server} is not fauxlm; the fauxlm client checks out from fauxlm only: ` +
    'it knows no vendor handshake.';
  return refused('client', { major: -33, minor: 1 }, explanation);
}

/** How much a refusal says about the license itself: the lower, the more. */
const relevance = {
  deniedByDaemon: 0,
  deniedByFile: 1,
  unknownFeature: 2,
  daemonDown: 3,
  otherPeer: 4,
  unreachable: 5,
  badFile: 6,
} as const;

/** Codes that stand apart from the rest of their group. */
const relevanceOfCode: Readonly<Record<number, number>> = {
  [-5]: relevance.unknownFeature,
  [-18]: relevance.unknownFeature,
  [-97]: relevance.daemonDown,
  [-23]: relevance.daemonDown,
  [-7]: relevance.unreachable,
  [-14]: relevance.unreachable,
  [-15]: relevance.unreachable,
  [-16]: relevance.unreachable,
  [-17]: relevance.unreachable,
  [-96]: relevance.unreachable,
};

function relevanceOf({ refusal, by }: Refused): number {
  const own = relevanceOfCode[refusal.major];
  if (own !== undefined) return own;
  const { group } = flexnetError(refusal.major);
  if (group === 'connection') return relevance.otherPeer;
  if (by === 'daemon') return relevance.deniedByDaemon;
  return group === 'file' ? relevance.badFile : relevance.deniedByFile;
}

/**
 * The refusal to report of a search that found nothing: the one that says most about the license,
 * among equals the first. unverified: FlexNet documents no order; guides speak of the first or the
 * most relevant.
 */
export function mostRelevant<R extends Refused>(all: readonly [R, ...R[]]): R {
  return all.reduce((best, each) => (relevanceOf(each) < relevanceOf(best) ? each : best));
}

const EXIT_BAD_INPUT = 2;
const EXIT_ENVIRONMENT = 3;
const EXIT_DENIED = 6;

/**
 * The exit status of `fauxlm checkout`: 6 denied, 3 nobody there to decide, 2 a path that leads
 * nowhere.
 */
export function exitOfRefusal({ refusal, by }: Refused): number {
  const { group } = flexnetError(refusal.major);
  if (group === 'connection') return EXIT_ENVIRONMENT;
  return group === 'file' && by === 'client' ? EXIT_BAD_INPUT : EXIT_DENIED;
}
