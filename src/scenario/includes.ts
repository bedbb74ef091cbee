import { dirname, join } from 'node:path';
import { KnownError } from '../base/errors.ts';
import { limits } from '../base/limits.ts';
import type { Place, Places } from '../documents/places.ts';
import type { Problem } from '../documents/problems.ts';
import { readYaml } from '../documents/yaml-document.ts';
import { readSource } from '../files/license-sources.ts';
import { fillIn, isVariable, type Variables } from './variables.ts';

/** `{ include: FILE, with: { name: value } }` */
interface IncludeItem {
  readonly include: string;
  readonly with?: Variables;
}

/** A file that is being put in, and those that it stands in. */
interface Chain {
  readonly file: string;
  readonly within?: Chain;
}

/**
 * Puts the items of other files' lists in the place of `{ include: FILE }`, in every list of a document, also of those
 * files. What is wrong with one of them is told at its place there; the item then stays as it is.
 */
export class Includes {
  readonly problems: Problem[] = [];
  /** The texts of the files that were read, for excerpts. */
  readonly sources = new Map<string, string>();
  readonly #places: Places;
  readonly #read = new Map<string, readonly unknown[] | undefined>();
  #count = 0;
  #items = 0;

  constructor(places: Places) {
    this.#places = places;
  }

  /** The document of `file` with everything in its place. */
  expanded(value: unknown, file: string): unknown {
    return this.#expand(value, { file });
  }

  #expand(value: unknown, chain: Chain): unknown {
    if (typeof value !== 'object' || value === null) return value;
    if (Array.isArray(value)) return this.#list(value, chain);
    const entries = Object.entries(value).map(([name, each]) => [name, this.#expand(each, chain)]);
    const copy = Object.fromEntries(entries) as object;
    this.#places.copy(value, copy);
    return copy;
  }

  #list(items: readonly unknown[], chain: Chain): readonly unknown[] {
    const places: (Place | undefined)[] = [];
    const all = items.flatMap((item, index) => {
      const put = isInclude(item) ? this.#included(item, chain) : undefined;
      const own = this.#places.value(items, index);
      places.push(...(put ?? [item]).map((each) => this.#places.of(each) ?? own));
      return put ?? [this.#expand(item, chain)];
    });
    this.#places.list(all, this.#places.of(items), places);
    return all;
  }

  #included(item: IncludeItem, chain: Chain): readonly unknown[] | undefined {
    const at = this.#places.value(item, 'include');
    const file = join(dirname(chain.file), item.include);
    const chained = chainOf(chain);
    if (chained.includes(file)) {
      return this.#refuse(
        at,
        `expected no circle, got ${[file, ...chained].reverse().join(' -> ')}`,
      );
    }
    if (++this.#count > limits.scenarioIncludesMax) {
      return this.#refuse(at, `expected at most ${limits.scenarioIncludesMax} includes, got more`);
    }
    const items = this.#itemsOf(file, at);
    if (items === undefined) return undefined;
    this.#items += items.length;
    if (this.#items > limits.scenarioStepsMax) {
      return this.#refuse(at, `expected at most ${limits.scenarioStepsMax} items, got more`);
    }
    const vars = Object.entries(item.with ?? {}).filter(([, each]) => isVariable(each));
    const filled = fillIn(items, Object.fromEntries(vars) as Variables, {
      places: this.#places,
      unknown: () => {},
    });
    return this.#list(filled as readonly unknown[], { file, within: chain });
  }

  /** The list that a file is; undefined when it is none, which is told. */
  #itemsOf(file: string, at: Place | undefined): readonly unknown[] | undefined {
    if (this.#read.has(file)) return this.#read.get(file);
    const items = this.#readItems(file, at);
    this.#read.set(file, items);
    return items;
  }

  #readItems(file: string, at: Place | undefined): readonly unknown[] | undefined {
    let text: string;
    try {
      text = readSource(file).text;
    } catch (error) {
      if (!(error instanceof KnownError)) throw error;
      return this.#refuse(at, error.message);
    }
    this.sources.set(file, text);
    const { value, problems } = readYaml(file, text, this.#places);
    this.problems.push(...problems);
    if (problems.length > 0) return undefined;
    if (Array.isArray(value)) return value;
    const place = this.#places.of(value) ?? { file, line: 1, column: 1 };
    return this.#refuse(place, 'expected a list, whose items stand in the place of the include');
  }

  #refuse(place: Place | undefined, message: string): undefined {
    this.problems.push({ place: place ?? { file: '', line: 1, column: 1 }, message });
    return undefined;
  }
}

/** Anything else with that name is told by the schema. */
function isInclude(item: unknown): item is IncludeItem {
  const own = item as { readonly include?: unknown; readonly with?: unknown } | null;
  if (typeof own !== 'object' || own === null || typeof own.include !== 'string') return false;
  return own.include !== '' && Object.keys(own).every((key) => key === 'include' || key === 'with');
}

function chainOf({ file, within }: Chain): readonly string[] {
  return within === undefined ? [file] : [file, ...chainOf(within)];
}
