import { addressParts, partsMatch } from '../license/hostids.ts';

/** Names that a client is among or not. */
export interface Names {
  add(name: string): void;
  has(client: RuleClient): boolean;
}

/** What rules look at in a client. */
export interface RuleClient {
  readonly user: string;
  readonly host: string;
  readonly display: string;
  /** Value of LM_PROJECT. */
  readonly project: string;
  /** The address the connection came from. */
  readonly address: string;
}

/** Users by login name. */
export class UserNames implements Names {
  readonly #fold: boolean;
  readonly #names = new Set<string>();

  constructor({ fold }: { readonly fold: boolean }) {
    this.#fold = fold;
  }

  add(name: string): void {
    this.#names.add(this.#key(name));
  }

  has({ user }: RuleClient): boolean {
    return this.#names.has(this.#key(user));
  }

  #key(name: string): string {
    return this.#fold ? name.toLowerCase() : name;
  }
}

/** The parts of each client's address, worked out once: a client is one connection's for long. */
const partsOfClient = new WeakMap<RuleClient, readonly string[]>();

function clientParts(client: RuleClient): readonly string[] {
  const known = partsOfClient.get(client);
  if (known !== undefined) return known;
  const parts = addressParts(client.address) ?? [];
  partsOfClient.set(client, parts);
  return parts;
}

/**
 * Addresses, and patterns with `*` for any part; other texts are none. A full address costs one look however
 * many there are; only patterns are gone through.
 */
export class Addresses {
  readonly #full = new Set<string>();
  readonly #patterns: (readonly string[])[] = [];

  add(text: string): void {
    const parts = addressParts(text);
    if (parts?.includes('*')) this.#patterns.push(parts);
    else if (parts !== undefined) this.#full.add(parts.join(' '));
  }

  has(client: RuleClient): boolean {
    if (this.#full.size === 0 && this.#patterns.length === 0) return false;
    const parts = clientParts(client);
    if (this.#full.has(parts.join(' '))) return true;
    return this.#patterns.some((pattern) => partsMatch(pattern, parts));
  }
}

/**
 * The hosts that a line or a HOST_GROUP names: by the name a client sends, or by the address it comes from.
 * Sources: LAG, "Specifying License Restrictions Using Type" (HOST takes names and addresses, with wildcards
 * in addresses), "FQDN_MATCHING" (lenient: the host part decides where only one side is qualified).
 */
export class HostNames implements Names {
  readonly #fold: boolean;
  readonly #lenient: boolean;
  readonly #names = new Set<string>();
  /** Host parts of the qualified names. */
  readonly #hostParts = new Set<string>();
  readonly #addresses = new Addresses();

  constructor({ fold, lenient }: { readonly fold: boolean; readonly lenient: boolean }) {
    this.#fold = fold;
    this.#lenient = lenient;
  }

  add(text: string): void {
    const name = this.#key(text);
    this.#names.add(name);
    this.#addresses.add(text);
    const dot = name.indexOf('.');
    if (dot > 0 && addressParts(name) === undefined) this.#hostParts.add(name.slice(0, dot));
  }

  has(client: RuleClient): boolean {
    return this.#hasName(this.#key(client.host)) || this.#addresses.has(client);
  }

  #hasName(host: string): boolean {
    if (this.#names.has(host)) return true;
    if (!this.#lenient) return false;
    const dot = host.indexOf('.');
    if (dot < 0) return this.#hostParts.has(host);
    return addressParts(host) === undefined && this.#names.has(host.slice(0, dot));
  }

  #key(name: string): string {
    return this.#fold ? name.toLowerCase() : name;
  }
}
