import { flexnetError } from '../base/flexnet-errors.ts';
import type { Refusal } from '../base/refusal.ts';
import { renderShortError } from '../text/error-message.ts';
import type { Received } from './received.ts';

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

/** A no of `by`, with a line that says more than its code. */
export function refused(by: Refuser, refusal: Refusal, explanation = ''): Refused {
  const lines = explanation === '' ? {} : { explanation: [explanation] };
  return { ok: false, by, refusal, ...lines };
}

/** Whether an attempt came to a no. */
export function isRefused(value: object): value is Refused {
  return 'refusal' in value;
}

/** The peer's answer is a message that has no place here, or fields nobody could mean. */
export function senseless(by: Refuser, explanation: string): Refused {
  return refused(by, { major: -12, minor: 5, sysText: explanation }, explanation);
}

/** Characters that are told of what a server says: a line or two. */
const WORDS_MAX = 1_000;

/** A refusal that came, or the network's: whose it is shows in whether words came with it. */
export function refusedBy(received: Received & { kind: 'refused' }, by: Refuser): Refused {
  const { refusal, text } = received;
  if (text === undefined) return refused('client', refusal);
  // Words that only repeat the code would be told twice.
  return refused(by, refusal, text === renderShortError(refusal) ? '' : text.slice(0, WORDS_MAX));
}

/** A refusal's numbers and words for one line of the client debug log. */
export function reasonText({ refusal, explanation }: Refused): string {
  const { major, minor, sys, sysText } = refusal;
  const system = sys === undefined ? '' : `:${sys}`;
  const words = [...new Set([sysText, ...(explanation ?? [])])].filter(Boolean).join('; ');
  return `refused (${major},${minor}${system})${words === '' ? '' : ` ${words}`}`;
}

/**
 * How much a refusal says about the license itself: the lower, the more. That a feature is unknown says least
 * of all that was asked: whoever could not be asked may have it.
 */
const relevance = {
  deniedByDaemon: 0,
  deniedByFile: 1,
  daemonDown: 2,
  otherPeer: 3,
  unreachable: 4,
  unknownFeature: 5,
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

/** No daemon that knows the feature has said this: that it is unknown, or that nobody could be asked. */
export function saysUnknown({ refusal }: Refused): boolean {
  return relevanceOfCode[refusal.major] === relevance.unknownFeature;
}

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
