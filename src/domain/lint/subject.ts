import type { CalendarDate, LicenseFile, LicenseLine } from '../license/model.ts';
import type { OptionsFile, OptionsRule } from '../options/model.ts';
import { type Catalog, catalogOf, type LicenseView } from './catalog.ts';
import { dayIn, dayNumber, lastDay } from './days.ts';
import { Licensed } from './licensed.ts';
import type { LintInput } from './model.ts';
import { NamedClients } from './named-clients.ts';

/** An options file, what is licensed by its vendor, and its rules alone. */
export interface OptionsView {
  readonly file: OptionsFile;
  readonly vendor?: string;
  readonly rules: readonly OptionsRule[];
  readonly catalog: Catalog;
  readonly licensed: Licensed;
}

/** All files together, with the tables that several rules need, made once. */
export interface LintSubject {
  readonly licenses: readonly LicenseView[];
  readonly options: readonly OptionsView[];
  /** Of all vendors together. */
  readonly catalog: Catalog;
  readonly hasServer: boolean;
  /** Vendors with a VENDOR line, in lower case. */
  readonly vendorsServed: ReadonlySet<string>;
  /** Vendors that license something, in lower case. */
  readonly vendorsLicensed: ReadonlySet<string>;
  /** Vendors with a line that has not expired, in lower case. */
  readonly vendorsAlive: ReadonlySet<string>;
  /** Who comes first to a port: `SERVER`, or a vendor in lower case. Port 0 is nobody's. */
  readonly portOwners: ReadonlyMap<number, string>;
  readonly namedClients: NamedClients;
  readonly today: CalendarDate;
}

/** Sorts the input for the rules; time and memory are linear in the number of lines. */
export function lintSubject(input: LintInput): LintSubject {
  const licenses = input.licenses.map(licenseView);
  const today = dayIn(input.now, input.timeZone);
  const todayNumber = dayNumber(today);
  const catalog = catalogOf(licenses, undefined);
  const known = new Map<string | undefined, Pick<OptionsView, 'catalog' | 'licensed'>>();
  const tablesOf = (vendor: string | undefined): Pick<OptionsView, 'catalog' | 'licensed'> => {
    const key = vendor?.toLowerCase();
    const before = known.get(key);
    if (before) return before;
    const own = key === undefined ? catalog : catalogOf(licenses, key);
    const tables = { catalog: own, licensed: new Licensed(own, today) };
    known.set(key, tables);
    return tables;
  };
  const options = input.options.map(({ vendor, file }) => {
    const rules = file.lines.filter((line): line is OptionsRule => line.kind === 'rule');
    return { file, ...(vendor === undefined ? {} : { vendor }), rules, ...tablesOf(vendor) };
  });
  return {
    licenses,
    options,
    catalog,
    hasServer: licenses.some(({ servers }) => servers.length > 0),
    vendorsServed: vendorsOf(licenses, ({ vendors }) => [vendors]),
    vendorsLicensed: vendorsOf(licenses, (view) => [view.features, view.packages, view.upgrades]),
    vendorsAlive: vendorsOf(licenses, ({ features }) => [
      features.filter(({ expiry }) => (lastDay(expiry) ?? todayNumber) >= todayNumber),
    ]),
    portOwners: portOwners(licenses),
    namedClients: new NamedClients(options),
    today,
  };
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

function vendorsOf(
  licenses: readonly LicenseView[],
  lists: (view: LicenseView) => readonly (readonly { readonly vendor: string }[])[],
): ReadonlySet<string> {
  const vendors = new Set<string>();
  for (const view of licenses) {
    for (const lines of lists(view)) for (const { vendor } of lines) vendors.add(vendor);
  }
  return new Set([...vendors].map((vendor) => vendor.toLowerCase()));
}

function portOwners(licenses: readonly LicenseView[]): ReadonlyMap<number, string> {
  const owners = new Map<number, string>();
  const own = (port: number | undefined, owner: string): void => {
    if (port !== undefined && port > 0 && !owners.has(port)) owners.set(port, owner);
  };
  for (const { servers } of licenses) for (const { port } of servers) own(port, 'SERVER');
  for (const { vendors } of licenses) {
    for (const { port, vendor } of vendors) own(port, vendor.toLowerCase());
  }
  return owners;
}
