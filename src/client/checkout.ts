import type { EpochMs } from '../base/clock.ts';
import { sameName } from '../base/names.ts';
import type { FeatureLine } from '../domain/license/model.ts';
import { type Candidate, candidatesOf, type SearchedLicense } from './candidates.ts';
import { checkRequest } from './checkout-request.ts';
import type { ClientContext } from './context.ts';
import { notOurs } from './greeting.ts';
import {
  addressText,
  type Endpoint,
  endpointText,
  isTriad,
  type PathElement,
  type ServerAddress,
} from './license-path.ts';
import { ManagerLine } from './manager-line.ts';
import type { QueuePlace } from './pending-answers.ts';
import {
  isRefused,
  mostRelevant,
  type Refused,
  reasonText,
  refused,
  saysUnknown,
} from './refused.ts';
import { type ServingDaemons, servingDaemons } from './serving-daemons.ts';
import { LicenseSession } from './session.ts';
import type { Granted, Lent } from './session-answers.ts';

/** One refusal on the way, and where it was met. */
export interface Attempt extends Refused {
  /** The element of the license path, as written. */
  readonly element: string;
  /** `27000@host`, or the license file. */
  readonly where: string;
  readonly vendor?: string;
}

/** A license that was granted, by a server or by a line of a local file. */
export interface Grant {
  readonly ok: true;
  readonly vendor: string;
  readonly element: string;
  /** Refusals met before it. */
  readonly attempts: readonly Attempt[];
  /** Absent when no server is needed: then there is nothing to hold and nothing to give back. */
  readonly held?: { readonly session: LicenseSession; readonly handle: number };
  readonly poolVersion: string;
  /** Set when the server is a triad: another member of it may hold the license soon. */
  readonly ofTriad?: boolean;
  /** Set when it was lent: it needs no session until then. */
  readonly borrowed?: LentHere;
  /** The local line and its file. */
  readonly local?: { readonly file: string; readonly line: FeatureLine };
}

/** Seats that this machine has borrowed. */
export interface LentHere {
  /** `27000@host` */
  readonly server: string;
  readonly handle: number;
  /** Their end by this machine's clock, which need not agree with the server's. */
  readonly until: EpochMs;
  readonly serverUntil: EpochMs;
}

/** Nobody granted: every refusal in order, and the one to report. */
export interface Denied {
  readonly ok: false;
  readonly reported: Attempt;
  readonly attempts: readonly Attempt[];
}

/**
 * Walks the license path until someone grants. In each server the vendor daemons that may have the feature are
 * asked in their order, unless the vendor is known. The caller closes the session of what was granted.
 * Source: LAG, "Order of Searching for a License".
 * @throws KnownError USAGE for a request that cannot be put into a message.
 */
export async function requestCheckout(
  wanted: SearchedLicense,
  path: readonly PathElement[],
  context: ClientContext,
): Promise<Grant | Denied> {
  checkRequest(wanted);
  const elements = path.map(({ text, origin }) => `${text} (${origin})`).join(', ');
  context.log.step('path', `${path.length} to try: ${elements || 'nothing'}`);
  const search = new Search(wanted, context);
  for (const element of path) {
    for (const candidate of await candidatesOf(element, wanted, context)) {
      const grant = await search.tryCandidate(element, candidate);
      if (!grant) continue;
      context.log.step('result', `${wanted.feature}: granted by ${grant.vendor}`);
      return grant;
    }
  }
  const denied = search.denied();
  context.log.step('result', `${wanted.feature}: ${reasonText(denied.reported)}`);
  return denied;
}

/** The license does not allow it to be borrowed. */
const NOT_BORROWABLE = -68;

/** Where an attempt is made: what of it goes into a report. */
interface Place {
  readonly element: string;
  readonly where: string;
}

class Search {
  readonly #wanted: SearchedLicense;
  readonly #context: ClientContext;
  readonly #attempts: Attempt[] = [];

  constructor(wanted: SearchedLicense, context: ClientContext) {
    this.#wanted = wanted;
    this.#context = context;
  }

