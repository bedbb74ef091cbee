import type { FeatureLine } from '../license/model.ts';
import type { ClientSpec, FeatureSpec } from '../options/model.ts';
import { selects, specKey } from './licensed.ts';
import { LINES_COMPARED_MAX, type LintSubject, type OptionsView } from './subject.ts';

/** One INCLUDE'd feature spec and all it names, as `USER ana` or `HOST node01`. */
interface Inclusion {
  readonly vendor: string | undefined;
  readonly spec: FeatureSpec;
  readonly names: Set<string>;
}

/**
 * Prepares the question whom the options files name for a USER_BASED or HOST_BASED line: by INCLUDE
 * lines of its feature, with members for groups, and by INCLUDEALL.
 * Source: LAG, "INCLUDE".
 */
export function namedClients(subject: LintSubject): (line: FeatureLine) => ReadonlySet<string> {
  const inclusions = new Map<string, Inclusion[]>();
  const everywhere: Inclusion[] = [];
  for (const view of subject.options) collect(view, inclusions, everywhere);
  const known = new Map<string, ReadonlySet<string>>();
  return (line) => {
    const own = inclusions.get(line.name.toLowerCase()) ?? [];
    const chosen = [...everywhere, ...own].filter((each) => concerns(each, line));
    const key = chosen.map(({ vendor, spec }) => `${vendor}/${specKey(spec)}`).join('\n');
    const names = known.get(key) ?? new Set(chosen.flatMap((each) => [...each.names]));
    known.set(key, names);
    return names;
  };
}

function concerns({ vendor, spec }: Inclusion, line: FeatureLine): boolean {
  return (vendor === undefined || vendor === line.vendor.toLowerCase()) && selects(spec, line);
}

function collect(
  view: OptionsView,
  inclusions: Map<string, Inclusion[]>,
  everywhere: Inclusion[],
): void {
  const vendor = view.vendor?.toLowerCase();
  const members = membersOf(view);
  const bySpec = new Map<string, Inclusion>();
  for (const { rule } of view.rules) {
    if (rule.keyword !== 'INCLUDE' && rule.keyword !== 'INCLUDEALL') continue;
    const spec = rule.keyword === 'INCLUDE' ? rule.spec : { feature: '' };
    const key = specKey(spec);
    const inclusion = bySpec.get(key) ?? { vendor, spec, names: new Set<string>() };
    for (const name of namesOf(rule.client, members)) inclusion.names.add(name);
    if (bySpec.has(key)) continue;
    bySpec.set(key, inclusion);
    const feature = spec.feature.toLowerCase();
    const list = feature === '' ? everywhere : (inclusions.get(feature) ?? []);
    if (list.length < LINES_COMPARED_MAX) list.push(inclusion);
    if (feature !== '') inclusions.set(feature, list);
  }
}

function membersOf(view: OptionsView): ReadonlyMap<string, readonly string[]> {
  const members = new Map<string, string[]>();
  for (const { rule } of view.rules) {
    if (rule.keyword !== 'GROUP' && rule.keyword !== 'HOST_GROUP') continue;
    const key = `${rule.keyword} ${rule.name}`;
    const list = members.get(key) ?? [];
    // Not push(...members): a line may have more words than a call may have arguments.
    for (const member of rule.members) list.push(member);
    members.set(key, list);
  }
  return members;
}

function namesOf(
  { type, name }: ClientSpec,
  members: ReadonlyMap<string, readonly string[]>,
): readonly string[] {
  if (type !== 'GROUP' && type !== 'HOST_GROUP') return [`${type} ${name}`];
  const memberType = type === 'GROUP' ? 'USER' : 'HOST';
  const list = members.get(`${type} ${name}`) ?? [];
  return list.map((member) => `${memberType} ${member}`);
}
