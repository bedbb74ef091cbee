import { printDupGroup } from './attribute-forms.ts';
import { compareDates } from './dates.ts';
import type { CalendarDate, FeatureLine, LicenseFile } from './model.ts';
import type { PoolDefinition } from './pool-definition.ts';
import { canonicalVersion, compareVersions } from './versions.ts';

/** How a vendor's daemon makes pools of lines. */
export interface PoolPolicy {
  /** Lines of different VENDOR_STRING are different pools. */
  readonly poolByVendorString: boolean;
  /** Lines of different serial number (SN=) are different pools. */
  readonly poolBySerialNumber: boolean;
  readonly sort: 'lowerVersionFirst' | 'higherVersionFirst';
  /** Features whose names differ only in letter case are different features; otherwise they are one. */
  readonly caseSensitive?: boolean;
}

/** Lines of no `sort=`. */
const SORT_DEFAULT = 100;

/**
 * The pools that a vendor's daemon makes of the license files, features in the order in which they first
 * appear, the pools of each in the order in which a checkout tries them.
 * Only usable lines of that vendor count; of several counted FEATURE lines of one name only the first,
 * INCREMENT lines always add. Source: End User Guide v10, App. B, "FEATURE vs INCREMENT"; LAG, "License pools",
 * "License file ordering / sort rules" (2022 R3: no sorting across files).
 */
export function poolDefinitions(
  files: readonly LicenseFile[],
  vendor: string,
  policy: PoolPolicy,
): readonly PoolDefinition[] {
  const features = new Map<string, PlacedLine[]>();
  files.forEach((file, fileIndex) => {
    for (const line of file.lines) {
      if (line.kind !== 'feature' || !line.usable || !sameName(line.vendor, vendor)) continue;
      const key = featureKey(line.name, policy);
      const lines = features.get(key) ?? [];
      if (lines.length === 0) features.set(key, lines);
      lines.push({ line, fileIndex, order: lines.length });
    }
  });
  return [...features.values()].flatMap((lines) => poolsOf(firstFeatureOnly(lines), policy));
}

interface PlacedLine {
  readonly line: FeatureLine;
  readonly fileIndex: number;
  readonly order: number;
}

function sameName(a: string, b: string): boolean {
  return a === b || a.toLowerCase() === b.toLowerCase();
}

function featureKey(name: string, { caseSensitive }: PoolPolicy): string {
  return caseSensitive ? name : name.toLowerCase();
}

function firstFeatureOnly(lines: readonly PlacedLine[]): readonly PlacedLine[] {
  const counted = ({ line }: PlacedLine): boolean => line.keyword === 'FEATURE' && line.count > 0;
  const first = lines.find(counted);
  return lines.filter((placed) => !counted(placed) || placed === first);
}

/** Pools in the order of their best line; the lines of each in file order. */
function poolsOf(lines: readonly PlacedLine[], policy: PoolPolicy): PoolDefinition[] {
  const pools = new Map<string, PlacedLine[]>();
  for (const placed of [...lines].sort((a, b) => inTryingOrder(a, b, policy))) {
    const key = poolKey(placed.line, policy);
    const pool = pools.get(key);
    if (pool) pool.push(placed);
    else pools.set(key, [placed]);
  }
  return [...pools].map(([id, members]) => {
    const inFileOrder = members.sort((a, b) => a.order - b.order).map(({ line }) => line);
    return definitionOf(id, inFileOrder);
  });
}

/**
 * Which of two lines of a feature is tried first. Lines that a site has given one `sort=` of its own stay as
 * they are in the file. Source: LAG, "Sort Rules".
 */
function inTryingOrder(a: PlacedLine, b: PlacedLine, policy: PoolPolicy): number {
  const sort = a.line.attributes.sort ?? SORT_DEFAULT;
  return (
    a.fileIndex - b.fileIndex ||
    sort - (b.line.attributes.sort ?? SORT_DEFAULT) ||
    (sort === SORT_DEFAULT ? byRules(a.line, b.line, policy) : 0) ||
    a.order - b.order
  );
}

function byRules(a: FeatureLine, b: FeatureLine, { sort }: PoolPolicy): number {
  const byVersion = compareVersions(a.version, b.version);
  return (
    compareTexts(a.attributes.vendorString ?? '', b.attributes.vendorString ?? '') ||
    Number(a.keyword === 'INCREMENT') - Number(b.keyword === 'INCREMENT') ||
    Number(a.count > 0) - Number(b.count > 0) ||
    (sort === 'lowerVersionFirst' ? byVersion : -byVersion) ||
    compareDates(dateOf(b), dateOf(a))
  );
}

function compareTexts(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Older than every date: a line that does not say when it was issued. */
const NO_DATE: CalendarDate = { year: 0, month: 1, day: 1 };

function dateOf({ attributes }: FeatureLine): CalendarDate {
  return attributes.issued ?? attributes.start ?? NO_DATE;
}

/**
 * What lines must have in common to add up, as a text. Quotation marks keep the parts apart: no license
 * line can have them in a value. Source: EUG10 App. B; LAG, "License pools".
 */
function poolKey({ name, version, count, attributes }: FeatureLine, policy: PoolPolicy): string {
  const { dupGroup, floatOk, hostBased, userBased, hostids, platforms } = attributes;
  const parts: readonly (readonly [string, unknown])[] = [
    ['DUP_GROUP', dupGroup && dupGroup.kind !== 'none' ? printDupGroup(dupGroup) : undefined],
    ['FLOAT_OK', floatOk],
    ['HOST_BASED', hostBased],
    ['USER_BASED', userBased],
    ['HOSTID', hostids?.map(hostidKey).join(' ')],
    ['PLATFORMS', platforms?.join(' ').toLowerCase()],
    ['VENDOR_STRING', policy.poolByVendorString ? attributes.vendorString : undefined],
    ['SN', policy.poolBySerialNumber ? attributes.serialNumber : undefined],
  ];
  const given = parts.filter(([, value]) => value !== undefined);
  return [
    `"${featureKey(name, policy)}" v${canonicalVersion(version)} ${count > 0 ? 'counted' : 'uncounted'}`,
    ...given.map(([label, value]) => `${label}="${value}"`),
  ].join(' ');
}

/** One spelling for host ids that fit the same clients: only USER and DISPLAY ask for letter case. */
function hostidKey(hostid: string): string {
  return /^(?:USER|DISPLAY)=/i.test(hostid)
    ? hostid.replace(/^\w+/, (keyword) => keyword.toUpperCase())
    : hostid.toUpperCase();
}

function definitionOf(id: string, lines: readonly FeatureLine[]): PoolDefinition {
  const { name, vendor, version, count, attributes } = lines[0]!;
  const { dupGroup, hostids, platforms, vendorString } = attributes;
  return {
    id,
    feature: name,
    vendor,
    version,
    counted: count > 0,
    dupGroup: dupGroup ?? { kind: 'none' },
    ...(hostids === undefined ? {} : { hostids }),
    ...(platforms === undefined ? {} : { platforms }),
    ...(vendorString === undefined ? {} : { vendorString }),
    lines,
  };
}
