import type { EpochMs } from '../base/clock.ts';
import { KnownError } from '../base/errors.ts';
import { type Catalog, readCatalog, type VendorEntry } from '../daemon/catalog.ts';
import { newLedger } from '../daemon/vendor-ledger.ts';
import type { DupGroup, Expiry, FeatureLine } from '../domain/license/model.ts';
import type { PoolDefinition } from '../domain/license/pool-definition.ts';
import type { OptionsFile } from '../domain/options/model.ts';
import { parseOptionsFile } from '../domain/options/parse.ts';
import { vendorPolicy } from '../domain/vendors/index.ts';
import type { LedgerFactory } from './replay-ledger.ts';

/** The license and options files that a replay goes by; without any, plain floating seats. */
export interface PlanLicense {
  readonly licenses: readonly string[];
  /** Options files by vendor name. */
  readonly options: Readonly<Record<string, string>>;
  readonly timeZone?: string;
}

/** What is tried out on a license: lines of an options file more, another sharing of seats. */
export interface LicenseChange {
  /** Lines as an options file has them. */
  readonly lines: readonly string[];
  readonly dupGroup?: DupGroup;
}

/** What a replay needs to know of a feature's license. */
export interface FeatureLicense {
  readonly daemon: string;
  readonly newLedger: LedgerFactory;
  /** Seats by the license file; undefined without one. */
  readonly seats?: number;
}

const permanent: Expiry = { kind: 'permanent', text: 'permanent' };

/** The license files once read, for all features. */
export class PlanLicenses {
  readonly #catalog: Catalog | undefined;
  readonly #timeZone: string | undefined;

  /** @throws KnownError as `readCatalog` does. */
  constructor({ licenses, options, timeZone }: PlanLicense, now: EpochMs) {
    this.#timeZone = timeZone;
    this.#catalog =
      licenses.length === 0 ? undefined : readCatalog({ licenses, options, lenient: true, now });
  }

