import type { FeatureLine, PackageLine } from '../license/model.ts';
import { compareVersions } from '../license/versions.ts';
import type { ClientSpec, FeatureSpec, Rule } from '../options/model.ts';
import { dayNumber, lastDay } from './days.ts';
import { type Catalog, LINES_COMPARED_MAX, type LintSubject, type Placed } from './subject.ts';

/** The text of a selector's field on a line; undefined where the line lacks it. */
const selectorFields: Readonly<Record<string, (line: FeatureLine) => string | undefined>> = {
  asset_info: (line) => line.attributes.assetInfo,
  dist_info: (line) => line.attributes.distInfo,
  expdate: (line) => line.expiry.text,
  hostid: (line) => line.attributes.hostids?.join(' '),
  issuer: (line) => line.attributes.issuer,
  key: (line) => line.key,
  notice: (line) => line.attributes.notice,
  user_info: (line) => line.attributes.userInfo,
  vendor_string: (line) => line.attributes.vendorString,
};

/** True if a spec's selector takes this line. A selector that we cannot judge takes every line. */
export function selects(spec: FeatureSpec, line: FeatureLine): boolean {
  if (!spec.selector) return true;
  const { name, value } = spec.selector;
  const key = name.toLowerCase();
  if (key === 'version') return compareVersions(line.version, value) === 0;
  const field = selectorFields[key];
  return !field || field(line)?.toLowerCase() === value.toLowerCase();
}

/** The lines that give a package its seats: its name, its vendor, and its version if it has one. */
export function enablers(catalog: Catalog, line: PackageLine): readonly FeatureLine[] {
  const named: readonly Placed<FeatureLine>[] = catalog.features.get(line.name.toLowerCase()) ?? [];
  const vendor = line.vendor.toLowerCase();
  return named
    .map((placed) => placed.line)
    .filter((each) => each.vendor.toLowerCase() === vendor && hasVersionOf(each, line));
}

function hasVersionOf(feature: FeatureLine, { version }: PackageLine): boolean {
  return version === undefined || compareVersions(feature.version, version) === 0;
}

/** A line that gives seats to a name, and how many per seat of its own. */
interface Source {
  readonly line: FeatureLine;
  readonly seatsEach: number;
}

/**
 * The lines that a name in an options file is about: those of the feature itself, and those that
 * enable a package which has it as a component. Selectors are not looked at. At most
 * LINES_COMPARED_MAX.
 */
export function linesOf(catalog: Catalog, feature: string): readonly FeatureLine[] {
  return sourcesOf(catalog, feature).map(({ line }) => line);
}

function sourcesOf(catalog: Catalog, feature: string): readonly Source[] {
  const name = feature.toLowerCase();
  const sources = (catalog.features.get(name) ?? []).map(({ line }) => ({ line, seatsEach: 1 }));
  for (const { line: holder } of catalog.components.get(name) ?? []) {
    if (sources.length >= LINES_COMPARED_MAX) break;
    const component = holder.components.find((each) => each.name.toLowerCase() === name);
    const seatsEach = component?.count ?? 1;
    for (const line of enablers(catalog, holder)) sources.push({ line, seatsEach });
  }
  return sources.slice(0, LINES_COMPARED_MAX);
}

/**
 * Seats that a spec's lines give today; undefined if none of them is counted and valid, or if there
 * are too many to say.
 */
export function seatsOf(
  subject: LintSubject,
  catalog: Catalog,
  spec: FeatureSpec,
): number | undefined {
  const sources = sourcesOf(catalog, spec.feature);
  if (sources.length === LINES_COMPARED_MAX) return undefined;
  const today = dayNumber(subject.today);
  const valid = sources.filter(({ line }) => selects(spec, line) && isValid(line, today));
  // Of FEATURE lines only the first counted one is used; INCREMENT lines add up.
  const first = valid.find(({ line }) => line.keyword === 'FEATURE');
  const used = valid.filter((each) => each.line.keyword === 'INCREMENT' || each === first);
  if (used.length === 0) return undefined;
  return used.reduce((sum, { line, seatsEach }) => sum + line.count * seatsEach, 0);
}

function isValid(line: FeatureLine, today: number): boolean {
  const { start } = line.attributes;
  const ended = (lastDay(line.expiry) ?? today) < today;
  return line.usable && line.count > 0 && !ended && (!start || dayNumber(start) <= today);
}

/** The feature a rule is about, if it is about one. */
export function specOf(rule: Rule): FeatureSpec | undefined {
  return 'spec' in rule ? rule.spec : undefined;
}

/** The client a rule is about, if it is about one. */
export function clientOf(rule: Rule): ClientSpec | undefined {
  return 'client' in rule ? rule.client : undefined;
}

/** One text per spec; feature names in lower case, as most daemons match them. */
export function specKey({ feature, selector }: FeatureSpec): string {
  const name = feature.toLowerCase();
  return selector ? `${name}:${selector.name.toLowerCase()}=${selector.value}` : name;
}
