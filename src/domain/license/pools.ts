import type { CalendarDate, DupGroup, FeatureLine, LicenseFile } from './model.ts';
import type { PoolDefinition } from './pool-definition.ts';
import { compareVersions } from './versions.ts';

/** How a vendor's daemon makes pools of lines. */
export interface PoolPolicy {
  /** Lines of different VENDOR_STRING are different pools. */
  readonly poolByVendorString: boolean;
  /** Lines of different serial number (SN=) are different pools. */
  readonly poolBySerialNumber: boolean;
  readonly sort: 'lowerVersionFirst' | 'higherVersionFirst';
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
      const key = line.name.toLowerCase();
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

function firstFeatureOnly(lines: readonly PlacedLine[]): readonly PlacedLine[] {
  const counted = ({ line }: PlacedLine): boolean => line.keyword === 'FEATURE' && line.count > 0;
  const first = lines.find(counted);
  return lines.filter((placed) => !counted(placed) || placed === first);
}

function poolsOf(lines: readonly PlacedLine[], policy: PoolPolicy): PoolDefinition[] {
  const pools = new Map<string, FeatureLine[]>();
  for (const { line } of [...lines].sort((a, b) => inTryingOrder(a, b, policy))) {
    const key = poolKey(line, policy);
    const pool = pools.get(key);
    if (pool) pool.push(line);
    else pools.set(key, [line]);
  }
  return [...pools].map(([id, members]) => definitionOf(id, members));
}

/** Which of two lines of a feature is tried first. */
function inTryingOrder(a: PlacedLine, b: PlacedLine, { sort }: PoolPolicy): number {
  const byVersion = compareVersions(a.line.version, b.line.version);
  return (
    a.fileIndex - b.fileIndex ||
    (a.line.attributes.sort ?? SORT_DEFAULT) - (b.line.attributes.sort ?? SORT_DEFAULT) ||
    compareTexts(a.line.attributes.vendorString ?? '', b.line.attributes.vendorString ?? '') ||
    Number(a.line.keyword === 'INCREMENT') - Number(b.line.keyword === 'INCREMENT') ||
    Number(a.line.count > 0) - Number(b.line.count > 0) ||
    (sort === 'lowerVersionFirst' ? byVersion : -byVersion) ||
    dayNumber(dateOf(b.line)) - dayNumber(dateOf(a.line)) ||
    a.order - b.order
  );
}

function compareTexts(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function dateOf({ attributes }: FeatureLine): CalendarDate | undefined {
  return attributes.issued ?? attributes.start;
}

function dayNumber(date: CalendarDate | undefined): number {
  return date === undefined ? 0 : date.year * 372 + date.month * 31 + date.day;
}

/** What lines must have in common to add up. Source: EUG v10 App. B; LAG, "License pools". */
function poolKey(line: FeatureLine, policy: PoolPolicy): string {
  const { attributes } = line;
  const parts = [
    line.name.toLowerCase(),
    line.version,
    line.count > 0 ? 'counted' : 'uncounted',
    dupGroupKey(attributes.dupGroup),
    String(attributes.floatOk ?? ''),
    String(attributes.hostBased ?? ''),
    String(attributes.userBased ?? ''),
    (attributes.hostids ?? []).join(' ').toLowerCase(),
    (attributes.platforms ?? []).join(' ').toLowerCase(),
    policy.poolByVendorString ? (attributes.vendorString ?? '') : '',
    policy.poolBySerialNumber ? (attributes.serialNumber ?? '') : '',
  ];
  return parts.map((part) => part.replaceAll('|', '||')).join('|.|');
}

function dupGroupKey(dup: DupGroup | undefined): string {
  if (dup === undefined || dup.kind !== 'fields') return dup?.kind ?? 'none';
  return `${dup.user ? 'U' : ''}${dup.host ? 'H' : ''}${dup.display ? 'D' : ''}${dup.vendor ? 'V' : ''}`;
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
