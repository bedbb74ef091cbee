/** Where something stands in a file; lines and columns from 1. */
export interface Place {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** Where the parts of a mapping or list stand. */
interface Parts {
  readonly at: Place;
  readonly keys: ReadonlyMap<string, Place>;
  readonly values: ReadonlyMap<string, Place>;
}

/**
 * Where plain values came from. Mappings and lists are known by identity, scalars by what holds them, so that a value
 * keeps its place when it is put elsewhere: variables filled in, another file included.
 */
export class Places {
  readonly #parts = new WeakMap<object, Parts>();

  set(value: object, parts: Parts): void {
    this.#parts.set(value, parts);
  }

  /** Gives `copy` the places of what it was made from. */
  copy(from: object, copy: object): void {
    const parts = this.#parts.get(from);
    if (parts) this.#parts.set(copy, parts);
  }

  /** Says where the items of a list stand, which may be in several files. */
  list(
    list: readonly unknown[],
    at: Place | undefined,
    items: readonly (Place | undefined)[],
  ): void {
    if (at === undefined) return;
    const values = new Map(items.map((place, index) => [`${index}`, place ?? at]));
    this.#parts.set(list, { at, keys: new Map(), values });
  }

  of(value: unknown): Place | undefined {
    return typeof value === 'object' && value !== null ? this.#parts.get(value)?.at : undefined;
  }

  /** Of the name of an entry. */
  key(holder: unknown, key: string | number): Place | undefined {
    if (typeof holder !== 'object' || holder === null) return undefined;
    return this.#parts.get(holder)?.keys.get(String(key));
  }

  /** Of the value of an entry. */
  value(holder: unknown, key: string | number): Place | undefined {
    if (typeof holder !== 'object' || holder === null) return undefined;
    return this.#parts.get(holder)?.values.get(String(key));
  }

  /** Of what a path leads to, or of the last on the way that is there. */
  at(root: unknown, path: readonly PropertyKey[]): Place | undefined {
    let place = this.of(root);
    let holder = root;
    for (const key of path) {
      const name = typeof key === 'symbol' ? '' : key;
      const next = this.value(holder, name) ?? this.key(holder, name);
      if (next === undefined) return place;
      place = next;
      holder = (holder as Record<PropertyKey, unknown>)[key];
    }
    return place;
  }
}
