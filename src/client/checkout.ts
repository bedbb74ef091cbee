import type { FeatureLine } from '../domain/license/model.ts';
import { type Candidate, candidatesOf, type SearchedLicense } from './candidates.ts';
import type { ClientContext } from './context.ts';
import { addressText, type PathElement, type ServerAddress } from './license-path.ts';
import { type Endpoint, endpointText, ManagerLink, reasonText } from './manager-link.ts';
import { isRefused, mostRelevant, type Refused, refused } from './refused.ts';
import { checkRequest, LicenseSession } from './session.ts';

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
  /** The local line and its file. */
  readonly local?: { readonly file: string; readonly line: FeatureLine };
}

/** Nobody granted: every refusal in order, and the one to report. */
export interface Denied {
  readonly ok: false;
  readonly reported: Attempt;
  readonly attempts: readonly Attempt[];
}

/**
 * Walks the license path until someone grants. In each server its vendor daemons are asked in their
 * order, unless the vendor is known. The caller closes the session of what was granted.
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
      return this.#tryServer(element.text, candidate.addresses);
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
   * The hosts of a triad and the ports of `@host` are one server: the first daemon's word is its
   * word.
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

  /** A grant; that its daemons have denied; or undefined when none of them could be asked. */
  async #tryManager(element: string, endpoint: Endpoint): Promise<Grant | 'denied' | undefined> {
    const place = { element, where: endpointText(endpoint) };
    const links = new ManagerLinks(endpoint, this.#context);
    try {
      const vendors = await this.#vendors(links);
      if (isRefused(vendors)) {
        this.#note(place, vendors);
        return undefined;
      }
      let denied = false;
      for (const vendor of vendors) {
        const decided = await this.#tryDaemon(place, links, vendor);
        if (decided?.ok) return decided;
        denied ||= decided !== undefined;
      }
      return denied ? 'denied' : undefined;
    } finally {
      links.close();
    }
  }

  async #vendors(links: ManagerLinks): Promise<readonly string[] | Refused> {
    const link = await links.current();
    if (isRefused(link)) return link;
    const { vendor } = this.#wanted;
    if (vendor !== undefined) return [vendor];
    const vendors = await link.daemons();
    if (isRefused(vendors) || vendors.length > 0) return vendors;
    return refused(
      'manager',
      { major: -97, minor: 121 },
      'The license manager has no vendor daemon.',
    );
  }

  /** A grant, the daemon's denial, or undefined when it could not be asked. */
  async #tryDaemon(
    place: Place,
    links: ManagerLinks,
    vendor: string,
  ): Promise<Grant | Refused | undefined> {
    const link = await links.current();
    const session = isRefused(link) ? link : await LicenseSession.open(vendor, link, this.#context);
    if (isRefused(session)) {
      this.#note(place, session, vendor);
      return session.by === 'daemon' ? session : undefined;
    }
    const answer = await session.checkout(this.#wanted);
    if (answer.ok) {
      const { handle, poolVersion } = answer;
      const { element } = place;
      return this.#granted({ vendor, element, poolVersion, held: { session, handle } });
    }
    session.close();
    this.#note(place, answer, vendor);
    return answer.by === 'daemon' ? answer : undefined;
  }

  #granted(grant: Omit<Grant, 'ok' | 'attempts'>): Grant {
    return { ok: true, attempts: this.#attempts, ...grant };
  }

  #note(place: Place, no: Refused, vendor?: string): void {
    this.#attempts.push({ ...no, ...place, ...(vendor === undefined ? {} : { vendor }) });
  }
}

/**
 * A connection to one manager, made anew when a single-port manager has handed the last one over.
 */
class ManagerLinks {
  readonly #endpoint: Endpoint;
  readonly #context: ClientContext;
  #link: ManagerLink | undefined;

  constructor(endpoint: Endpoint, context: ClientContext) {
    this.#endpoint = endpoint;
    this.#context = context;
  }

  async current(): Promise<ManagerLink | Refused> {
    if (this.#link && !this.#link.spent) return this.#link;
    const link = await ManagerLink.open(this.#endpoint, this.#context);
    if (!isRefused(link)) this.#link = link;
    return link;
  }

  close(): void {
    this.#link?.close();
  }
}
