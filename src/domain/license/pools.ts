import { dupGroup as dupGroupForm } from './attribute-forms.ts';
import { compareDates } from './dates.ts';
import { floating, floatOkOf } from './float-ok.ts';
import type { DupGroup, FeatureLine, LicenseFile } from './model.ts';
import { withPackages } from './packages.ts';
import type { PoolDefinition, PoolPackage } from './pool-definition.ts';
import { poolKey } from './pool-keys.ts';
import { addTo, linesOfVendor, nameKey, type PlacedLine, type SeatLine } from './seat-lines.ts';
import { dateOf, withoutSuperseded } from './superseding.ts';
import { upgraded } from './upgrades.ts';
import { compareVersions } from './versions.ts';

/** How a vendor's daemon makes pools of lines. */
export interface PoolPolicy {
  /** Lines of different VENDOR_STRING are different pools. */
  readonly poolByVendorString: boolean;
  /** Lines of different serial number (SN=) are different pools. */
  readonly poolBySerialNumber: boolean;
  readonly sort: 'lowerVersionFirst' | 'higherVersionFirst';
  /** Features whose names differ only in letter case are different features; otherwise they are one. */
  readonly caseSensitive?: boolean;
  /** Whose checkouts of a serial number's features take one seat of it together, as DUP_GROUP= spells it. */
  readonly serialSharing?: string;
  /** How lines without DUP_GROUP share seats, as DUP_GROUP= spells it; absent: not at all. */
  readonly seatSharing?: string;
  /** Platforms on which each node or CPU of a build takes a seat of its own, as PLATFORMS= names them. */
  readonly seatPerNode?: readonly string[];
}

/** Lines of no `sort=`. */
const SORT_DEFAULT = 100;

/**
 * The pools that a vendor's daemon makes of the license files, features in the order in which they first
 * appear, the pools of each in the order in which a checkout tries them.
 * Only usable lines of that vendor count; first SUPERSEDE takes lines away, then of several counted FEATURE
 * lines of one name all but the first go, INCREMENT lines always add; UPGRADE moves seats to newer versions, and
 * packages turn into their components. Source: End User Guide v10, App. B, "FEATURE vs INCREMENT"; LAG, "License
 * pools", "License file ordering / sort rules" (2022 R3: no sorting across files).
 * @throws KnownError LICENSE_UNSERVABLE as `withPackages` does.
 */
export function poolDefinitions(
  files: readonly LicenseFile[],
  vendor: string,
  policy: PoolPolicy,
): readonly PoolDefinition[] {
  const features = new Map<string, SeatLine[]>();
  for (const placed of seatLines(files, vendor, policy)) {
    addTo(features, nameKey(placed.line.name, policy.caseSensitive), placed);
  }
  return [...features.values()].flatMap((lines) => poolsOf(lines, policy));
}

/** The lines that give seats, as other lines have left or made them. */
function seatLines(
  files: readonly LicenseFile[],
  vendor: string,
  policy: PoolPolicy,
): readonly SeatLine[] {
  const { caseSensitive, seatSharing } = policy;
  const { features, packages, upgrades, badPackages } = linesOfVendor(files, vendor);
  const current = firstFeaturesOnly(withoutSuperseded(features, caseSensitive), caseSensitive);
  const floated = current.map((placed) => ({ ...placed, line: floating(placed.line) }));
  const options = {
    caseSensitive,
    seatSharing: seatSharing === undefined ? undefined : dupGroupForm.parse(seatSharing),
  };
  const kept = { packages: withoutSuperseded(packages, caseSensitive), badPackages };
  return withPackages(upgraded(floated, upgrades, caseSensitive), kept, options);
}

function firstFeaturesOnly(
  lines: readonly PlacedLine<FeatureLine>[],
  caseSensitive: boolean | undefined,
): readonly PlacedLine<FeatureLine>[] {
  const seen = new Set<string>();
  return lines.filter(({ line }) => {
    if (line.keyword === 'INCREMENT' || line.count === 0) return true;
    const key = nameKey(line.name, caseSensitive);
    return !seen.has(key) && seen.add(key);
  });
}

