import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { EpochMs } from '../base/clock.ts';
import { KnownError } from '../base/errors.ts';
import type {
  FeatureLine,
  LicenseFile,
  LicenseLine,
  PackageLine,
  ServerLine,
  VendorLine,
} from '../domain/license/model.ts';
import { parseLicenseFile } from '../domain/license/parse.ts';
import type { PoolDefinition } from '../domain/license/pool-definition.ts';
import { poolDefinitions } from '../domain/license/pools.ts';
import { lint } from '../domain/lint/lint.ts';
import type { OptionsFile } from '../domain/options/model.ts';
import { parseOptionsFile } from '../domain/options/parse.ts';
import type { Finding, SourceText } from '../domain/source.ts';
import { vendorPolicy } from '../domain/vendors/index.ts';
import { licenseFilesOf, readSource } from '../files/license-sources.ts';
import type { OptionsComplaints } from '../text/debug-log-options.ts';
import { optionsComplaintsOf } from './options-complaints.ts';
import { stopsServer } from './servable.ts';

export interface CatalogOptions {
  /** License files, directories of them, and texts. */
  readonly licenses: readonly LicenseInput[];
  /** Options file or text by vendor name (any letter case); it wins over the VENDOR line's. */
  readonly options: Readonly<Record<string, LicenseInput>>;
  /** Serve what can be served where a real license manager would refuse to start. */
  readonly lenient: boolean;
  readonly now: EpochMs;
  readonly timeZone?: string;
}

/** A path, or a text with a name for messages, which is asked for it at every reading. */
export type LicenseInput = string | { readonly name: string; readonly text: string };

/** What one vendor daemon serves. */
export interface VendorEntry {
  /** As spelled on its VENDOR line. */
  readonly name: string;
  /** PORT= of the VENDOR line. */
  readonly port?: number;
  readonly definitions: readonly PoolDefinition[];
  readonly packages: readonly PackageLine[];
  /** Feature lines of this vendor in file order, the unusable ones included. */
  readonly features: readonly FeatureLine[];
  readonly options?: OptionsFile;
  /** The options file of the VENDOR line, when it is not there. */
  readonly optionsMissing?: string;
  /** For the daemon's debug log. */
  readonly optionsComplaints?: OptionsComplaints;
}

/** Everything a license manager was started with. */
export interface Catalog {
  readonly files: readonly LicenseFile[];
  /** The SERVER lines of the first file that has any. */
  readonly servers: readonly ServerLine[];
  readonly vendors: readonly VendorEntry[];
  /** What lint says, most of it for the operational log. */
  readonly findings: readonly Finding[];
}

/**
 * Reads and judges the license files and options files of a license manager.
 * @throws KnownError FILE_UNREADABLE, FILE_TOO_LARGE; LICENSE_UNSERVABLE naming the lint finding for which a
 * real license manager would not start (not with `lenient`).
 */
export function readCatalog(options: CatalogOptions): Catalog {
  const files = options.licenses.flatMap(sourcesOf).map(parseLicenseFile);
  const lines = files.flatMap((file) => file.lines.map((line) => ({ file, line })));
  const vendorLines = distinctVendors(lines);
  const vendorList = vendorNames(lines, vendorLines, options.lenient);
  const entries = vendorList.map((name) => vendorEntry(name, files, vendorLines, options));
  const findings = lint({
    licenses: files,
    options: entries.flatMap(({ name, options: file }) => (file ? [{ vendor: name, file }] : [])),
    now: options.now,
    ...(options.timeZone === undefined ? {} : { timeZone: options.timeZone }),
  });
  const fatal = options.lenient ? undefined : findings.find(stopsServer);
  if (fatal) throw unservable(fatal);
  if (entries.length === 0) throw nothingServed(files, findings);
  const vendors = entries.map((entry) => ({
    ...entry,
    optionsComplaints: optionsComplaintsOf(entry, findings),
  }));
  const servers = files.map(serversOf).find((found) => found.length > 0) ?? [];
  return { files, servers, vendors, findings };
}

function sourcesOf(input: LicenseInput): readonly SourceText[] {
  if (typeof input === 'string') return licenseFilesOf([input]).map(readSource);
  const { name, text } = input;
  return [{ name, text, encoding: 'utf-8' }];
}

interface PlacedLine {
  readonly file: LicenseFile;
  readonly line: LicenseLine;
}

