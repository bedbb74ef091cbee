import { expect, test } from 'vitest';
import { limits } from '../../../src/base/limits.ts';
import { licenseFindings, licenseLine, optionsFindings, parseLicense } from './make.ts';

test('findings come in order of position, each where its word is', () => {
  const text = 'FEATURE f v \\\n  1.x \\\n permanent 1 \\\n\tFUTURE=1\nSERVER é\u{1d11e} 1 70000';
  expect(licenseFindings(text)).toEqual([
    'error bad-version 2:3 -77',
    'error unknown-keyword 4:2 -90',
    'error bad-port 5:14 -2',
  ]);
  expect(licenseFindings('\ufeff SERVER a')).toEqual(['error missing-field 1:10 -2']);
});

test('a quote or brace that does not close is told where it opens, and the line is of no use', () => {
  const text = 'FEATURE f v 1 permanent 1 NOTICE="a b\nVENDOR v\n';
  expect(licenseFindings(text)).toEqual(['error unterminated-quote 1:34 -2']);
  expect(parseLicense(text).lines).toMatchObject([
    { kind: 'feature', usable: false, attributes: { notice: 'a b' } },
    { kind: 'vendor' },
  ]);
  expect(licenseFindings('FEATURE f v 1 permanent 1 AUTH={ a={ b }')).toEqual([
    'error unterminated-quote 1:32 -2',
  ]);
  expect(optionsFindings('GROUP g "a b\nNOLOG IN')).toEqual(['error unterminated-quote 1:9']);
});

test('a blank that only looks like one is told with its number, and the line is of no use', () => {
  const text = 'FEATURE f v\u00a0 1 permanent 1';
  expect(licenseFindings(text)).toEqual(['error non-ascii-space 1:12 -2']);
  expect(parseLicense(text).findings[0]?.message).toContain('U+00A0');
  expect(licenseLine(text)).toMatchObject({ vendor: 'v\u00a0', usable: false });
  expect(licenseLine('FEATURE f v 1 permanent 1 NOTICE="a\u00a0b"')).toMatchObject({
    usable: true,
  });
  expect(licenseFindings('\n\ufeffSERVER a 1')).toContain('error non-ascii-space 2:1 -2');
  expect(optionsFindings('MAX 1\u00a0f USER u')).toEqual([
    'error options-syntax 1:5',
    'error non-ascii-space 1:6',
  ]);
});

test("FlexNet's error numbers are about licenses: in an options file there are none", () => {
  const long = 'GROUP g '.repeat(limits.lineCharactersMax);
  expect(licenseFindings(long)).toEqual(['error line-too-long 1:1 -2']);
  expect(optionsFindings(long)).toEqual(['error line-too-long 1:1']);
});

test('a message is no longer than anybody reads, however long the word it names', () => {
  const [finding] = parseLicense('n'.repeat(50_000)).findings;
  expect(finding?.message).toHaveLength(400);
});

test('findings of a file behind the last that is kept are one, an error if one of them is', () => {
  const count = limits.findingsPerFileMax + 5;
  const { findings } = parseLicense('nonsense\n'.repeat(count));
  expect(findings).toHaveLength(limits.findingsPerFileMax);
  expect(findings.at(-1)).toMatchObject({
    rule: 'too-many-findings',
    severity: 'warning',
    line: limits.findingsPerFileMax,
    message: 'expected at most 1000 findings, got 6 more from here on',
  });
  const worse = parseLicense(`${'nonsense\n'.repeat(count)}FEATURE f v 1 never 1`);
  expect(worse.findings.at(-1)).toMatchObject({ severity: 'error' });
  expect(worse.lines.at(-1)).toMatchObject({ usable: false });
});

test('as many findings as are kept are kept', () => {
  const { findings } = parseLicense('nonsense\n'.repeat(limits.findingsPerFileMax - 1));
  expect(findings).toHaveLength(limits.findingsPerFileMax - 1);
  expect(findings.at(-1)).toMatchObject({ rule: 'unknown-keyword' });
});

test('findings of a line behind the last that is kept are one, an error if one of them is', () => {
  const most = limits.findingsPerLineMax;
  const line = `FEATURE f v 1 permanent 1 SN=1 ${'q '.repeat(most + 3)}`;
  const { findings, lines } = parseLicense(`${line}\n${line} UPPER=1\n`);
  expect(findings).toHaveLength(2 * (most + 1));
  const [first, second] = findings.filter(({ rule }) => rule === 'too-many-findings');
  expect(first).toMatchObject({
    severity: 'warning',
    line: 1,
    column: 32 + 2 * most,
    message: 'expected at most 20 findings on one line, got 3 more from here on',
  });
  expect(second).toMatchObject({ severity: 'error', line: 2 });
  expect(lines).toMatchObject([{ usable: true }, { usable: false }]);
});
