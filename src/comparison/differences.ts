import {
  type FeatureStanding,
  type PoolStanding,
  type Standing,
  type Tally,
  UNCOUNTED,
  type VendorStanding,
} from './standing.ts';

/** Something that is not the same on both sides, in words; `none` for what is not there. */
export interface Difference {
  readonly vendor: string;
  /** Absent where it is about the whole vendor daemon. */
  readonly feature?: string;
  readonly what: string;
  readonly theirs: string;
  readonly ours: string;
}

export interface CompareOptions {
  /** Whether who uses what is compared: users, those who wait, licenses in use, idle reservations. */
  readonly usage: boolean;
  /** Why ours did not grant what theirs has out, by vendor, feature and user. */
  readonly refused?: (vendor: string, feature: string, user: string) => string | undefined;
}

export interface Comparison {
  readonly differences: readonly Difference[];
  /** How much was looked at: what is on either side. */
  readonly compared: {
    readonly vendors: number;
    readonly features: number;
    readonly lines: number;
    readonly users: number;
  };
}

/** Compares what two sides show. What one of them does not tell at all is no difference. */
export function compareStandings(
  theirs: Standing,
  ours: Standing,
  options: CompareOptions,
): Comparison {
  const comparer = new Comparer(options, theirs.tellsLines && ours.tellsLines);
  for (const [left, right] of pairs(theirs.vendors, ours.vendors)) comparer.vendor(left, right);
  return comparer;
}

/** What stands under each key on either side, theirs first. */
function* pairs<T>(
  theirs: ReadonlyMap<string, T>,
  ours: ReadonlyMap<string, T>,
): Generator<readonly [T | undefined, T | undefined, string]> {
  for (const key of new Set([...theirs.keys(), ...ours.keys()])) {
    yield [theirs.get(key), ours.get(key), key];
  }
}

const NONE = 'none';

/** One value of a feature each. */
const featureRows: readonly {
  readonly what: string;
  readonly ofUsage: boolean;
  readonly value: (feature: FeatureStanding) => string | number | undefined;
}[] = [
  { what: 'is', ofUsage: false, value: ({ kind }) => kind },
  { what: 'licenses issued', ofUsage: false, value: ({ issued }) => issued },
  { what: 'licenses in use', ofUsage: true, value: ({ used }) => used },
];

const tallyRows: readonly {
  readonly what: string;
  readonly tally: (feature: FeatureStanding) => Tally;
}[] = [
  { what: 'used by', tally: ({ users }) => users },
  { what: 'queued', tally: ({ queued }) => queued },
  { what: 'reserved for', tally: ({ reservations }) => reservations },
];

const poolRows: readonly (readonly [what: string, field: keyof PoolStanding])[] = [
  ['expiry', 'expiry'],
  ['vendor string', 'vendorString'],
  ['lock', 'lock'],
];

class Comparer implements Comparison {
  readonly differences: Difference[] = [];
  readonly compared = { vendors: 0, features: 0, lines: 0, users: 0 };
  readonly #options: CompareOptions;
  readonly #withLines: boolean;

  constructor(options: CompareOptions, withLines: boolean) {
    this.#options = options;
    this.#withLines = withLines;
  }

  /** A daemon that is on one side only is one difference, whatever it serves. */
  vendor(theirs: VendorStanding | undefined, ours: VendorStanding | undefined): void {
    this.compared.vendors++;
    const vendor = (theirs ?? ours)!.name;
    if (!theirs || !ours) {
      const [left, right] = [theirs, ours].map((each) => (each ? 'there' : NONE));
      return this.#differs({ vendor, what: 'vendor daemon' }, left!, right!);
    }
    const states = [theirs.state, ours.state];
    if (!states.includes('unknown') && theirs.state !== ours.state) {
      return this.#differs({ vendor, what: 'vendor daemon' }, theirs.state, ours.state);
    }
    for (const [left, right] of pairs(theirs.features, ours.features)) {
      this.#feature(vendor, left, right);
    }
  }

