import { isSelector, selectorNames } from '../options/selectors.ts';
import { vendorPolicy } from '../vendors/index.ts';
import type { Catalog } from './catalog.ts';
import { clientOf, specOf } from './licensed.ts';
import type { LintRule } from './model.ts';
import { clientPlace, featurePlace, firstWord, spot, wordOf } from './places.ts';
import type { OptionsView } from './subject.ts';

/** Rules about the names in an options file: features, groups, addresses. */
export const optionsNameRules: readonly LintRule[] = [
  {
    id: 'options-unknown-feature',
    severity: 'warning',
    summary: 'an options line names a feature that is not licensed',
    why:
      'The vendor daemon has no such feature, so the line does nothing. Limits and reservations ' +
      'that seem to be in force are not.',
    fix: 'Spell the feature as the license file does, or delete the line.',
    source: 'LAG, "Specifying Features"',
    *options({ file, rules, catalog }) {
      if (catalog.isEmpty) return;
      let similar: ReadonlyMap<string, string> | undefined;
      for (const line of rules) {
        const spec = specOf(line.rule);
        if (!spec?.feature || isKnown(catalog, spec.feature)) continue;
        similar ??= similarNames(catalog);
        const near = similar.get(bare(spec.feature));
        const fix = near === undefined ? undefined : `Write ${near}, as the license file does.`;
        const message = `expected a licensed feature, got ${spec.feature}`;
        yield spot(file, featurePlace(file, line, spec), message, fix);
      }
    },
  },
  {
    id: 'options-feature-case',
    severity: 'info',
    summary: 'an options line spells a feature in another case',
    why:
      'Most vendor daemons ignore the case of feature names, but a daemon may not, and says so ' +
      'at the start of its debug log.',
    fix: 'Spell the feature as the license file does.',
    source: 'debug log: "Licenses are case sensitive for"',
    *options({ file, rules, catalog, vendor }) {
      if (vendor !== undefined && vendorPolicy(vendor).caseSensitive) return;
      for (const line of rules) {
        const spec = specOf(line.rule);
        const licensed = spec && catalog.features.get(spec.feature.toLowerCase());
        if (!licensed || catalog.spellings.has(spec.feature)) continue;
        const message =
          `expected ${licensed[0]!.line.name}, as the license file spells it, ` +
          `got ${spec.feature}`;
        yield spot(file, featurePlace(file, line, spec), message);
      }
    },
  },
  {
    id: 'options-selector',
    severity: 'warning',
    summary: 'a selector matches no line of the feature',
    why:
      'feature:NAME=value picks the pools whose lines have that value. None has, so the line ' +
      'does nothing.',
    fix: 'Copy the value from the license file; names are those that the message lists.',
    source: 'LAG, "Specifying Features"',
    *options({ file, rules, licensed }) {
      for (const line of rules) {
        const spec = specOf(line.rule);
        if (!spec?.selector) continue;
        if (!isSelector(spec.selector.name)) {
          const message = `expected one of ${selectorNames.join(', ')}, got ${spec.selector.name}`;
          yield spot(file, featurePlace(file, line, spec), message);
          continue;
        }
        if (!licensed.hasLines({ feature: spec.feature }) || licensed.hasLines(spec)) continue;
        const { name, value } = spec.selector;
        const message =
          `expected a value of ${name} that a line of ${spec.feature} has, ` + `got ${value}`;
        yield spot(file, featurePlace(file, line, spec), message);
      }
    },
  },
  {
    id: 'options-unknown-group',
    severity: 'error',
    summary: 'an options line names a group that nobody defined',
    why:
      'The group has no members, so nobody is meant. An INCLUDE of it shuts everybody out; a ' +
      'RESERVE of it holds seats for no one.',
    fix:
      'Add a GROUP or HOST_GROUP line for it, or correct the name: the case of group names ' +
      'matters.',
    source: 'LAG, "GROUP"; "HOST_GROUP"',
    *options(view) {
      const groups = groupNames(view);
      for (const line of view.rules) {
        const client = clientOf(line.rule);
        if (!client || (client.type !== 'GROUP' && client.type !== 'HOST_GROUP')) continue;
        if (client.name === 'ALL_GROUPS' || groups[client.type].has(client.name)) continue;
        const { message, fix } = unknownGroup(groups, client.type, client.name);
        yield spot(view.file, clientPlace(view.file, line, client), message, fix);
      }
    },
  },
  {
    id: 'unused-group',
    severity: 'info',
    summary: 'a group that no line uses',
    why:
      'A group does nothing by itself. Often the line that should use it spells its name another ' +
      'way.',
    fix: 'Use the group in a line, or delete it.',
    source: 'LAG, "GROUP"',
    *options({ file, rules }) {
      const used = new Set(
        rules.flatMap(({ rule }) => {
          const client = clientOf(rule);
          return client ? [`${client.type} ${client.name}`] : [];
        }),
      );
      for (const line of rules) {
        const { rule } = line;
        if (rule.keyword !== 'GROUP' && rule.keyword !== 'HOST_GROUP') continue;
        const key = `${rule.keyword} ${rule.name}`;
        if (used.has(key)) continue;
        used.add(key);
        const message = `expected a line that uses ${key}, got none`;
        yield spot(file, wordOf(file, line, rule.name, 1), message);
      }
    },
  },
  {
    id: 'not-emulated',
    severity: 'info',
    summary: 'a line about trusted storage',
    why:
      'fauxlm serves license files only. It reads lines about activation and entitlements and ' +
      'does nothing with them.',
    fix: 'Nothing to do; a real daemon with trusted storage obeys the line.',
    source: 'LAG, "ACTIVATION_LOWWATER" and its siblings',
    *options({ file, rules }) {
      for (const line of rules) {
        if (!('words' in line.rule)) continue;
        const message = `expected rules about license files, got ${line.rule.keyword}`;
        yield spot(file, firstWord(file, line), message);
      }
    },
  },
];