  /** @throws KnownError USAGE when the license files have no such feature. */
  of(feature: string, daemon: string, change: LicenseChange = { lines: [] }): FeatureLicense {
    if (this.#catalog === undefined) {
      return this.#licensed(changed(plainEntry(feature, daemon), feature, change), feature);
    }
    const entry = vendorOf(this.#catalog, feature, daemon);
    const seats = seatsOf(entry, feature);
    return { ...this.#licensed(changed(entry, feature, change), feature), seats };
  }

  /** The pools of a feature, none when no line has it, and the options file of its daemon; undefined without a file. */
  pools(feature: string, daemon: string): Pick<VendorEntry, 'definitions' | 'options'> | undefined {
    if (this.#catalog === undefined) return undefined;
    const entry = findVendor(this.#catalog, feature, daemon);
    if (entry === undefined) return { definitions: [] };
    return { ...entry, definitions: entry.definitions.filter((pool) => isOf(pool, feature)) };
  }

  /** What everything depends on that is told of licenses. */
  get texts(): readonly string[] {
    const { files = [], vendors = [] } = this.#catalog ?? {};
    const options = vendors.flatMap((vendor) => vendor.options?.source.text ?? []);
    return [...files.map(({ source }) => source.text), ...options, this.#timeZone ?? ''];
  }

  /** The members of a GROUP of the options file of the feature's daemon, or undefined when it has none of the name. */
  group(name: string, feature: string, daemon: string): ReadonlySet<string> | undefined {
    if (this.#catalog === undefined) return undefined;
    return groupMembers(vendorOf(this.#catalog, feature, daemon).options, name);
  }

  #licensed(entry: VendorEntry, feature: string): FeatureLicense {
    const ground = {
      policy: vendorPolicy(entry.name),
      serverHosts: [],
      ...(this.#timeZone === undefined ? {} : { timeZone: this.#timeZone }),
    };
    return {
      daemon: entry.name,
      newLedger: (seats, now) =>
        newLedger(
          { ...entry, definitions: withSeats(entry.definitions, feature, seats) },
          ground,
          now,
        ),
    };
  }
}

function plainEntry(feature: string, daemon: string): VendorEntry {
  const line = plainLine(feature, daemon);
  const definition: PoolDefinition = {
    ...{ id: feature, feature, vendor: daemon, version: line.version, counted: true },
    ...{ dupGroup: { kind: 'none' }, lines: [line] },
  };
  return { name: daemon, definitions: [definition], packages: [], features: [line] };
}

function changed(entry: VendorEntry, feature: string, change: LicenseChange): VendorEntry {
  const { lines, dupGroup } = change;
  const definitions =
    dupGroup === undefined
      ? entry.definitions
      : entry.definitions.map((pool) => (isOf(pool, feature) ? { ...pool, dupGroup } : pool));
  return lines.length === 0
    ? { ...entry, definitions }
    : { ...entry, definitions, options: withLines(entry.options, lines) };
}

/** What is added stands behind what there is, as an administrator adds it. */
function withLines(options: OptionsFile | undefined, lines: readonly string[]): OptionsFile {
  const old = options?.source;
  const text = [...(old === undefined ? [] : [old.text]), ...lines].join('\n');
  return parseOptionsFile({ name: old?.name ?? '--what-if', encoding: 'utf-8', ...old, text });
}

/** The users of a GROUP line, or of several of one name. */
export function groupMembers(
  options: OptionsFile | undefined,
  name: string,
): ReadonlySet<string> | undefined {
  const lists = (options?.lines ?? []).flatMap((line) =>
    line.kind === 'rule' &&
    line.rule.keyword === 'GROUP' &&
    line.rule.name.toLowerCase() === name.toLowerCase()
      ? [line.rule.members]
      : [],
  );
  return lists.length === 0 ? undefined : new Set(lists.flat());
}

function vendorOf(catalog: Catalog, feature: string, daemon: string): VendorEntry {
  const entry = findVendor(catalog, feature, daemon);
  if (entry !== undefined) return entry;
  throw new KnownError('USAGE', `--license: expected a line of ${feature}, got none`, { feature });
}

function findVendor(
  { vendors }: Catalog,
  feature: string,
  daemon: string,
): VendorEntry | undefined {
  const having = vendors.filter(({ definitions }) =>
    definitions.some((pool) => isOf(pool, feature)),
  );
  const named = having.find(({ name }) => name.toLowerCase() === daemon.toLowerCase());
  return named ?? having[0];
}

function isOf({ feature }: PoolDefinition, name: string): boolean {
  return feature.toLowerCase() === name.toLowerCase();
}

function seatsOf({ definitions }: VendorEntry, feature: string): number {
  return definitions
    .filter((pool) => isOf(pool, feature) && pool.counted)
    .flatMap(({ lines }) => lines)
    .reduce((sum, { count }) => sum + count, 0);
}

/**
 * The same pools with so many seats of the feature: what is added or taken away is of its largest pool. Dates do not
 * count: the question is about seats, and history is older than today's license.
 */
function withSeats(
  definitions: readonly PoolDefinition[],
  feature: string,
  seats: number,
): readonly PoolDefinition[] {
  const pools = definitions.filter((pool) => isOf(pool, feature) && pool.counted);
  const counts = pools.map(({ lines }) => lines.reduce((sum, { count }) => sum + count, 0));
  let spare = seats - counts.reduce((sum, count) => sum + count, 0);
  // Adding goes to the largest, taking away to the largest and then on to the next.
  const order = pools.map((_, index) => index).sort((a, b) => counts[b]! - counts[a]!);
  for (const index of order) {
    const change = Math.max(spare, -counts[index]!);
    counts[index]! += change;
    spare -= change;
  }
  return definitions.map((pool) => {
    const index = pools.indexOf(pool);
    return index < 0 ? pool : { ...pool, lines: [lineOf(pool, counts[index]!)], places: [] };
  });
}

function lineOf({ lines }: PoolDefinition, count: number): FeatureLine {
  const line = lines[0]!;
  const { START: _, ...attributes } = line.attributes as Record<string, unknown>;
  return { ...line, count, expiry: permanent, attributes } as FeatureLine;
}

function plainLine(name: string, vendor: string): FeatureLine {
  return {
    ...{ kind: 'feature', keyword: 'INCREMENT', name, vendor, version: '1.0', expiry: permanent },
    ...{ count: 1, attributes: {}, usable: true, at: { line: 1, column: 1 } },
    ...{ start: 0, end: 0, line: 1, lineCount: 1 },
  };
}
