import { addressParts } from '../license/hostids.ts';
import type { ClientSpec, OptionsRule, Rule } from '../options/model.ts';
import { clientOf, specKey, specOf } from './licensed.ts';
import { everywhere, ListedClients, Memberships, scopesOf, whoOf } from './listed-clients.ts';
import type { LintRule } from './model.ts';
import { clientPlace, firstWord, spot, wordOf } from './places.ts';

type Keyword = Rule['keyword'];

/** What denies, and the lines about the same clients that it beats. */
const beaten: Readonly<Partial<Record<Keyword, readonly Keyword[]>>> = {
  INCLUDE: ['EXCLUDE', 'EXCLUDEALL'],
  RESERVE: ['EXCLUDE', 'EXCLUDEALL'],
  INCLUDE_BORROW: ['EXCLUDE_BORROW', 'EXCLUDE', 'EXCLUDEALL'],
  INCLUDEALL: ['EXCLUDEALL'],
};

/** Rules about the clients that an options file names, and who of them gets anything. */
export const optionsClientRules: readonly LintRule[] = [
  {
    id: 'internet-pattern',
    severity: 'warning',
    summary: 'INTERNET is not followed by an address',
    why:
      "INTERNET compares the client's address, number by number. A host name or another " +
      'notation matches no client.',
    fix: 'Write four numbers from 0 to 255, * for any: 10.7.*.*. For names use HOST.',
    source: 'LAG, "Specifying License Restrictions Using Type"',
    *options({ file, rules }) {
      for (const line of rules) {
        const client = clientOf(line.rule);
        if (client?.type !== 'INTERNET' || isAddressPattern(client.name)) continue;
        const message = `expected an address such as 10.7.*.*, got ${client.name}`;
        yield spot(file, clientPlace(file, line, client), message);
      }
    },
  },
  {
    id: 'name-wildcard',
    severity: 'warning',
    summary: 'a wildcard in a name',
    why:
      'Only addresses have wildcards. In the name of a user, host, display, project or group an ' +
      'asterisk is a letter like others, so the line is about nobody.',
    fix: 'List the names, in a GROUP or HOST_GROUP if there are many; for hosts use addresses.',
    source: 'LAG, "Specifying License Restrictions Using Type"',
    *options({ file, rules }) {
      for (const line of rules) {
        const { rule } = line;
        const client = clientOf(rule);
        if (client && hasWildcard(client)) {
          const message = `expected a name without wildcards, got ${whoOf(client)}`;
          yield spot(file, clientPlace(file, line, client), message);
        }
        if (rule.keyword !== 'GROUP' && rule.keyword !== 'HOST_GROUP') continue;
        const type = rule.keyword === 'GROUP' ? 'USER' : 'HOST';
        const member = rule.members.find((name) => hasWildcard({ type, name }));
        if (member === undefined) continue;
        const message = `expected names without wildcards in ${rule.name}, got ${member}`;
        yield spot(file, wordOf(file, line, member, 2), message);
      }
    },
  },
  {
    id: 'exclude-wins',
    severity: 'warning',
    summary: 'a client is both excluded and included',
    why:
      'EXCLUDE is looked at first and wins, over INCLUDE as over a reservation, for single ' +
      'clients as for the groups they are in. The other line does nothing.',
    fix: 'Delete one of the two lines, or take the client out of the group.',
    flexnetCode: -38,
    source: 'LAG, "Rules of Precedence in Options Files"',
    *options({ file, rules }) {
      const memberships = new Memberships(rules);
      const lists = new Map<Keyword, ListedClients>();
      for (const keyword of ['EXCLUDE', 'EXCLUDEALL', 'EXCLUDE_BORROW'] as const) {
        lists.set(keyword, new ListedClients(rules, keyword));
      }
      for (const line of rules) {
        const client = clientOf(line.rule);
        const denying = beaten[line.rule.keyword];
        if (!client || !denying) continue;
        const spec = specOf(line.rule);
        const whos = memberships.whosOf(client);
        const other = firstFound(denying, scopesOf(spec), (keyword, scope) =>
          lists.get(keyword)!.find(scope, whos),
        );
        if (!other) continue;
        const about = `${spec ? `${specKey(spec)} ` : ''}${whoOf(client)}`;
        const message =
          `expected ${about} in one of ${other.rule.keyword} and ${line.rule.keyword}, ` +
          `got ${other.rule.keyword} of ${whoOf(clientOf(other.rule)!)} on line ${other.line}`;
        yield spot(file, firstWord(file, line), message);
      }
    },
  },
  {
    id: 'client-left-out',
    severity: 'warning',
    summary: 'seats held for a client whom INCLUDE lines leave out',
    why:
      'Once a feature has INCLUDE lines, only whom they name may have it. A RESERVE for anybody ' +
      'else holds seats that nobody can take, and an INCLUDE_BORROW lets nobody borrow.',
    fix: 'Name the client in an INCLUDE line as well, or delete this line.',
    flexnetCode: -39,
    source: 'LAG, "Rules of Precedence in Options Files"',
    *options({ file, rules }) {
      const memberships = new Memberships(rules);
      const included = new ListedClients(rules, 'INCLUDE');
      for (const line of rules) {
        const { rule } = line;
        if (rule.keyword !== 'RESERVE' && rule.keyword !== 'INCLUDE_BORROW') continue;
        const { client, spec, keyword } = rule;
        const feature = specKey({ feature: spec.feature });
        if (!included.leavesOut(client, feature, memberships.whosOf(client))) continue;
        const message = `expected ${whoOf(client)} in an INCLUDE line, got ${keyword} alone`;
        yield spot(file, clientPlace(file, line, client), message);
      }
    },
  },
  {
    id: 'include-behind-includeall',
    severity: 'info',
    summary: 'INCLUDE for a client whom INCLUDEALL leaves out',
    why:
      'fauxlm asks a client to be in the INCLUDEALL lines, if there are any, and in those of the ' +
      'feature. An INCLUDE for somebody whom INCLUDEALL does not name lets nobody in.',
    fix: 'Name the client in an INCLUDEALL line as well.',
    flexnetCode: -39,
    source: 'unverified: no guide says how INCLUDEALL and INCLUDE work together',
    *options({ file, rules }) {
      const memberships = new Memberships(rules);
      const all = new ListedClients(rules, 'INCLUDEALL');
      for (const line of rules) {
        const { rule } = line;
        if (rule.keyword !== 'INCLUDE') continue;
        const { client } = rule;
        if (!all.leavesOut(client, everywhere, memberships.whosOf(client))) continue;
        const message = `expected ${whoOf(client)} in an INCLUDEALL line, got INCLUDE alone`;
        yield spot(file, clientPlace(file, line, client), message);
      }
    },
  },
];

/** The first line that denies, by keyword, then by scope. */
function firstFound(
  keywords: readonly Keyword[],
  scopes: readonly string[],
  find: (keyword: Keyword, scope: string) => OptionsRule | undefined,
): OptionsRule | undefined {
  for (const keyword of keywords) {
    for (const scope of scopes) {
      const line = find(keyword, scope);
      if (line) return line;
    }
  }
  return undefined;
}

function hasWildcard({ type, name }: ClientSpec): boolean {
  if (type === 'INTERNET' || !name.includes('*')) return false;
  return type !== 'HOST' || !isAddressPattern(name);
}

function isAddressPattern(name: string): boolean {
  const parts = addressParts(name);
  if (!parts) return false;
  return name.includes(':') || parts.every((part) => part === '*' || Number(part) <= 255);
}
