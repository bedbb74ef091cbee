import type { CalendarDate, FeatureLine } from '../license/model.ts';
import type { ClientSpec, FeatureSpec, Rule } from '../options/model.ts';
import { selectorKey, selectorKeysOf } from '../options/selectors.ts';
import { type Catalog, LINES_COMPARED_MAX } from './catalog.ts';
import { dayNumber, lastDay } from './days.ts';

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
    if (selector === undefined) return named.all;
    const key = selectorKey(selector);
    if (key === undefined) return [];
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
