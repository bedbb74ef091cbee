import type { FeatureLine } from '../license/model.ts';
import type { ClientSpec, OptionsRule } from '../options/model.ts';
import { selectorKey, selectorKeysOf } from '../options/selectors.ts';

/** Names such as `USER ana` and `HOST node01`. */
type Names = Set<string>;

/** Whom one options file names: for everything, and for each feature (lower case) by selector. */
interface NamedByFile {
  readonly everywhere: Names;
  /** The key '' stands for lines without a selector. */
  readonly byFeature: ReadonlyMap<string, ReadonlyMap<string, Names>>;
}

/** The rules of an options file, and the vendor daemon that reads it where that is known. */
interface VendorRules {
  readonly vendor?: string;
  readonly rules: readonly OptionsRule[];
}

/**
 * Answers how many clients the options files name for a USER_BASED or HOST_BASED line: by INCLUDE
 * lines of its feature, with members for groups, and by INCLUDEALL. The files are gone through when
 * the first question comes.
 * Source: LAG, "INCLUDE".
 */
export class NamedClients {
  readonly #files: readonly VendorRules[];
  #byVendor: ReadonlyMap<string | undefined, readonly NamedByFile[]> | undefined;

  constructor(files: readonly VendorRules[]) {
    this.#files = files;
  }

  countFor(line: FeatureLine): number {
    this.#byVendor ??= namedByVendor(this.#files);
    const named = this.#byVendor.get(line.vendor.toLowerCase()) ?? this.#byVendor.get(undefined);
    return (named ?? []).reduce((sum, each) => sum + countIn(each, line), 0);
  }
}

/** A file of an unknown vendor counts for those that have none of their own. */
function namedByVendor(
  files: readonly VendorRules[],
): ReadonlyMap<string | undefined, readonly NamedByFile[]> {
  const byVendor = new Map<string | undefined, NamedByFile[]>();
  for (const { vendor, rules } of files) {
    entry(byVendor, vendor?.toLowerCase(), () => []).push(namedIn(rules));
  }
  return byVendor;
}

/**
 * The names of the feature's own lines are kept apart from those of INCLUDEALL, so that what is
 * common to all lines of a large file is not united anew for each.
 */
function countIn({ everywhere, byFeature }: NamedByFile, line: FeatureLine): number {
  const bySelector = byFeature.get(line.name.toLowerCase());
  if (!bySelector) return everywhere.size;
  const bare = bySelector.get('') ?? new Set();
  const picked = selectorKeysOf(line).flatMap((key) => bySelector.get(key) ?? []);
  const [only, ...others] = picked;
  const own = others.length === 0 ? only : new Set(picked.flatMap((names) => [...names]));
  return everywhere.size + bare.size + (own?.size ?? 0);
}

function namedIn(rules: readonly OptionsRule[]): NamedByFile {
  const members = membersOf(rules);
  const everywhere: Names = new Set();
  for (const { rule } of rules) {
    if (rule.keyword !== 'INCLUDEALL') continue;
    for (const name of namesOf(rule.client, members)) everywhere.add(name);
  }
  const byFeature = new Map<string, Map<string, Names>>();
  // Lines without a selector first: who is in them is not counted again.
  for (const withSelector of [false, true]) {
    for (const { rule } of rules) {
      if (rule.keyword !== 'INCLUDE') continue;
      const { feature, selector } = rule.spec;
      const key = selector === undefined ? '' : selectorKey(selector);
      if (key === undefined || (key !== '') !== withSelector) continue;
      const bySelector = entry(byFeature, feature.toLowerCase(), () => new Map<string, Names>());
      const names = entry(bySelector, key, (): Names => new Set());
      const bare = key === '' ? undefined : bySelector.get('');
      for (const name of namesOf(rule.client, members)) {
        if (!everywhere.has(name) && !bare?.has(name)) names.add(name);
      }
    }
  }
  return { everywhere, byFeature };
}

function entry<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  const known = map.get(key);
  if (known !== undefined) return known;
  const made = make();
  map.set(key, made);
  return made;
}

function membersOf(rules: readonly OptionsRule[]): ReadonlyMap<string, readonly string[]> {
  const members = new Map<string, string[]>();
  for (const { rule } of rules) {
    if (rule.keyword !== 'GROUP' && rule.keyword !== 'HOST_GROUP') continue;
    const list = entry(members, `${rule.keyword} ${rule.name}`, (): string[] => []);
    // Not push(...members): a line may have more words than a call may have arguments.
    for (const member of rule.members) list.push(member);
  }
  return members;
}

function namesOf(
  { type, name }: ClientSpec,
  members: ReadonlyMap<string, readonly string[]>,
): readonly string[] {
  if (type !== 'GROUP' && type !== 'HOST_GROUP') return [`${type} ${name}`];
  const memberType = type === 'GROUP' ? 'USER' : 'HOST';
  const list = members.get(`${type} ${name}`) ?? [];
  return list.map((member) => `${memberType} ${member}`);
}
