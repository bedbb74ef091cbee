import type { CalendarDate, FeatureLine } from '../license/model.ts';
import { canonicalVersion } from '../license/versions.ts';
import type { ClientSpec, FeatureSpec, Rule } from '../options/model.ts';
import { type Catalog, LINES_COMPARED_MAX } from './catalog.ts';
import { dayNumber, lastDay } from './days.ts';

type Selector = NonNullable<FeatureSpec['selector']>;

/** What a selector is compared with, by its name in lower case; undefined where a line lacks it. */
const selectorFields = new Map<string, (line: FeatureLine) => string | undefined>([
  ['asset_info', (line) => line.attributes.assetInfo],
  ['dist_info', (line) => line.attributes.distInfo],
  ['expdate', (line) => line.expiry.text],
  ['hostid', (line) => line.attributes.hostids?.join(' ')],
  ['issuer', (line) => line.attributes.issuer],
  ['key', (line) => line.key],
  ['notice', (line) => line.attributes.notice],
  ['user_info', (line) => line.attributes.userInfo],
  ['vendor_string', (line) => line.attributes.vendorString],
  ['version', (line) => line.version],
]);

/**
 * One text for all selectors that pick the same lines, such as `version=1.1` for VERSION=1.10;
 * undefined for a selector that we cannot judge. Source: LAG, "Specifying Features".
 */
export function selectorKey({ name, value }: Selector): string | undefined {
  const field = name.toLowerCase();
  if (!selectorFields.has(field)) return undefined;
  return `${field}=${field === 'version' ? canonicalVersion(value) : value.toLowerCase()}`;
}

/** The keys of all selectors that pick this line. */
export function selectorKeysOf(line: FeatureLine): readonly string[] {
  const keys: string[] = [];
  for (const [name, field] of selectorFields) {
    const value = field(line);
    if (value !== undefined) keys.push(selectorKey({ name, value })!);
  }
  return keys;
}

/** A line that gives seats to a name, and how many per seat of its own. */
interface SeatSource {
  readonly line: FeatureLine;
  readonly seatsEach: number;
}

/** The sources of one name, and those that each selector picks, sorted once one is asked for. */
interface NamedSources {
  readonly all: readonly SeatSource[];
  picked?: ReadonlyMap<string, readonly SeatSource[]>;
}

/**
 * Answers which lines an options line is about and how many seats they have. Each name is looked
 * into once, so a long options file costs no more than its length.
 */
export class Licensed {
  readonly #catalog: Catalog;
  readonly #today: number;
  readonly #names = new Map<string, NamedSources>();

  constructor(catalog: Catalog, today: CalendarDate) {
    this.#catalog = catalog;
    this.#today = dayNumber(today);
  }

  /**
   * The lines of a feature, and those that enable a package which has it as a component: of these
   * the ones that the selector picks.
   */
  linesOf(spec: FeatureSpec): readonly FeatureLine[] {
    return this.#sourcesOf(spec).map(({ line }) => line);
  }

  hasLines(spec: FeatureSpec): boolean {
    return this.#sourcesOf(spec).length > 0;
  }

  /**
   * Seats that a spec's lines give today; undefined if none of them is counted and valid, or if
   * there are too many to say. Of FEATURE lines only the first counted one is used; INCREMENT lines
   * add up.
   */
  seatsOf(spec: FeatureSpec): number | undefined {
    const sources = this.#sourcesOf(spec);
    if (sources.length >= LINES_COMPARED_MAX) return undefined;
    const valid = sources.filter(({ line }) => this.#isValid(line));
    const first = valid.find(({ line }) => line.keyword === 'FEATURE');
    const used = valid.filter((each) => each.line.keyword === 'INCREMENT' || each === first);
    if (used.length === 0) return undefined;
    return used.reduce((sum, { line, seatsEach }) => sum + line.count * seatsEach, 0);
  }

  #sourcesOf({ feature, selector }: FeatureSpec): readonly SeatSource[] {
    const name = feature.toLowerCase();
    const named = this.#names.get(name) ?? { all: this.#allSources(name) };
    this.#names.set(name, named);
    const key = selector && selectorKey(selector);
    if (key === undefined) return named.all;
    named.picked ??= bySelector(named.all);
    return named.picked.get(key) ?? [];
  }

  #allSources(name: string): readonly SeatSource[] {
    const own = this.#catalog.features.get(name) ?? [];
    const sources: SeatSource[] = own.map(({ line }) => ({ line, seatsEach: 1 }));
    for (const { holder, seatsEach } of this.#catalog.components.get(name) ?? []) {
      for (const line of this.#catalog.enablers(holder)) {
        if (sources.length >= LINES_COMPARED_MAX) return sources;
        sources.push({ line, seatsEach });
      }
    }
    return sources;
  }

  #isValid({ count, expiry, attributes, usable }: FeatureLine): boolean {
    const { start } = attributes;
    const ended = (lastDay(expiry) ?? this.#today) < this.#today;
    return usable && count > 0 && !ended && (!start || dayNumber(start) <= this.#today);
  }
}

function bySelector(sources: readonly SeatSource[]): ReadonlyMap<string, readonly SeatSource[]> {
  const picked = new Map<string, SeatSource[]>();
  for (const source of sources) {
    for (const key of selectorKeysOf(source.line)) {
      const list = picked.get(key);
      if (list) list.push(source);
      else picked.set(key, [source]);
    }
  }
  return picked;
}

/** The feature a rule is about, if it is about one. */
export function specOf(rule: Rule): FeatureSpec | undefined {
  return 'spec' in rule ? rule.spec : undefined;
}

/** The client a rule is about, if it is about one. */
export function clientOf(rule: Rule): ClientSpec | undefined {
  return 'client' in rule ? rule.client : undefined;
}

/** One text per spec; feature names in lower case, as most daemons match them. */
export function specKey({ feature, selector }: FeatureSpec): string {
  const name = feature.toLowerCase();
  return selector ? `${name}:${selector.name.toLowerCase()}=${selector.value}` : name;
}
