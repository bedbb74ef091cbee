import type { Client } from '../../../src/domain/ledger/model.ts';
import type { SimplePool } from './simple-pools.ts';
import { secondsOf } from './simple-times.ts';

/**
 * What an options file says, in few words, and what it means, as plainly as that can be said: every question
 * goes through all lines again. Shares no code with the rules in force.
 */
export interface SimpleOptions {
  readonly foldGroups: boolean;
  readonly lenient: boolean;
  readonly groups: Readonly<Record<'crew' | 'night', readonly string[]>>;
  readonly lab: readonly string[];
  readonly rules: readonly SimpleRule[];
}

export interface SimpleRule {
  readonly keyword:
    | 'BORROW_LOWWATER'
    | 'EXCLUDE'
    | 'EXCLUDE_BORROW'
    | 'EXCLUDEALL'
    | 'INCLUDE'
    | 'INCLUDE_BORROW'
    | 'INCLUDEALL'
    | 'LINGER'
    | 'MAX'
    | 'MAX_BORROW_HOURS'
    | 'MAX_OVERDRAFT'
    | 'RESERVE'
    | 'TIMEOUT'
    | 'TIMEOUTALL';
  /** `kit` is a package of both features. */
  readonly feature: string;
  /** VERSION= of the selector. */
  readonly version: string | undefined;
  /** Such as `USER ann`. */
  readonly who: string;
  /** Of LINGER and TIMEOUT: see `secondsOf`. */
  readonly count: number;
}

export const noOptions: SimpleOptions = {
  foldGroups: false,
  lenient: false,
  groups: { crew: [], night: [] },
  lab: [],
  rules: [],
};

/** The options file that says so. */
export function optionsText(options: SimpleOptions): string {
  const { foldGroups, lenient, groups, lab, rules } = options;
  const lines = rules.map(({ keyword, feature, version, who, count }) => {
    const spec = version === undefined ? feature : `${feature}:VERSION=${version}`;
    if (keyword === 'TIMEOUTALL') return `TIMEOUTALL ${secondsOf(count)}`;
    if (keyword === 'LINGER' || keyword === 'TIMEOUT')
      return `${keyword} ${spec} ${secondsOf(count)}`;
    if (keyword.endsWith('ALL')) return `${keyword} ${who}`;
    const numbered = ['BORROW_LOWWATER', 'MAX_BORROW_HOURS', 'MAX_OVERDRAFT'];
    if (numbered.includes(keyword)) return `${keyword} ${spec} ${count}`;
    const counted = keyword === 'MAX' || keyword === 'RESERVE';
    return `${keyword} ${counted ? `${count} ` : ''}${spec} ${who}`;
  });
  for (const [name, members] of [...Object.entries(groups)]) {
    for (const member of members) lines.push(`GROUP ${name} ${member}`);
  }
  for (const host of lab) lines.push(`HOST_GROUP lab ${host}`);
  lines.push(`GROUPCASEINSENSITIVE ${foldGroups ? 'ON' : 'OFF'}`);
  lines.push(`FQDN_MATCHING ${lenient ? 'lenient' : 'exact'}`);
  return lines.join('\n');
}

export function isAbout(rule: SimpleRule, pool: SimplePool): boolean {
  if (rule.keyword.endsWith('ALL')) return true;
  const named = rule.feature === 'kit' || rule.feature.toLowerCase() === pool.feature.toLowerCase();
  return named && (rule.version === undefined || sameNumber(rule.version, pool.version));
}

/** `1.10` is `1.1`. */
function sameNumber(a: string, b: string): boolean {
  return Number(a) === Number(b);
}

export function isWho({ who }: SimpleRule, client: Client, options: SimpleOptions): boolean {
  const [type = '', name = ''] = who.split(' ');
  const { foldGroups, lenient, groups, lab } = options;
  const member = (given: string, listed: string): boolean =>
    given === listed || (foldGroups && given.toLowerCase() === listed.toLowerCase());
  const onHost = (listed: string, equal: (given: string, listed: string) => boolean): boolean => {
    if (isPattern(listed)) return fits(client.address, listed);
    if (equal(client.host, listed)) return true;
    const qualified = client.host.includes('.') !== listed.includes('.');
    return lenient && qualified && equal(client.host.split('.')[0]!, listed.split('.')[0]!);
  };
  switch (type) {
    case 'USER':
      return client.user === name;
    case 'HOST':
      return onHost(name, (given, listed) => given === listed);
    case 'DISPLAY':
      return client.display === name;
    case 'PROJECT':
      return client.project === name;
    case 'INTERNET':
      return fits(client.address, name);
    case 'GROUP':
      return groups[name as 'crew'].some((listed) => member(client.user, listed));
    case 'HOST_GROUP':
      return lab.some((listed) => onHost(listed, member));
    default:
      throw new Error(`no such type: ${type}`);
  }
}

function isPattern(text: string): boolean {
  return text.startsWith('10.');
}

function fits(address: string, pattern: string): boolean {
  const parts = address.split('.');
  return pattern.split('.').every((part, index) => part === '*' || part === parts[index]);
}

/** With whom a MAX line counts a client's seats, or undefined when the line is not about the client. */
export function maxKey(
  rule: SimpleRule,
  client: Client,
  options: SimpleOptions,
): string | undefined {
  if (rule.who === 'USER ALL_USERS') return `user ${client.user}`;
  if (rule.who !== 'GROUP ALL_GROUPS') return isWho(rule, client, options) ? 'whole' : undefined;
  const group = Object.keys(options.groups).find((name) =>
    isWho({ ...rule, who: `GROUP ${name}` }, client, options),
  );
  return group && `group ${group}`;
}

/** Users whom INCLUDE and INCLUDEALL lines name for a USER_BASED pool, as far as it takes names. */
export function isNamed(
  pool: SimplePool,
  siblings: number,
  client: Client,
  options: SimpleOptions,
): 'named' | 'unnamed' | 'nobody' {
  if (pool.userBased === undefined) return 'named';
  const names: { name: string; fold: boolean }[] = [];
  const all = pool.lines.reduce((sum, { count }) => sum + count, 0);
  const take = (name: string, fold: boolean): void => {
    const known = names.some((each) => each.name === name);
    const distinct = new Set(names.map((each) => each.name)).size;
    if (known || distinct < (pool.userBased || all)) names.push({ name, fold });
  };
  for (const rule of options.rules) {
    const includes = rule.keyword === 'INCLUDEALL' || rule.keyword === 'INCLUDE';
    if (!includes || !isAbout(rule, pool)) continue;
    if (rule.keyword === 'INCLUDE' && rule.version === undefined && siblings > 1) continue;
    const [type, name = ''] = rule.who.split(' ');
    if (type === 'USER') take(name, false);
    if (type === 'GROUP') for (const each of options.groups[name as 'crew']) take(each, true);
  }
  if (names.length === 0) return 'nobody';
  const found = names.some(({ name, fold }) => {
    if (fold && options.foldGroups) return name.toLowerCase() === client.user.toLowerCase();
    return name === client.user;
  });
  return found ? 'named' : 'unnamed';
}
