import { statusStamp } from '../base/local-time.ts';
import { sameName } from '../base/names.ts';
import { renderBanner } from './banner.ts';
import { renderDialectError } from './dialect-error.ts';
import { type Dialect, defaultDialect, dialectOf } from './lmstat-dialect.ts';
import type { EntryStyle } from './lmstat-entries.ts';
import { featurePieces } from './lmstat-features.ts';
import type {
  FailureSection,
  FeatureUsage,
  HostStatus,
  LmstatReport,
  ServerAddress,
  ServerSection,
  VendorStatus,
} from './lmstat-report.ts';
import { gatherPieces } from './pieces.ts';
import { printable } from './wording.ts';

/**
 * What lmstat's flags ask for. The filters may be combined with any usage, as `-S acmed -f solve`
 * does.
 */
export interface LmstatOptions {
  /**
   * `none`: servers and daemons only (no flag, -s); `active`: features in use (-A); else -a, -f,
   * -S.
   */
  readonly usage?: 'none' | 'all' | 'active';
  /**
   * Only this feature (-f); case does not matter. That no daemon has it is for the report to say,
   * with a feature of kind `error`.
   */
  readonly feature?: string;
  /** Only this vendor daemon (-S). */
  readonly vendor?: string;
  /** Only what concerns the license managers (-lm), or only the vendor daemons (-vd). */
  readonly part?: 'managers' | 'vendors';
  readonly seconds?: boolean;
  readonly hideUsers?: boolean;
  readonly showProject?: boolean;
  /** Absent: what each vendor daemon asks for, else 11.18.1. */
  readonly dialect?: Dialect;
  /** As the Windows build of whatever dialect. */
  readonly windows?: boolean;
}

/** Between two servers of one report. */
const sectionRule = '-'.repeat(76);

/**
 * The report as lmstat prints it, in pieces that together are the whole text; nothing is kept, so
 * the length of the users' lists does not matter. Source: public outputs of lmutil 8.4 to 11.19.
 */
export function renderLmstat(
  report: LmstatReport,
  options: LmstatOptions = {},
): Generator<string, void, undefined> {
  return gatherPieces(reportPieces(report, options));
}

function* reportPieces(report: LmstatReport, options: LmstatOptions): Generator<string> {
  const dialect = headDialect(options);
  yield renderBanner(report.program);
  yield options.part === 'vendors' ? `${statusStamp(report.at)}\n\n` : renderStatusLine(report.at);
  if (dialect.windows) yield '[Detecting lmgrd processes...]\n';
  let between = '';
  for (const section of report.sections) {
    yield between;
    if (section.kind === 'failure') yield failureText(section, dialect);
    else yield* serverPieces(section, options, dialect);
    between = `\n${sectionRule}\n`;
  }
}

/** The dialect of everything that no vendor daemon has a say in. */
function headDialect(options: LmstatOptions): Dialect {
  const dialect = options.dialect ?? defaultDialect;
  return options.windows ? { ...dialect, windows: true } : dialect;
}

/** The second line of a report, and the blank line after it. */
export function renderStatusLine(at: number): string {
  return `Flexible License Manager status on ${statusStamp(at)}\n\n`;
}

function failureText(failure: FailureSection, dialect: Dialect): string {
  const address = failure.address ? `${addressText(failure.address)}\n` : '';
  const step = failure.step === 'gettingStatus' ? 'Error getting status' : 'lmgrd is not running';
  return `${address}${step}: ${renderDialectError(failure.refusal, dialect)}\n`;
}

function addressText({ spec, licenseFiles }: ServerAddress): string {
  const status = `License server status: ${printable(spec)}\n`;
  if (!licenseFiles) return status;
  const paths = licenseFiles.paths.map((path) => `${printable(path)}:`).join('');
  return `${status}    License file(s) on ${printable(licenseFiles.host)}: ${paths}\n`;
}

function* serverPieces(
  section: ServerSection,
  options: LmstatOptions,
  dialect: Dialect,
): Generator<string> {
  if (options.part !== 'vendors') {
    yield `${addressText(section.address)}\n`;
    for (const host of section.hosts) yield* hostLines(host, dialect);
    yield '\n';
    if (options.part === 'managers') return;
  }
  yield `Vendor daemon status (on ${printable(section.masterHost)}):\n\n`;
  for (const vendor of section.vendors) {
    if (options.vendor === undefined || sameName(vendor.name, options.vendor)) {
      yield* vendorPieces(vendor, options, dialect);
    }
  }
  yield '\n';
}

/** Names stand right-aligned in ten columns; longer ones push the rest on. */
function rightAligned(name: string): string {
  return printable(name).padStart(10);
}

function* hostLines(host: HostStatus, dialect: Dialect): Generator<string> {
  yield `${rightAligned(host.name)}: ${hostText(host, dialect)}\n`;
  const small = host.name.toLowerCase();
  if (!dialect.doublesHosts || host.state !== 'up' || small === host.name) return;
  yield `${rightAligned(small)}: ${hostText({ ...host, master: false }, dialect)}\n`;
}

function hostText(host: HostStatus, dialect: Dialect): string {
  if (host.state === 'unreachable') return renderDialectError(host.refusal, dialect);
  if (host.state === 'down') return 'license server DOWN';
  return `license server UP ${host.master ? '(MASTER) ' : ''}v${printable(host.version)}`;
}

function* vendorPieces(
  vendor: VendorStatus,
  options: LmstatOptions,
  head: Dialect,
): Generator<string> {
  const style = entryStyle(vendor, options, head);
  const { dialect } = style;
  yield `${rightAligned(vendor.name)}: ${daemonText(vendor, dialect)}\n`;
  if ((options.usage ?? 'none') === 'none') return;
  let heading = `${dialect.headerBlank ? '\n' : ''}Feature usage info:\n\n`;
  for (const feature of vendor.features) {
    if (!isWanted(feature, options)) continue;
    yield heading;
    heading = '';
    yield* featurePieces(feature, vendor.server, style);
  }
  // Asked for one feature, a daemon without it shows its own line only.
  if (heading !== '' && vendor.state.kind === 'up' && options.feature === undefined) yield heading;
}

function daemonText({ state }: VendorStatus, dialect: Dialect): string {
  if (state.kind === 'up') return `UP v${printable(state.version)}`;
  return renderDialectError(state.refusal, dialect);
}

/** What the user asked for comes first, then what the vendor daemon says its tools write. */
function entryStyle(vendor: VendorStatus, options: LmstatOptions, head: Dialect): EntryStyle {
  const own = options.dialect ? undefined : dialectOf(vendor.dialect ?? '');
  return {
    dialect: own ? { ...own, windows: head.windows || own.windows } : head,
    seconds: options.seconds ?? false,
    hideUsers: options.hideUsers ?? false,
    showProject: options.showProject ?? false,
  };
}

function isWanted(feature: FeatureUsage, options: LmstatOptions): boolean {
  if (options.feature !== undefined && !sameName(feature.name, options.feature)) return false;
  return options.usage !== 'active' || isActive(feature);
}

/** In use by someone, or reserved. An uncounted feature has no number, only pools. */
function isActive(feature: FeatureUsage): boolean {
  if (feature.kind === 'counted') return feature.used > 0;
  return feature.kind === 'uncounted' && feature.pools.length > 0;
}
