import type {
  FeatureLine,
  LicenseFile,
  PackageLine,
  ServerLine,
  UpgradeLine,
  UseServerLine,
  VendorLine,
} from '../license/model.ts';
import { canonicalVersion } from '../license/versions.ts';

/** A license file with its lines sorted by kind, each list in file order. */
export interface LicenseView {
  readonly file: LicenseFile;
  readonly servers: readonly ServerLine[];
  readonly vendors: readonly VendorLine[];
  readonly useServers: readonly UseServerLine[];
  readonly features: readonly FeatureLine[];
  readonly packages: readonly PackageLine[];
  readonly upgrades: readonly UpgradeLine[];
}

/** A line and the file it stands in. */
export interface Placed<Line> {
  readonly view: LicenseView;
  readonly line: Line;
}

/**
 * Lines of one name that are compared with each other. Real features have a handful, large EDA
 * sites some hundred; a file made to be slow has a million, and then the rest is left out.
 */
export const LINES_COMPARED_MAX = 1_000;

/** A package that a name is a component of, and how many of it a seat of the package gives. */
export interface Membership {
  readonly holder: PackageLine;
  readonly seatsEach: number;
}

/**
 * What can be checked out, by name in lower case: most daemons ignore the case of feature names.
 * Each list has at most LINES_COMPARED_MAX lines.
 */
export interface Catalog {
  /** Nothing is licensed, so names cannot be judged. */
  readonly isEmpty: boolean;
  readonly features: ReadonlyMap<string, readonly Placed<FeatureLine>[]>;
  readonly packages: ReadonlyMap<string, readonly PackageLine[]>;
  /** Packages by the names of their components, with the component's count. */
  readonly components: ReadonlyMap<string, readonly Membership[]>;
  /** Feature names as the files spell them. */
  readonly spellings: ReadonlySet<string>;
  /** Names of SUITE_RESERVED packages and of their components, to the package. */
  readonly suiteReserved: ReadonlyMap<string, PackageLine>;
  /**
   * The lines that give a package its seats: its name, its vendor, and its version if it has one.
   */
  enablers(line: PackageLine): readonly FeatureLine[];
}

/** Collects the lines of one vendor; undefined takes every vendor's. Linear in their number. */
export function catalogOf(licenses: readonly LicenseView[], vendor: string | undefined): Catalog {
  const features = new Map<string, Placed<FeatureLine>[]>();
  const packages = new Map<string, PackageLine[]>();
  const components = new Map<string, Membership[]>();
  const spellings = new Set<string>();
  const suiteReserved = new Map<string, PackageLine>();
  const enabling = new Map<string, FeatureLine[]>();
  const wanted = vendor?.toLowerCase();
  const isWanted = (line: { readonly vendor: string }): boolean =>
    wanted === undefined || line.vendor.toLowerCase() === wanted;
  for (const view of licenses) {
    for (const line of view.features.filter(isWanted)) {
      add(features, line.name.toLowerCase(), { view, line });
      spellings.add(line.name);
      add(enabling, enablingKey(line), line);
      add(enabling, enablingKey(line, line.version), line);
    }
    for (const line of view.packages.filter(isWanted)) {
      add(packages, line.name.toLowerCase(), line);
      const counts = new Map(
        line.components.map(({ name, count = 1 }) => [name.toLowerCase(), count]),
      );
      for (const [name, seatsEach] of counts) add(components, name, { holder: line, seatsEach });
      if (line.suite !== 'suiteReserved') continue;
      for (const name of [...counts.keys(), line.name.toLowerCase()]) suiteReserved.set(name, line);
    }
  }
  const enablers = (line: PackageLine): readonly FeatureLine[] =>
    enabling.get(enablingKey(line, line.version)) ?? [];
  const isEmpty = features.size + packages.size === 0;
  return { isEmpty, features, packages, components, spellings, suiteReserved, enablers };
}

function enablingKey(line: FeatureLine | PackageLine, version?: string): string {
  const name = `${line.vendor}\n${line.name}`.toLowerCase();
  return version === undefined ? name : `${name}\n${canonicalVersion(version)}`;
}

function add<T>(map: Map<string, T[]>, key: string, item: T): void {
  const list = map.get(key);
  if (!list) map.set(key, [item]);
  else if (list.length < LINES_COMPARED_MAX) list.push(item);
}