interface PlacedVendor {
  readonly file: LicenseFile;
  readonly line: VendorLine;
}

/** The first VENDOR line of each vendor; names differ by more than letter case. */
function distinctVendors(lines: readonly PlacedLine[]): ReadonlyMap<string, PlacedVendor> {
  const vendors = new Map<string, PlacedVendor>();
  for (const { file, line } of lines) {
    if (line.kind !== 'vendor') continue;
    const key = line.vendor.toLowerCase();
    if (!vendors.has(key)) vendors.set(key, { file, line });
  }
  return vendors;
}

/** Vendors with a VENDOR line, in file order; when lenient, those that only features name as well. */
function vendorNames(
  lines: readonly PlacedLine[],
  vendorLines: ReadonlyMap<string, PlacedVendor>,
  lenient: boolean,
): readonly string[] {
  const names = new Map([...vendorLines].map(([key, { line }]) => [key, line.vendor]));
  for (const { line } of lenient ? lines : []) {
    if (line.kind === 'feature' && !names.has(line.vendor.toLowerCase())) {
      names.set(line.vendor.toLowerCase(), line.vendor);
    }
  }
  return [...names.values()];
}

function vendorEntry(
  name: string,
  files: readonly LicenseFile[],
  vendorLines: ReadonlyMap<string, PlacedVendor>,
  { options }: CatalogOptions,
): VendorEntry {
  const key = name.toLowerCase();
  const placed = vendorLines.get(key);
  const mine = files
    .flatMap((file) => file.lines)
    .filter((line) => 'vendor' in line && line.vendor.toLowerCase() === key);
  const optionsInput = optionsInputOf(name, placed, options);
  return {
    name,
    ...(placed?.line.port === undefined ? {} : { port: placed.line.port }),
    definitions: poolDefinitions(files, name, vendorPolicy(name)),
    packages: mine.filter((line) => line.kind === 'package'),
    features: mine.filter((line) => line.kind === 'feature'),
    ...(optionsInput === undefined
      ? missingOptions(placed)
      : { options: readOptions(optionsInput) }),
  };
}

/**
 * The options file of a vendor: as told, else OPTIONS= of the VENDOR line, else `<vendor>.opt` beside the
 * license file if there is one. Source: LAG, "Managing the Options File".
 */
function optionsInputOf(
  name: string,
  placed: PlacedVendor | undefined,
  told: Readonly<Record<string, LicenseInput>>,
): LicenseInput | undefined {
  const explicit = Object.entries(told).find(([key]) => key.toLowerCase() === name.toLowerCase());
  if (explicit) return explicit[1];
  if (placed === undefined) return undefined;
  const written = placed.line.optionsPath;
  if (written !== undefined && written !== '') {
    const beside = join(dirname(placed.file.source.name), written);
    // A path of the customer's server need not exist here: a missing one is a lint warning, not a failure.
    return [written, beside].find((path) => existsSync(path));
  }
  const usual = join(dirname(placed.file.source.name), `${name}.opt`);
  return existsSync(usual) ? usual : undefined;
}

function missingOptions(placed: PlacedVendor | undefined): Pick<VendorEntry, 'optionsMissing'> {
  const written = placed?.line.optionsPath;
  return written ? { optionsMissing: written } : {};
}

function readOptions(input: LicenseInput): OptionsFile {
  const source = typeof input === 'string' ? readSource(input) : undefined;
  return parseOptionsFile(source ?? { ...(input as SourceText), encoding: 'utf-8' });
}

function serversOf(file: LicenseFile): readonly ServerLine[] {
  return file.lines.filter((line) => line.kind === 'server');
}

function unservable(finding: Finding): KnownError {
  const where = `${finding.file}:${finding.line}:${finding.column}`;
  const text = `${where}: ${finding.message} [${finding.rule}]`;
  return new KnownError('LICENSE_UNSERVABLE', text, { finding });
}

const nothingRules = ['not-text', 'empty-license', 'vendor-missing'];

/** Lint says why, unless all is well but that it takes no server. */
function nothingServed(files: readonly LicenseFile[], findings: readonly Finding[]): KnownError {
  const finding = findings.find(({ rule }) => nothingRules.includes(rule));
  if (finding) return unservable(finding);
  const names = files.map(({ source }) => source.name).join(', ');
  const text = `${names}: expected at least one VENDOR line, got none`;
  return new KnownError('LICENSE_UNSERVABLE', text);
}
