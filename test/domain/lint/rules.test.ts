import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { limits } from '../../../src/base/limits.ts';
import { lintRule, lintRules } from '../../../src/domain/lint/rules.ts';
import { lintFixture, lintTexts, ruleIds, served } from './make.ts';

const folder = new URL('../../../fixtures/lint/', import.meta.url);
const names = readdirSync(folder);
const stems = new Set(names.map((name) => name.replace(/\.(lic|opt)$/, '')));

/** Rules about size: a fixture would be as large as the limit. One that is no text could not say why it is there. */
const madeFiles: Readonly<Record<string, () => string>> = {
  'line-too-long': () =>
    served(`# ${'x'.repeat(20)}`, `FEATURE ${'x'.repeat(limits.lineCharactersMax)}`),
  'too-many-lines': () => '\n'.repeat(limits.linesPerFileMax + 1),
  'too-many-words': () => `${'a '.repeat(32_000)}\n`.repeat(limits.wordsPerFileMax / 32_000 + 2),
  'not-text': () => String.fromCharCode(...Array(256).keys()),
  'too-many-findings': () => served(...Array(limits.findingsPerFileMax + 1).fill('nonsense')),
};

test.each(lintRules)('rule $id is broken by the file of its name', ({ id }) => {
  const make = madeFiles[id];
  const findings = make ? lintTexts({ license: make() }) : lintFixture(`lint/${id}`).findings;
  expect(stems.has(id), 'fixture').toBe(make === undefined);
  expect(ruleIds(findings)).toContain(id);
});

test.each(lintRules)('rule $id says what is wrong, why, what to do, and who says so', (rule) => {
  expect(rule.id).toMatch(/^[a-z]+(-[a-z0-9]+)*$/);
  // A phrase, not a sentence; capitals only where FlexNet has them.
  expect(rule.summary).toMatch(/^([a-z]|[A-Z_]{2,}).*[^.]$/);
  expect(rule.why).toMatch(/^.{20,}\.$/);
  expect(rule.fix).toMatch(/^.{10,}$/);
  expect(rule.source.length).toBeGreaterThan(5);
  if (rule.flexnetCode !== undefined) expect(rule.flexnetCode).toBeLessThan(0);
  expect(lintRule(rule.id)).toBe(rule);
});

test('rule ids are unique, and a rule gives way only to rules that exist', () => {
  const ids = lintRules.map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
  for (const { insteadOf = [] } of lintRules) for (const id of insteadOf) expect(ids).toContain(id);
});

test('every lint fixture is the file of a rule and says why it is there', () => {
  const ids = new Set(['clean', ...lintRules.map(({ id }) => id)]);
  expect([...stems].filter((stem) => !ids.has(stem))).toEqual([]);
  for (const name of names) {
    const text = readFileSync(new URL(name, folder), 'utf8');
    expect(text, name).toMatch(/^\ufeff?# why: \S/);
  }
});

test('a clean license file with its options file has no finding at all', () => {
  expect(lintFixture('lint/clean').findings).toEqual([]);
});

test('two SERVER lines are told at the second, with three servers and none all is well', () => {
  const two = lintFixture('lint/two-servers').findings;
  expect(two).toMatchObject([{ rule: 'two-servers', severity: 'error', line: 4, column: 1 }]);
  expect(lintFixture('licenses/triad').findings).toEqual([]);
  expect(lintFixture('licenses/node-locked').findings).toEqual([]);
});

const licenses = readdirSync(new URL('../licenses/', folder)).filter((name) =>
  name.endsWith('.lic'),
);

test.each(licenses)('the fixture %s, as good a file as real ones, has no error', (name) => {
  const { findings } = lintFixture(`licenses/${name.replace(/\.lic$/, '')}`);
  expect(findings.filter(({ severity }) => severity === 'error')).toEqual([]);
});

const pairs = [
  ['ansys', 'ansyslmd'],
  ['autodesk', 'adskflex'],
  ['mathworks', 'MLM'],
] as const;

test.each(pairs)('licenses/%s.lic and options/%s.opt fit each other', (license, vendor) => {
  const read = (path: string): string => readFileSync(new URL(`../${path}`, folder), 'utf8');
  const findings = lintTexts({
    license: read(`licenses/${license}.lic`),
    options: read(`options/${vendor}.opt`),
    vendor,
  });
  expect(findings).toEqual([]);
});

describe('a file that is no text', () => {
  const license = served('FEATURE solve acmed 1.0 permanent 5 SIGN=00');
  const binary = String.fromCharCode(...Array(256).keys());

  test.each([
    ['UTF-16', `\xff\xfe${[...license].join('\0')}`, 'UTF-16: save it as UTF-8'],
    ['a gzip archive', `\x1f\x8b\x08${binary}`, 'a gzip archive: unpack it'],
    ['a ZIP archive', `PK\x03\x04${binary}`, 'a ZIP archive: unpack it'],
    ['a program', `\x7fELF${binary}`, 'a program'],
    ['anything else', `\n"${binary}`, 'a binary file'],
  ])('is told once, by what it is: %s', (_, text, got) => {
    expect(lintTexts({ license: text })).toMatchObject([
      {
        ...{ rule: 'not-text', severity: 'error', line: 1, column: 1 },
        message: `expected plain text, got ${got}`,
      },
    ]);
  });

  test('is none with a few stray controls in it', () => {
    const stray = `${license}\0\0\x1a`;
    expect(ruleIds(lintTexts({ license: stray }))).not.toContain('not-text');
  });
});
