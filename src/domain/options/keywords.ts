import {
  client,
  either,
  entitlementClient,
  type Field,
  featureSpec,
  loggedEvent,
  looseFeatureSpec,
  mark,
  mayBe,
  namedNumber,
  number,
  plus,
  word,
  words,
  wordsThat,
} from './fields.ts';
import type { OptionsKeyword, Rule } from './model.ts';

/** The shape of the rule that a keyword makes. */
type RuleOf<K extends OptionsKeyword> = Rule extends infer R
  ? R extends { readonly keyword: infer Keywords }
    ? K extends Keywords
      ? R
      : never
    : never
  : never;

type FieldsOf<K extends OptionsKeyword> = {
  readonly [F in Exclude<keyof RuleOf<K>, 'keyword'>]-?: Field<NonNullable<RuleOf<K>[F]>>;
};

/** A row of the table: the fields of its rule, in the order in which they are written. */
export interface Keyword {
  /** Read in any case. */
  readonly keyword: OptionsKeyword;
  readonly fields: readonly (readonly [name: string, field: Field<unknown>])[];
  /** `MAX COUNT FEATURE[:KEYWORD=VALUE] TYPE NAME`. */
  readonly grammar: string;
  /** Where it is documented. */
  readonly source: string;
}

function row<K extends OptionsKeyword>(
  keyword: K,
  source: string,
  fields: FieldsOf<K>,
): Keyword & { readonly keyword: K } {
  const list = Object.entries(fields) as unknown as [string, Field<unknown>][];
  const shown = list.map(([, { show, glued }]) => (glued ? show : `${show} `)).join('');
  return { keyword, fields: list, grammar: `${keyword} ${shown}`.trim(), source };
}

const LAG = 'LAG "Options File Syntax"';
const TRUSTED = 'LAG, trusted storage; recognised, not emulated';

/** A feature or entitlement, a type and a name. */
const specAndClient = { spec: featureSpec, client };
const entitlement = { ...featureSpec, show: 'ENTITLEMENT[:FID=VALUE]' };

/**
 * The keywords of the options-file language. LAG: License Administration Guide, the page of that
 * keyword. The order of fields is the order of words.
 */
export const keywords = [
  row('ACTIVATION_EXPIRY_DAYS', TRUSTED, { words: wordsThat(entitlement, number('DAYS')) }),
  row('ACTIVATION_LOWWATER', TRUSTED, { words: wordsThat(entitlement, number('COUNT')) }),
  row('AUTOMATIC_REREAD', LAG, { on: either('ON', 'OFF') }),
  row('BORROW_LOWWATER', LAG, { spec: featureSpec, count: number('COUNT') }),
  row('DAEMON_SELECT_TIMEOUT', 'LAG 2024 R1', { seconds: number('SECONDS') }),
  row('DEBUGLOG', LAG, {
    append: plus,
    path: word('PATH'),
    markObfuscated: mark('OBF_ADDMARK'),
    rolloverMegabytes: namedNumber('AUTO_ROLLOVER'),
  }),
  row('EXCLUDE', LAG, specAndClient),
  row('EXCLUDE_BORROW', LAG, specAndClient),
  row('EXCLUDE_ENTITLEMENT', TRUSTED, { words: wordsThat(entitlement, entitlementClient) }),
  row('EXCLUDEALL', LAG, { client }),
  row('EXCLUDEALL_ENTITLEMENT', TRUSTED, { words: wordsThat(entitlementClient) }),
  row('FQDN_MATCHING', LAG, { lenient: either('LENIENT', 'EXACT') }),
  row('GROUP', LAG, { name: word('NAME'), members: words('USER') }),
  row('GROUPCASEINSENSITIVE', LAG, { on: either('ON', 'OFF') }),
  row('HOST_GROUP', LAG, { name: word('NAME'), members: words('HOST') }),
  row('INCLUDE', LAG, specAndClient),
  row('INCLUDE_BORROW', LAG, specAndClient),
  row('INCLUDE_ENTITLEMENT', TRUSTED, { words: wordsThat(entitlement, entitlementClient) }),
  row('INCLUDEALL', LAG, { client }),
  row('INCLUDEALL_ENTITLEMENT', TRUSTED, { words: wordsThat(entitlementClient) }),
  row('LINGER', LAG, { spec: looseFeatureSpec, seconds: number('SECONDS') }),
  row('MAX', 'LAG 2025 R1', { count: number('COUNT'), ...specAndClient }),
  row('MAX_BORROW_HOURS', LAG, { spec: featureSpec, hours: number('HOURS') }),
  row('MAX_CONNECTIONS', 'LAG 2022 R3', { count: number('COUNT') }),
  row('MAX_OVERDRAFT', LAG, { spec: featureSpec, count: number('COUNT') }),
  row('NOLOG', 'LAG 2025 R1', { event: loggedEvent }),
  row('REPORTLOG', LAG, { append: plus, path: word('PATH'), hideUser: mayBe('HIDE_USER') }),
  row('RESERVE', LAG, { count: number('COUNT'), ...specAndClient }),
  row('TIMEOUT', LAG, { spec: looseFeatureSpec, seconds: number('SECONDS') }),
  row('TIMEOUTALL', LAG, { seconds: number('SECONDS') }),
] as const;

/** Does not compile when a rule of the model has no row. */
type KeywordWithoutRow = Exclude<OptionsKeyword, (typeof keywords)[number]['keyword']>;
const everyKeywordHasRow: [KeywordWithoutRow] extends [never] ? true : never = true;
void everyKeywordHasRow;

/** Other spellings of a keyword. Cadence's guide has USER_GROUP. */
const aliases: Readonly<Record<string, OptionsKeyword>> = { USER_GROUP: 'GROUP' };

const rowByKeyword = new Map<string, Keyword>(keywords.map((each) => [each.keyword, each]));
for (const [alias, keyword] of Object.entries(aliases)) {
  rowByKeyword.set(alias, keywordRow(keyword));
}

const KEYWORD_LENGTH_MAX = Math.max(...[...rowByKeyword.keys()].map((keyword) => keyword.length));

/** The row of a line's first word, in any case. */
export function keywordNamed(first: string): Keyword | undefined {
  if (first.length > KEYWORD_LENGTH_MAX) return undefined;
  return rowByKeyword.get(first) ?? rowByKeyword.get(first.toUpperCase());
}

/** The row that a rule was made by. */
export function keywordRow(keyword: OptionsKeyword): Keyword {
  return rowByKeyword.get(keyword)!;
}