/** Pools in the order of their best line; the lines of each in file order. */
function poolsOf(lines: readonly SeatLine[], policy: PoolPolicy): PoolDefinition[] {
  const pools = new Map<string, SeatLine[]>();
  for (const placed of [...lines].sort((a, b) => inTryingOrder(a, b, policy))) {
    addTo(pools, poolKey(placed, policy), placed);
  }
  return [...pools].map(([id, members]) => {
    return definitionOf(
      id,
      members.sort((a, b) => a.order - b.order),
      policy,
    );
  });
}

/**
 * Which of two lines of a feature is tried first. Lines that a site has given one `sort=` of its own stay as
 * they are in the file. Source: LAG, "Sort Rules".
 */
function inTryingOrder(a: SeatLine, b: SeatLine, policy: PoolPolicy): number {
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

function definitionOf(
  id: string,
  members: readonly SeatLine[],
  policy: PoolPolicy,
): PoolDefinition {
  const { line, dupGroup } = members[0]!;
  const { name, vendor, version, count, attributes } = line;
  const { platforms, vendorString, serialNumber } = attributes;
  const floatOk = floatOkOf(attributes);
  const hostids = floatOk === 'floats' ? undefined : attributes.hostids;
  const lines = members.map((member) => member.line);
  const borrowHours = longestBorrow(lines);
  const terminalServer = lines.find((each) => each.attributes.terminalServer)?.attributes;
  const own = packageOf(members, policy);
  const serialSharing = serialSharingOf(line, own, policy);
  return {
    id,
    feature: name,
    vendor,
    version,
    counted: count > 0,
    dupGroup,
    ...(hostids === undefined ? {} : { hostids }),
    ...(platforms === undefined ? {} : { platforms }),
    ...(vendorString === undefined ? {} : { vendorString }),
    lines,
    places: members.map(({ file, line: { line: at } }) => ({ file, line: at })),
    ...(serialNumber === undefined ? {} : { serialNumber }),
    ...(serialSharing === undefined ? {} : { serialSharing }),
    ...(borrowHours === undefined ? {} : { borrowHours }),
    ...(terminalServer?.terminalServer && { terminalServer: terminalServer.terminalServer }),
    ...(floatOk === undefined ? {} : { floatOk }),
    ...(own === undefined ? {} : { package: own }),
    ...(policy.seatPerNode === undefined ? {} : { seatPerNode: policy.seatPerNode }),
  };
}

/** Seats of a suite's components go out with the suite's own, which count; what has no seats has none to share. */
function serialSharingOf(
  { count, attributes }: FeatureLine,
  own: PoolPackage | undefined,
  { serialSharing }: PoolPolicy,
): DupGroup | undefined {
  if (serialSharing === undefined || attributes.serialNumber === undefined) return undefined;
  if (count === 0 || own?.suite !== undefined || own?.role === 'bad') return undefined;
  return dupGroupForm.parse(serialSharing);
}

/** BORROW is nothing that makes pools: lines of one may differ in it. */
function longestBorrow(lines: readonly FeatureLine[]): number | undefined {
  let longest: number | undefined;
  for (const { attributes } of lines) {
    const { borrowHours } = attributes;
    if (borrowHours !== undefined) longest = Math.max(longest ?? 0, borrowHours);
  }
  return longest;
}

function packageOf(members: readonly SeatLine[], policy: PoolPolicy): PoolPackage | undefined {
  const found = members.find((member) => member.package)?.package;
  if (found === undefined) return undefined;
  const { name, role, enabledBy, reserves } = found;
  return {
    name,
    role,
    ...(enabledBy && { suite: poolKey(enabledBy, policy) }),
    ...(reserves && { reserves }),
  };
}
