import type { Rule } from '../options/model.ts';
import { vendorPolicies, vendorPolicy } from '../vendors/index.ts';
import { specKey, specOf } from './licensed.ts';
import type { LintRule } from './model.ts';
import { clientPlace, firstWord, lastWord, spot } from './places.ts';

/** Settings that exist once (per feature): a later line replaces an earlier one. */
const replacing = new Set<Rule['keyword']>([
  'AUTOMATIC_REREAD',
  'BORROW_LOWWATER',
  'DAEMON_SELECT_TIMEOUT',
  'DEBUGLOG',
  'FQDN_MATCHING',
  'GROUPCASEINSENSITIVE',
  'LINGER',
  'MAX_BORROW_HOURS',
  'MAX_CONNECTIONS',
  'MAX_OVERDRAFT',
  'REPORTLOG',
  'TIMEOUT',
  'TIMEOUTALL',
]);

/** Lines that add to earlier ones: writing one twice means something. */
const adding = new Set<Rule['keyword']>(['RESERVE', 'GROUP', 'HOST_GROUP']);

/** Rules about how the lines of one options file work on each other, and about their numbers. */
export const optionsOrderRules: readonly LintRule[] = [
  {
    id: 'max-all-users-order',
    severity: 'warning',
    summary: 'MAX for one user after MAX for all users',
    why:
      'The first line that fits decides. After a line for ALL_USERS (or ALL_GROUPS) a line for ' +
      'one user of the same feature is never reached.',
    fix: 'Move the line for the one user above the line for all.',
    source: 'LAG, "MAX"',
    *options({ file, rules }) {
      const all = new Map<string, number>();
      for (const line of rules) {
        const { rule } = line;
        if (rule.keyword !== 'MAX') continue;
        const key = `${rule.client.type} ${specKey(rule.spec)}`;
        if (/^ALL_(?:USERS|GROUPS)$/.test(rule.client.name)) all.set(key, line.line);
        const before = all.get(key);
        if (before === undefined || before === line.line || /^ALL_/.test(rule.client.name))
          continue;
        const message = `expected MAX for ${rule.client.name} before line ${before}, got it after`;
        yield spot(file, clientPlace(file, line, rule.client), message);
      }
    },
  },
  {
    id: 'repeated-max',
    severity: 'warning',
    summary: 'MAX about one client is given twice with different numbers',
    why: 'The first line that fits decides, so that the second number limits nobody.',
    fix: 'Keep the line that is meant.',
    source: 'LAG, "MAX"',
    *options({ file, rules }) {
      const seen = new Map<string, { line: number; count: number }>();
      for (const line of rules) {
        const { rule } = line;
        if (rule.keyword !== 'MAX') continue;
        const { type, name } = rule.client;
        const key = `${type} ${name} ${specKey(rule.spec)}`;
        const first = seen.get(key);
        seen.set(key, first ?? { line: line.line, count: rule.count });
        if (first === undefined || first.count === rule.count) continue;
        const message = `expected one MAX for ${name}, got line ${first.line}, which wins, and this`;
        yield spot(file, clientPlace(file, line, rule.client), message);
      }
    },
  },
  {
    id: 'groupcase-not-first',
    severity: 'warning',
    summary: 'GROUPCASEINSENSITIVE is not the first line',
    why: 'Groups that were read before it keep the case of their members.',
    fix: 'Move the line to the top of the file.',
    source: "AVEVA's help page on options files",
    *options({ file, rules }) {
      const first = rules[0];
      const late = rules.find(({ rule }) => rule.keyword === 'GROUPCASEINSENSITIVE');
      if (!first || !late || late === first) return;
      const message = `expected GROUPCASEINSENSITIVE before line ${first.line}, got it after`;
      yield spot(file, firstWord(file, late), message);
    },
  },
  {
    id: 'duplicate-option',
    severity: 'info',
    summary: 'the same options line twice',
    why: 'The second line changes nothing.',
    fix: 'Delete one of the two.',
    source: 'LAG, "Options File Syntax"',
    *options({ file, rules }) {
      const seen = new Map<string, number>();
      for (const line of rules) {
        if (adding.has(line.rule.keyword)) continue;
        const text = JSON.stringify(line.rule);
        const first = seen.get(text);
        if (first === undefined) seen.set(text, line.line);
        else
          yield spot(
            file,
            firstWord(file, line),
            `expected the line once, got line ${first} again`,
          );
      }
    },
  },
  {
    id: 'repeated-setting',
    severity: 'warning',
    summary: 'a setting is made twice with different values',
    why: 'The last line wins, whatever stands above it.',
    fix: 'Keep the line that is meant.',
    source: 'LAG, "FQDN_MATCHING"; "MAX_BORROW_HOURS"; unverified for the others',
    *options({ file, rules }) {
      const seen = new Map<string, { line: number; text: string }>();
      for (const { line, rule, ...rest } of rules) {
        if (!replacing.has(rule.keyword)) continue;
        const spec = specOf(rule);
        const key = spec ? `${rule.keyword} ${specKey(spec)}` : rule.keyword;
        const text = JSON.stringify(rule);
        const before = seen.get(key);
        seen.set(key, { line, text });
        if (!before || before.text === text) continue;
        const message = `expected ${key} once, got line ${before.line} and this, which wins`;
        yield spot(file, firstWord(file, { line, ...rest }), message);
      }
    },
  },
  {
    id: 'timeout-below-floor',
    severity: 'warning',
    summary: 'TIMEOUT is below what the vendor allows',
    why:
      'Each vendor daemon has a smallest TIMEOUT and raises a smaller one to it. A number that ' +
      'was meant as minutes ends up as that, whatever was intended.',
    fix: "Write seconds, at least the vendor's smallest; 3600 is an hour.",
    source: 'LAG, "TIMEOUT"; floors from the vendors\' help pages, 900 seconds where none is known',
    *options({ file, rules, vendor }) {
      const { name, timeoutFloorSeconds: floor } = vendorPolicy(vendor ?? '');
      const known = vendorPolicies.some((policy) => policy.name === name);
      const whose = known ? `${name} takes` : 'most vendors take';
      for (const line of rules) {
        const { rule } = line;
        if (rule.keyword !== 'TIMEOUT' && rule.keyword !== 'TIMEOUTALL') continue;
        if (rule.seconds === 0 || rule.seconds >= floor) continue;
        const message = `expected at least ${floor} seconds, as ${whose}, got ${rule.seconds}`;
        yield spot(file, lastWord(file, line), message);
      }
    },
  },
  {
    id: 'options-range',
    severity: 'warning',
    summary: 'a number outside the range of its option',
    why:
      'The daemon takes the nearest number it allows: MAX_CONNECTIONS goes from 31 to 1000000, ' +
      'with 30 kept for utilities, DAEMON_SELECT_TIMEOUT from 1 to 60.',
    fix: 'Write a number inside the range.',
    source: 'LAG, "MAX_CONNECTIONS"; "DAEMON_SELECT_TIMEOUT"',
    *options({ file, rules }) {
      for (const line of rules) {
        const range = rangeOf(line.rule);
        if (!range || (range.value >= range.least && range.value <= range.most)) continue;
        const { value, least, most } = range;
        const message = `expected ${least} to ${most}, got ${value}`;
        yield spot(file, lastWord(file, line), message);
      }
    },
  },
];

function rangeOf(rule: Rule): { value: number; least: number; most: number } | undefined {
  if (rule.keyword === 'MAX_CONNECTIONS') return { value: rule.count, least: 31, most: 1_000_000 };
  if (rule.keyword === 'DAEMON_SELECT_TIMEOUT') return { value: rule.seconds, least: 1, most: 60 };
  return undefined;
}