  async tryCandidate(element: PathElement, candidate: Candidate): Promise<Grant | undefined> {
    const { log } = this.#context;
    if (candidate.kind === 'server') {
      const hosts = candidate.addresses.map(addressText).join(',');
      log.step('server', candidate.file ? `${hosts} of ${candidate.file}` : hosts);
      const grant = await this.#tryServer(element.text, candidate.addresses);
      return grant && isTriad(candidate.addresses) ? { ...grant, ofTriad: true } : grant;
    }
    const { file } = candidate;
    if (candidate.kind === 'refused') {
      log.step('server', `${file}: ${reasonText(candidate.refused)}`);
      this.#note({ element: element.text, where: file }, candidate.refused);
      return undefined;
    }
    const { line } = candidate;
    log.step('server', `${file}:${line.line}: grants without a server`);
    return this.#granted({
      vendor: line.vendor,
      element: element.text,
      poolVersion: line.version,
      local: { file, line },
    });
  }

  denied(): Denied {
    const nowhere: Attempt = {
      ...refused('client', { major: -1, minor: 359 }, 'The license path is empty.'),
      element: '',
      where: '',
    };
    const [first = nowhere, ...others] = this.#attempts;
    const attempts = [first, ...others] as const;
    return { ok: false, reported: mostRelevant(attempts), attempts };
  }

  /**
   * The hosts of a triad and the ports of `@host` are one server: the first word that its daemons have on the
   * matter is its word.
   */
  async #tryServer(
    element: string,
    addresses: readonly ServerAddress[],
  ): Promise<Grant | undefined> {
    const endpoints = addresses.flatMap(({ host, ports }) => ports.map((port) => ({ host, port })));
    for (const endpoint of endpoints) {
      const decided = await this.#tryManager(element, endpoint);
      if (decided) return decided === 'denied' ? undefined : decided;
    }
    return undefined;
  }

  /**
   * A grant; that the server has denied; or undefined when one of its daemons that may have the feature could
   * not be asked, and no other denied: another host of the server may know better.
   */
  async #tryManager(element: string, endpoint: Endpoint): Promise<Grant | 'denied' | undefined> {
    const place = { element, where: endpointText(endpoint) };
    const line = await ManagerLine.at(endpoint, this.#context);
    const foreign = isRefused(line) ? line : notOurs(line.greeted);
    if (isRefused(line) || foreign) {
      if (!isRefused(line)) line.close();
      if (foreign) this.#note(place, foreign);
      return undefined;
    }
    try {
      const serving = await this.#daemonsToAsk(line);
      if (isRefused(serving)) {
        this.#note(place, serving);
        return undefined;
      }
      const refusals: Refused[] = [];
      for (const vendor of serving.vendors) {
        const decided = await this.#tryDaemon(place, line, vendor);
        if (decided.ok) return decided;
        refusals.push(decided);
      }
      const denied = refusals.some((no) => no.by === 'daemon' && !saysUnknown(no));
      return denied || refusals.every(({ by }) => by === 'daemon') ? 'denied' : undefined;
    } finally {
      line.close();
    }
  }

  async #daemonsToAsk(line: ManagerLine): Promise<ServingDaemons | Refused> {
    const { vendor, feature } = this.#wanted;
    if (vendor !== undefined) return { vendors: [vendor], known: true };
    return servingDaemons(line, feature, this.#context);
  }

  /** A grant, or why there is none: the daemon's denial, or what kept it from being asked. */
  async #tryDaemon(place: Place, line: ManagerLine, vendor: string): Promise<Grant | Refused> {
    const session = await LicenseSession.open(vendor, line, this.#context);
    if (isRefused(session)) {
      this.#note(place, session, vendor);
      return session;
    }
    const answer = await this.#askDaemon(session);
    if (answer.ok) {
      const { handle, poolVersion } = answer;
      const { element } = place;
      const grant = { vendor, element, poolVersion };
      if (!('until' in answer)) return this.#granted({ ...grant, held: { session, handle } });
      session.close();
      return this.#granted({ ...grant, borrowed: this.#lent(session.server, answer) });
    }
    session.close();
    this.#note(place, answer, vendor);
    return answer;
  }

  /** The seats to hold, or to take along where they are to be borrowed. */
  async #askDaemon(session: LicenseSession): Promise<Granted | Lent | Refused> {
    const { borrow, wait } = this.#wanted;
    const meant = borrow?.vendor === undefined || sameName(borrow.vendor, session.vendor);
    if (borrow !== undefined && meant) {
      const lent = await session.borrow(this.#wanted, borrow.end);
      const notAllowed = !lent.ok && lent.refusal.major === NOT_BORROWABLE;
      if (!notAllowed || !borrow.ifAllowed) return lent;
    }
    if (wait === undefined) return session.checkout(this.#wanted);
    const queued = (place: QueuePlace): void => wait(place, session);
    return session.checkout(this.#wanted, { mode: 'block', queued });
  }

  #lent(server: Endpoint, { handle, until, secondsLeft }: Lent): LentHere {
    const here = this.#context.clock.now() + secondsLeft * 1000;
    return { server: endpointText(server), handle, until: here, serverUntil: until };
  }

  #granted(grant: Omit<Grant, 'ok' | 'attempts'>): Grant {
    return { ok: true, attempts: this.#attempts, ...grant };
  }

  #note(place: Place, no: Refused, vendor?: string): void {
    this.#attempts.push({ ...no, ...place, ...(vendor === undefined ? {} : { vendor }) });
  }
}
