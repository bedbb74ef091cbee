import type {
  CalendarDate,
  FeatureLine,
  LicenseFile,
  LicenseLine,
  PackageLine,
  ServerLine,
  UpgradeLine,
  UseServerLine,
  VendorLine,
} from '../license/model.ts';
import type { OptionsFile, OptionsRule } from '../options/model.ts';
import { dayIn } from './days.ts';
import type { LintInput } from './model.ts';

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

/** An options file, what is licensed by its vendor, and its rules alone. */
export interface OptionsView {
  readonly file: OptionsFile;
  readonly vendor?: string;
  readonly rules: readonly OptionsRule[];
  readonly catalog: Catalog;
}

/**
 * Lines of one name that rules compare with each other. Real features have a handful, large EDA
 * sites some hundred; a file made to be slow has a million, and then the rest is left out.
 */
export const LINES_COMPARED_MAX = 400;

/**
 * What can be checked out, by name in lower case: most daemons ignore the case of feature names.
 * Each list has at most LINES_COMPARED_MAX lines.
 */
export interface Catalog {
  readonly features: ReadonlyMap<string, readonly Placed<FeatureLine>[]>;
  readonly packages: ReadonlyMap<string, readonly Placed<PackageLine>[]>;
  /** Packages by the names of their components. */
  readonly components: ReadonlyMap<string, readonly Placed<PackageLine>[]>;
}

/** What the rules look at: the input with the tables that several rules need, made once. */
export interface LintSubject {
  readonly licenses: readonly LicenseView[];
  readonly options: readonly OptionsView[];
  /** Of all vendors together. */
  readonly catalog: Catalog;
  readonly today: CalendarDate;
}

/** Sorts the input for the rules; time and memory are linear in the number of lines. */
export function lintSubject(input: LintInput): LintSubject {
  const licenses = input.licenses.map(licenseView);
  const everything = catalogOf(licenses, undefined);
  const catalogs = new Map<string, Catalog>();
  const options = input.options.map(({ vendor, file }) => {
    const key = vendor?.toLowerCase();
    const catalog =
      key === undefined ? everything : (catalogs.get(key) ?? catalogOf(licenses, key));
    if (key !== undefined) catalogs.set(key, catalog);
    const rules = file.lines.filter((line): line is OptionsRule => line.kind === 'rule');
    return { file, ...(vendor === undefined ? {} : { vendor }), rules, catalog };
  });
  return { licenses, options, catalog: everything, today: dayIn(input.now, input.timeZone) };
}

function licenseView(file: LicenseFile): LicenseView {
  return {
    file,
    servers: ofKind(file, 'server'),
    vendors: ofKind(file, 'vendor'),
    useServers: ofKind(file, 'useServer'),
    features: ofKind(file, 'feature'),
    packages: ofKind(file, 'package'),
    upgrades: ofKind(file, 'upgrade'),
  };
}

function ofKind<K extends LicenseLine['kind']>(
  file: LicenseFile,
  kind: K,
): Extract<LicenseLine, { kind: K }>[] {
  return file.lines.filter((line): line is Extract<LicenseLine, { kind: K }> => line.kind === kind);
}

/** `vendor` in lower case; undefined takes every vendor's lines. */
function catalogOf(licenses: readonly LicenseView[], vendor: string | undefined): Catalog {
  const features = new Map<string, Placed<FeatureLine>[]>();
  const packages = new Map<string, Placed<PackageLine>[]>();
  const components = new Map<string, Placed<PackageLine>[]>();
  const ofVendor = (line: { readonly vendor: string }): boolean =>
    vendor === undefined || line.vendor.toLowerCase() === vendor;
  for (const view of licenses) {
    for (const line of view.features) {
      if (ofVendor(line)) add(features, line.name, { view, line });
    }
    for (const line of view.packages) {
      if (!ofVendor(line)) continue;
      add(packages, line.name, { view, line });
      const names = new Set(line.components.map((component) => component.name.toLowerCase()));
      for (const name of names) add(components, name, { view, line });
    }
  }
  return { features, packages, components };
}

function add<T>(map: Map<string, T[]>, name: string, item: T): void {
  const key = name.toLowerCase();
  const list = map.get(key);
  if (!list) map.set(key, [item]);
  else if (list.length < LINES_COMPARED_MAX) list.push(item);
}
