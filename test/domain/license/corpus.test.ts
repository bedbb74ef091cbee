import { describe, expect, test } from 'vitest';
import type { LicenseFile } from '../../../src/domain/license/model.ts';
import { parseLicenseFile } from '../../../src/domain/license/parse.ts';
import { printLicenseFile } from '../../../src/domain/license/print.ts';
import { decodeText, encodeText } from '../../../src/domain/text-encoding.ts';
import { corpus, expectWhole, fixtures } from '../hostile-text.ts';
import { findingsOf } from './make-file.ts';

const real = corpus('license-files');
const ours = fixtures('licenses', /\.lic$/);

function read({ name, bytes }: (typeof real)[number]): LicenseFile {
  return parseLicenseFile(decodeText(name, bytes));
}

/** Real files with a line that a real daemon refuses, or that no daemon is meant to see. */
const faulty: Readonly<Record<string, readonly string[]>> = {
  'autodesk-localised-month-janv.lic': ['6:116 error bad-date -11'],
  'vantage-options-keywords-inside-license.lic': ['6:9 error unknown-keyword -90'],
  // A strict parser of the grammar alone takes any word for a version.
  'licscanner-lines-accepted.lic': ['84:24 error bad-version -77', '84:42 error bad-version -77'],
  'licscanner-lines-rejected.lic': [
    '9:7 error missing-field -2',
    '12:12 error missing-field -2',
    '38:51 error unterminated-quote -2',
  ],
};

describe.each([
  ['of our own', ours],
  ['of the corpus', real],
])('license files %s', (_, files) => {
  test.each(files.map((file) => [file.name, file] as const))(
    '%s survives reading',
    (name, file) => {
      const parsed = read(file);
      expectWhole(parsed);
      const bytes = encodeText(printLicenseFile(parsed), parsed.source.encoding);
      expect(Buffer.compare(bytes, file.bytes)).toBe(0);
      const errors = findingsOf(parsed).filter((finding) => finding.includes(' error '));
      expect(errors).toEqual(faulty[name] ?? []);
    },
  );

  test('are there, or the reason why not is said', () => {
    if (files.length === 0) console.log('no corpus beside the repository: real files not read');
    expect(ours.length).toBeGreaterThan(20);
  });
});

describe.runIf(real.length > 0)('odd shapes of real files', () => {
  const named = (name: string): LicenseFile => read(real.find((file) => file.name === name)!);
  const attributesOf = (file: LicenseFile, feature: string) =>
    file.lines.find((line) => line.kind === 'feature' && line.name === feature);

  test('blanks behind the continuation backslash', () => {
    const file = named('matlab-forum-trailing-spaces-after-backslash.dat');
    expect(attributesOf(file, 'Communication_Blocks')).toMatchObject({
      lineCount: 5,
      key: 'FE5B3777A6B8C05D0B53',
      count: 25,
      expiry: { kind: 'permanent', text: '01-jan-0000' },
      attributes: { notice: 'product=Communications Blockset', assetInfo: '809196' },
    });
  });

  test('comments behind a continuation and behind the last word', () => {
    const file = named('node-flexlm-example-trailing-comments.lic');
    expect(attributesOf(file, 'venus')).toMatchObject({
      attributes: { sign: '6C6C6381BAE7', start: { year: 2013, month: 9, day: 17 } },
    });
    expect(attributesOf(file, 'neptune')).toMatchObject({
      attributes: { vendorString: ' 401, 402, 404, 405, 406, 410, 415, 417', hostids: ['ANY'] },
    });
  });

  test('quotes in the middle of a value', () => {
    expect(attributesOf(named('matlab-fake-a.lic'), 'MATLAB_Distrib_Comp_Engine')).toMatchObject({
      attributes: { notice: 'product=MATLAB Parallel Server' },
    });
  });

  test('increments in comments stay comments', () => {
    const { lines } = named('matlab-fake-b-commented-out.lic');
    expect(lines.filter(({ kind }) => kind === 'feature')).toHaveLength(2);
  });

  test('every line that a strict parser rejects has a finding', () => {
    const { lines, findings } = named('licscanner-lines-rejected.lic');
    for (const line of lines) {
      if (line.kind === 'comment' || line.kind === 'blank') continue;
      expect(
        findings.some((finding) => finding.line === line.line),
        `line ${line.line}`,
      ).toBe(true);
    }
  });

  test('every line that a strict parser accepts has no finding, but for versions of letters', () => {
    const { findings } = named('licscanner-lines-accepted.lic');
    expect(findings.filter(({ rule }) => rule !== 'bad-version')).toEqual([]);
  });
});
