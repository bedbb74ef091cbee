import { KnownError } from '../base/errors.ts';
import type { FeatureLine, ServerLine } from '../domain/license/model.ts';
import { refusalOfFile } from '../files/file-refusals.ts';
import type { BorrowEnd } from './borrow-ends.ts';
import type { CheckoutRequest } from './checkout-request.ts';
import type { ClientContext } from './context.ts';
import type { PathElement, ServerAddress } from './license-path.ts';
import type { QueuePlace } from './pending-answers.ts';
import { type Refused, refused } from './refused.ts';
import type { LicenseSession } from './session.ts';

/** What to ask for, and perhaps whose it must be. */
export interface SearchedLicense extends CheckoutRequest {
  readonly vendor?: string;
  /** Told where the request stands when it waits in a queue; absent: it does not. */
  readonly wait?: (place: QueuePlace, session: LicenseSession) => void;
  /** It is to be borrowed, of any vendor's daemon or of that one only. */
  readonly borrow?: {
    readonly end: BorrowEnd;
    readonly vendor?: string;
    /** Where the license does not allow it, it is checked out all the same. */
    readonly ifAllowed?: boolean;
  };
}

/** A license server to ask: the hosts of one triad in order, or a single one. */
export interface ServerCandidate {
  readonly kind: 'server';
  readonly addresses: readonly ServerAddress[];
  /** The file whose SERVER lines name it. */
  readonly file?: string;
}

/** A license line that grants by itself, as lines without a count do. */
export interface LocalCandidate {
  readonly kind: 'local';
  readonly file: string;
  readonly line: FeatureLine;
}

/** A file that cannot be read, or a line of it that is for someone else. */
export interface RefusedCandidate {
  readonly kind: 'refused';
  readonly file: string;
  readonly refused: Refused;
}

export type Candidate = ServerCandidate | LocalCandidate | RefusedCandidate;

/** What an element of the license path offers, in the order to try it. */
export async function candidatesOf(
  element: PathElement,
  wanted: SearchedLicense,
  context: ClientContext,
): Promise<readonly Candidate[]> {
  if (element.kind === 'servers') return [{ kind: 'server', addresses: element.addresses }];
  // Most paths name servers only; reading files takes modules that a quick start can do without.
  const { readLicenseFiles } = await import('./license-files.ts');
  try {
    const files = readLicenseFiles(element.path);
    return files.flatMap((file) => file.candidates(wanted, context));
  } catch (error) {
    if (!(error instanceof KnownError)) throw error;
    return [{ kind: 'refused', file: element.path, refused: unreadable(error) }];
  }
}

/** A client's own minors, 73 for a file that is not there. Source: outputs with (-1,73) and (-1,359). */
function unreadable(error: KnownError): Refused {
  return refused('client', refusalOfFile(error, { minor: 359, missing: 73 }), error.message);
}

/**
 * `this_host` in a client's copy of a file means the client's own machine. Source: LAG, "SERVER
 * Lines".
 */
export function addressOfServerLine({ host, port }: ServerLine, defaults: readonly number[]) {
  const name = host.toLowerCase() === 'this_host' ? 'localhost' : host;
  return { host: name, ports: port === undefined ? defaults : [port] };
}
