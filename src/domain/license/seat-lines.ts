import { sameName } from '../../base/names.ts';
import type { DupGroup, FeatureLine, LicenseFile, PackageLine, UpgradeLine } from './model.ts';

/** A place in the license files, for people: `acme.lic:12`. */
export interface LinePlace {
  readonly file: string;
  /** First physical line, from 1. */
  readonly line: number;
}

/** A line of one vendor, and where it stands among all files. */
export interface PlacedLine<Line> {
  readonly line: Line;
  readonly file: string;
  readonly fileIndex: number;
  /** Counts all lines of the vendor, over all files. */
  readonly order: number;
}

/** The usable lines of one vendor that say something about seats, each list in file order. */
export interface VendorLines {
  readonly features: readonly PlacedLine<FeatureLine>[];
  readonly packages: readonly PlacedLine<PackageLine>[];
  readonly upgrades: readonly PlacedLine<UpgradeLine>[];
  /** PACKAGE lines that cannot be understood (-82): what they enable gives nothing. */
  readonly badPackages: readonly PlacedLine<PackageLine>[];
}

/** What a package makes of a line of seats. */
export interface PackageRole {
  /** As the PACKAGE line spells it. */
  readonly name: string;
  /**
   * `component`: seats of one of its components. `suite`: the seats of the package itself, which go out with a
   * component's. `bad`: the PACKAGE line is no use, so nobody gets any.
   */
  readonly role: 'component' | 'suite' | 'bad';
  /** Of a suite's component: the line that enables it, whose seats go out with its own. */
  readonly enabledBy?: SeatLine;
  /** SUITE_RESERVED: who has one component out may have the others too. */
  readonly reserves?: true;
}

/** A line that gives seats, as written or as other lines made it: pools are made of these. */
export interface SeatLine extends PlacedLine<FeatureLine> {
  /** DUP_GROUP=, the vendor's own rule where the line has none, or SUITE_DUP_GROUP=. */
  readonly dupGroup: DupGroup;
  readonly package?: PackageRole;
}

/** Sorts the usable lines of a vendor by kind; a vendor's name may be in any letter case. */
export function linesOfVendor(files: readonly LicenseFile[], vendor: string): VendorLines {
  const features: PlacedLine<FeatureLine>[] = [];
  const packages: PlacedLine<PackageLine>[] = [];
  const upgrades: PlacedLine<UpgradeLine>[] = [];
  const badPackages: PlacedLine<PackageLine>[] = [];
  let order = 0;
  files.forEach(({ source: { name: file }, lines }, fileIndex) => {
    for (const line of lines) {
      if (!('vendor' in line) || line.kind === 'vendor' || !sameName(line.vendor, vendor)) continue;
      const place = { file, fileIndex, order: order++ };
      if (line.kind === 'package') {
        (isSound(line) ? packages : badPackages).push({ line, ...place });
      } else if (line.usable && line.kind === 'feature') features.push({ line, ...place });
      else if (line.usable && line.kind === 'upgrade') upgrades.push({ line, ...place });
    }
  });
  return { features, packages, upgrades, badPackages };
}

/**
 * A component's count is for plain packages only. Sources: End User Guide v10, App. B, "PACKAGE Lines"; error
 * list, -82.
 */
function isSound({ usable, suite, components }: PackageLine): boolean {
  return usable && (suite === 'none' || components.every(({ count }) => count === undefined));
}

/** The text under which a feature or package is filed. */
export function nameKey(name: string, caseSensitive: boolean | undefined): string {
  return caseSensitive ? name : name.toLowerCase();
}

/** Appends to the list of a key, making it if need be. */
export function addTo<Key, Item>(lists: Map<Key, Item[]>, key: Key, item: Item): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [item]);
  else list.push(item);
}
