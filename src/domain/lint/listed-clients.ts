import type { ClientSpec, ClientType, FeatureSpec, OptionsRule, Rule } from '../options/model.ts';
import { clientOf, specKey, specOf } from './licensed.ts';

/** What lines about every feature are filed under. */
export const everywhere = '*';
/** Groups of one name that are looked at: a file made to be slow puts one user in a million. */
const GROUPS_LOOKED_AT_MAX = 100;

/** The lines of some keywords, such as EXCLUDE and EXCLUDEALL, by feature and client. */
export class ListedClients {
  readonly #lines = new Map<string, OptionsRule>();
  readonly #types = new Map<string, Set<ClientType | 'selector'>>();

  constructor(rules: readonly OptionsRule[], ...keywords: readonly Rule['keyword'][]) {
    for (const line of rules) {
      const client = clientOf(line.rule);
      if (!client || !keywords.includes(line.rule.keyword)) continue;
      const spec = specOf(line.rule);
      const scope = spec ? specKey(spec) : everywhere;
      const key = keyOf(scope, whoOf(client));
      if (!this.#lines.has(key)) this.#lines.set(key, line);
      this.#typesOf(spec ? specKey({ feature: spec.feature }) : everywhere).add(client.type);
      if (spec?.selector) this.#typesOf(specKey({ feature: spec.feature })).add('selector');
    }
  }

  /** The first line of a feature, or of all, that names one of these. */
  find(scope: string, whos: readonly string[]): OptionsRule | undefined {
    for (const who of whos) {
      const line = this.#lines.get(keyOf(scope, who));
      if (line) return line;
    }
    return undefined;
  }

  /**
   * True if the lines of a feature (or those about all) name clients of the same kind only and none
   * of these: then such a client is not among them, whatever else it is.
   */
  leavesOut({ type }: ClientSpec, scope: string, whos: readonly string[]): boolean {
    const group = groupTypes.get(type);
    const types = this.#types.get(scope);
    if (group === undefined || types === undefined) return false;
    for (const each of types) if (each !== type && each !== group) return false;
    return this.find(scope, whos) === undefined;
  }

  #typesOf(scope: string): Set<ClientType | 'selector'> {
    const known = this.#types.get(scope) ?? new Set();
    this.#types.set(scope, known);
    return known;
  }
}

const groupTypes: ReadonlyMap<ClientType, ClientType> = new Map([
  ['USER', 'GROUP'],
  ['HOST', 'HOST_GROUP'],
]);

/** Answers under which names a client of an options line is meant: its own, and its groups'. */
export class Memberships {
  readonly #groups = new Map<string, string[]>();
  readonly #fold: boolean;

  constructor(rules: readonly OptionsRule[]) {
    this.#fold = rules.some(({ rule }) => rule.keyword === 'GROUPCASEINSENSITIVE' && rule.on);
    for (const { rule } of rules) {
      if (rule.keyword !== 'GROUP' && rule.keyword !== 'HOST_GROUP') continue;
      const type = rule.keyword === 'GROUP' ? 'USER' : 'HOST';
      for (const member of rule.members) this.#add(`${type} ${member}`, rule);
    }
  }

  whosOf(client: ClientSpec): readonly string[] {
    const own = whoOf(client);
    return [own, ...(this.#groups.get(this.#key(own)) ?? [])];
  }

  #add(member: string, { keyword, name }: { readonly keyword: string; readonly name: string }) {
    const key = this.#key(member);
    const groups = this.#groups.get(key);
    if (!groups) this.#groups.set(key, [`${keyword} ${name}`]);
    else if (groups.length < GROUPS_LOOKED_AT_MAX) groups.push(`${keyword} ${name}`);
  }

  #key(who: string): string {
    return this.#fold ? who.toLowerCase() : who;
  }
}

export function whoOf({ type, name }: ClientSpec): string {
  return `${type} ${name}`;
}

/** The scopes that a line about a feature is in: its own pools, all of the feature, all there is. */
export function scopesOf(spec: FeatureSpec | undefined): readonly string[] {
  if (!spec) return [everywhere];
  return [...new Set([specKey(spec), specKey({ feature: spec.feature }), everywhere])];
}

function keyOf(scope: string, who: string): string {
  return `${scope}\n${who}`;
}