  #feature(
    vendor: string,
    theirs: FeatureStanding | undefined,
    ours: FeatureStanding | undefined,
  ): void {
    const isLine = (each: FeatureStanding | undefined) => each?.kind === undefined;
    // Without license lines of the other side, one that only lines name is not there.
    if (!this.#withLines && isLine(theirs) && isLine(ours)) return;
    this.compared.features++;
    const feature = (theirs ?? ours)!.name;
    const place = { vendor, feature };
    if (this.#withLines) this.#lines(place, theirs?.lines, ours?.lines);
    if (isLine(theirs) || isLine(ours)) {
      if (isLine(theirs) && isLine(ours)) return;
      const [left, right] = [theirs, ours].map((each) => (isLine(each) ? NONE : 'shown'));
      return this.#differs({ ...place, what: 'in lmstat' }, left!, right!);
    }
    this.#values(place, theirs!, ours!);
    this.#pools(place, theirs!, ours!);
    if (this.#options.usage) this.#usage(place, theirs!, ours!);
  }

  #lines(place: Place, theirs: Tally = new Map(), ours: Tally = new Map()): void {
    const left: string[] = [];
    const right: string[] = [];
    for (const [its, our, key] of pairs(theirs, ours)) {
      this.compared.lines++;
      if (its === our) continue;
      if (its !== undefined) left.push(`${licenses(its)} ${key}`);
      if (our !== undefined) right.push(`${licenses(our)} ${key}`);
    }
    if (left.length === 0 && right.length === 0) return;
    const [said, shown] = [left, right].map((list) => list.join('; ') || NONE);
    this.#differs({ ...place, what: 'license lines' }, said!, shown!);
  }

  #values(place: Place, theirs: FeatureStanding, ours: FeatureStanding): void {
    for (const { what, ofUsage, value } of featureRows) {
      if (ofUsage && !this.#options.usage) continue;
      this.#compare({ ...place, what }, value(theirs), value(ours));
    }
  }

  /** lmstat lists a pool for what is in use of it: one that only one side lists is told by that. */
  #pools(place: Place, theirs: FeatureStanding, ours: FeatureStanding): void {
    for (const [left, right, key] of pairs(theirs.pools, ours.pools)) {
      if (!left || !right) continue;
      for (const [what, field] of poolRows) {
        // A pool without a vendor string has no line for it in any dialect.
        const none = field === 'vendorString' ? NONE : undefined;
        const values = [left[field] ?? none, right[field] ?? none] as const;
        this.#compare({ ...place, what: `${key} ${what}` }, ...values);
      }
    }
  }

  #usage(place: Place, theirs: FeatureStanding, ours: FeatureStanding): void {
    for (const { what, tally } of tallyRows) {
      for (const [left, right, key] of pairs(tally(theirs), tally(ours))) {
        if (what === 'used by') this.compared.users++;
        if (left === right) continue;
        const refused = this.#options.refused?.(place.vendor, place.feature, key);
        const shown = right ?? (refused === undefined ? NONE : `none, ${refused}`);
        this.#differs({ ...place, what: `${what} ${key}` }, `${left ?? NONE}`, `${shown}`);
      }
    }
  }

  /** What a side does not tell is no difference. */
  #compare(where: Where, theirs: Value, ours: Value): void {
    if (theirs === undefined || ours === undefined || theirs === ours) return;
    this.#differs(where, `${theirs}`, `${ours}`);
  }

  #differs(where: Where, theirs: string, ours: string): void {
    this.differences.push({ ...where, theirs, ours });
  }
}

interface Place {
  readonly vendor: string;
  readonly feature: string;
}

type Where = Pick<Difference, 'vendor' | 'feature' | 'what'>;

type Value = string | number | undefined;

function licenses(count: number): string {
  return count === UNCOUNTED ? 'uncounted' : `${count} of`;
}
