import { expect, test } from 'vitest';
import { excerpt } from '../../../src/domain/lint/excerpt.ts';
import type { Finding } from '../../../src/domain/source.ts';
import { lintTexts } from './make.ts';

/** The words that carets stand under: `rule: word` for each finding. */
function marked(findings: readonly Finding[], text: string): readonly string[] {
  const lines = text.replace(/^\ufeff/, '').split('\n');
  return findings.map(({ rule, line, column, endColumn = column + 1 }) => {
    return `${rule}: ${lines[line - 1]!.slice(column - 1, endColumn - 1)}`;
  });
}

test('a word is found where its rule means it, though it stands before, too', () => {
  const license =
    'SERVER h ANY 27000\nVENDOR v\nINCREMENT v w 1.0 permanent 1 SIGN=0A\n' +
    'INCREMENT START v 1.0 permanent 1 NOTICE="START it" START=1-jan-2040 SIGN=0A\n';
  const findings = lintTexts({ license });
  expect(findings.map(({ rule, line, column }) => `${rule} ${line}:${column}`)).toEqual([
    'vendor-missing 3:13',
    'not-yet-started 4:53',
  ]);
  const options =
    'GROUP u a\nMAX 2 USER USER USER\nMAX 2 USER GROUP GROUP\nEXCLUDE f:NOSUCH=f USER f\n';
  const found = lintTexts({ license, options });
  expect(
    found
      .filter(({ file }) => file === 'test.opt')
      .map(({ rule, line, column }) => `${rule} ${line}:${column}`),
  ).toEqual([
    'unused-group 1:7',
    'options-unknown-feature 2:7',
    'options-unknown-feature 3:7',
    'options-unknown-group 3:18',
    'options-selector 4:9',
    'options-unknown-feature 4:9',
  ]);
});

test('places are right behind tabs, wide letters, quotes, CRLF and continuations', () => {
  const license =
    '\ufeff\tSERVER\t"bü ro"\tANY\t80 \\\r\n  PLAT=9\r\nVENDOR v\r\n' +
    'INCREMENT "実験 a" v 1.0 \\\r\n\t1-jan-2001 1 NOTICE="実験 \\\r\n x" BORROW=86400 SIGN=0A\r\n';
  const findings = lintTexts({ license });
  expect(marked(findings, license)).toEqual([
    'privileged-port: 80',
    'bad-attribute-value: PLAT=9',
    'all-expired: v',
    'expired: 1-jan-2001',
    'borrow-seconds: BORROW',
  ]);
  const lines = license.slice(1).split('\r\n');
  const carets = findings.map((finding) => excerpt(lines[finding.line - 1]!, finding)[1]);
  expect(carets).toEqual([
    '\t      \t       \t   \t^^',
    '  ^^^^^^',
    `${' '.repeat(19)}^`,
    '\t^^^^^^^^^^',
    '    ^^^^^^',
  ]);
});