interface GroupNames {
  readonly GROUP: ReadonlySet<string>;
  readonly HOST_GROUP: ReadonlySet<string>;
  /** `GROUP name` in lower case, to the name as it was defined. */
  readonly folded: ReadonlyMap<string, string>;
}

function groupNames({ rules }: OptionsView): GroupNames {
  const names = { GROUP: new Set<string>(), HOST_GROUP: new Set<string>() };
  const folded = new Map<string, string>();
  for (const { rule } of rules) {
    if (rule.keyword !== 'GROUP' && rule.keyword !== 'HOST_GROUP') continue;
    names[rule.keyword].add(rule.name);
    folded.set(`${rule.keyword} ${rule.name.toLowerCase()}`, rule.name);
  }
  return { ...names, folded };
}

function unknownGroup(
  groups: GroupNames,
  type: 'GROUP' | 'HOST_GROUP',
  name: string,
): { message: string; fix?: string } {
  const message = `expected a ${type} that is defined, got ${name}`;
  const other = type === 'GROUP' ? 'HOST_GROUP' : 'GROUP';
  if (groups[other].has(name))
    return { message, fix: `${name} is a ${other}: write ${other} ${name}.` };
  const near = groups.folded.get(`${type} ${name.toLowerCase()}`);
  return near === undefined ? { message } : { message, fix: `Write ${near}: case matters.` };
}

function isKnown(catalog: Catalog, feature: string): boolean {
  const name = feature.toLowerCase();
  return catalog.features.has(name) || catalog.packages.has(name) || catalog.components.has(name);
}

/** Licensed names by what is left of them without case and punctuation. */
function similarNames(catalog: Catalog): ReadonlyMap<string, string> {
  const packages = [...catalog.packages.values()].flat();
  const components = packages.flatMap((line) => line.components);
  const names = [...components, ...packages].map(({ name }) => name);
  return new Map([...names, ...catalog.spellings].map((name) => [bare(name), name]));
}

function bare(name: string): string {
  return name.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '');
}
