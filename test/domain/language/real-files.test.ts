import { describe, expect, test } from 'vitest';
import type { FeatureLine, LicenseFile, LicenseLine } from '../../../src/domain/license/model.ts';
import { parseLicenseFile } from '../../../src/domain/license/parse.ts';
import type { OptionsFile } from '../../../src/domain/options/model.ts';
import { parseOptionsFile } from '../../../src/domain/options/parse.ts';
import { decodeText } from '../../../src/domain/text-encoding.ts';
import {
  corpusIsHere,
  languages,
  realFiles,
  type Sample,
  shown,
  titleOfRealFiles,
} from './make.ts';

function realFile(name: string): Sample {
  const file = realFiles.find((each) => each.name.endsWith(`/${name}`));
  if (!file) throw new Error(`expected ${name} in the corpus`);
  return file;
}

function licenseFile(name: string): LicenseFile {
  return parseLicenseFile(decodeText(name, realFile(name).bytes));
}

function optionsFile(name: string): OptionsFile {
  return parseOptionsFile(decodeText(name, realFile(name).bytes));
}

/** The statements of a file, without comments and blank lines. */
function statementsOf(name: string): readonly LicenseLine[] {
  return licenseFile(name).lines.filter(({ kind }) => kind !== 'comment' && kind !== 'blank');
}

function featuresOf(name: string): readonly FeatureLine[] {
  return licenseFile(name).lines.filter((line) => line.kind === 'feature');
}

const oddKey = 'warning bad-attribute-value';
const placeholderInBrackets = (...places: readonly string[]): readonly string[] =>
  places.map((place) => `warning options-syntax ${place}`);

/** What is found in real files; those that are not listed are read without a finding. */
const found: Readonly<Record<string, readonly string[]>> = {
  'autodesk-localised-month-janv.lic': [
    'warning stray-word 2:12',
    'error bad-date 6:116 -11',
    'warning unknown-keyword 9:1',
    'warning unknown-keyword 11:1',
  ],
  // Keys that were made up by hand: not hex.
  'matlab-fake-a.lic': [`${oddKey} 9:40`, `${oddKey} 15:59`, `${oddKey} 21:39`],
  'matlab-fake-b-commented-out.lic': [`${oddKey} 9:40`, `${oddKey} 15:59`],
  'matlab-fake-c-duplicate.lic': [`${oddKey} 9:40`, `${oddKey} 15:59`, `${oddKey} 21:40`],
  'matlab-fake-d.lic': [`${oddKey} 9:40`, `${oddKey} 15:59`],
  'matlab-fake-e.lic': [`${oddKey} 9:40`, `${oddKey} 15:59`, `${oddKey} 21:59`, `${oddKey} 27:40`],
  'matlab-fake-f.lic': [`${oddKey} 9:40`, `${oddKey} 15:41`],
  'vantage-options-keywords-inside-license.lic': [
    'error unknown-keyword 6:9 -90',
    'warning options-keyword-in-license 11:1',
    'warning options-keyword-in-license 12:1',
  ],
  // `USER qneyt   the   destroyer`, `USER <NNU username>`.
  'mlm-all-commented-one-odd-include.opt': placeholderInBrackets('6:42'),
  'mlm-installer-template-crlf.opt': placeholderInBrackets('56:41', '57:41', '61:46', '62:45'),
  'mlm-template-project-internet-display.opt': placeholderInBrackets(
    '59:41',
    '60:41',
    '64:46',
    '65:45',
  ),
};

describe.skipIf(!corpusIsHere)(titleOfRealFiles('real files'), () => {
  const files = realFiles.filter(({ name }) => !name.includes('licscanner'));

  test.each(files)(
    '$name has the findings of its own and no others',
    ({ language, name, bytes }) => {
      const file = name.split('/').at(-1)!;
      const { findings } = languages[language](decodeText(file, bytes));
      expect(shown(findings)).toEqual(found[file] ?? []);
    },
  );

  test('a client needs a SERVER line and USE_SERVER only', () => {
    expect(statementsOf('matlab-network-client-placeholder.lic').map(({ kind }) => kind)).toEqual([
      'server',
      'useServer',
    ]);
  });

  test('a node-locked license has neither', () => {
    const [line, ...others] = statementsOf('sigasi-nodelocked.lic');
    expect(others).toEqual([]);
    expect(line).toMatchObject({
      count: 0,
      attributes: {
        hostids: ['ANY'],
        vendorString: 'company:www.example.com;mac:e70ee14014ee;name:John Doe;type:trial',
        sign: expect.stringMatching(/^C109 CC70 EA06 .* 5998 A8AB$/),
      },
    });
  });

  test('a DAEMON line may come before the SERVER line, with its port in lower case', () => {
    expect(statementsOf('sigasi-floating-daemon-first.lic')).toMatchObject([
      { kind: 'vendor', keyword: 'DAEMON', port: 27001 },
      { kind: 'server', port: 27000 },
      { kind: 'feature', name: 'com.sigasi.hdt' },
    ]);
  });

  test('a SERVER line may have two masked host ids and no port', () => {
    const [server] = statementsOf('matlab-forum-trailing-spaces-after-backslash.dat');
    expect(server).toMatchObject({ hostids: ['xxxxxxxxxxxx', 'xxxxxxxxxxxxx'], port: 27000 });
    expect(statementsOf('autodesk-localised-month-janv.lic')[0]).not.toHaveProperty('port');
  });

  test('blanks behind a backslash do not end the line', () => {
    const features = featuresOf('matlab-forum-trailing-spaces-after-backslash.dat');
    expect(features.map(({ name, line, lineCount }) => [name, line, lineCount])).toEqual([
      ['MATLAB', 9, 4],
      ['SIMULINK', 13, 4],
      ['Communication_Blocks', 17, 5],
      ['Communication_Toolbox', 22, 5],
      ['Control_Toolbox', 27, 5],
    ]);
    expect(features[2]).toMatchObject({
      key: 'FE5B3777A6B8C05D0B53',
      expiry: { kind: 'permanent', text: '01-jan-0000' },
      attributes: { notice: 'product=Communications Blockset', assetInfo: '809196' },
    });
  });

  test('nor does a comment behind it', () => {
    const venus = featuresOf('node-flexlm-example-trailing-comments.lic')[1];
    expect(venus).toMatchObject({
      name: 'venus',
      lineCount: 2,
      attributes: {
        issued: { year: 2013, month: 9, day: 17 },
        sign: '6C6C6381BAE7',
        start: { year: 2013, month: 9, day: 17 },
      },
    });
    const neptune = featuresOf('node-flexlm-example-trailing-comments.lic').at(-1);
    expect(neptune?.attributes).toMatchObject({
      vendorString: ' 401, 402, 404, 405, 406, 410, 415, 417',
      hostids: ['ANY'],
    });
  });

  test('a localised month makes the line unusable: -11', () => {
    const file = licenseFile('autodesk-localised-month-janv.lic');
    expect(featuresOf(file.source.name)).toMatchObject([{ line: 6, usable: false }]);
    expect(file.findings[1]?.message).toContain('01-janv-2021');
  });

  test('words of an options file make no feature unusable but the one they are on', () => {
    expect(statementsOf('vantage-options-keywords-inside-license.lic')).toMatchObject([
      { kind: 'feature', usable: false, attributes: { borrowHours: 86400 } },
      { kind: 'optionsKeyword', keyword: 'INCLUDE' },
      { kind: 'optionsKeyword', keyword: 'EXCLUDE' },
    ]);
  });

  test('a key may stand on a line of its own, without blanks before it', () => {
    expect(statementsOf('xilinx-webpack-2017-crlf.lic')).toMatchObject([
      { kind: 'feature', key: '9C433843170F', line: 10, lineCount: 4 },
      { kind: 'package', key: 'BCC382730F01', version: '2018.03', suite: 'suite' },
    ]);
  });

  test('lists of components and features are broken anywhere', () => {
    const packages = statementsOf('autodesk-cleaned-sample.lic').filter(
      (line) => line.kind === 'package',
    );
    expect(packages.length).toBeGreaterThan(10);
    for (const { components, suite, attributes, usable } of packages) {
      expect({ suite, usable }).toEqual({ suite: 'suite', usable: true });
      expect(components.every(({ name }) => /^[A-Z\d_]+$/.test(name))).toBe(true);
      expect(attributes.supersede).toBeDefined();
    }
  });

  test('quotes may stand in the middle of a value', () => {
    const notices = featuresOf('matlab-fake-a.lic').map(({ attributes }) => attributes.notice);
    expect(notices).toEqual(['product=MATLAB', ...Array(2).fill('product=MATLAB Parallel Server')]);
  });

  test('three SERVER lines make a triad, however their package is indented', () => {
    const statements = statementsOf('achilles-triad-package-indented.lic');
    expect(statements.filter(({ kind }) => kind === 'server')).toHaveLength(3);
    expect(statements.find(({ kind }) => kind === 'package')).toMatchObject({
      components: [
        { name: 'CAD_PRO', version: '2026.1' },
        { name: 'FEA_SOLVER', version: '2026.0' },
        { name: 'SIM_RENDER', version: '1.0' },
      ],
      attributes: {},
    });
  });

  test('a feature is selected with a colon, or with quotes and a blank or a colon', () => {
    const selectors = ['mlm-key-colon.opt', 'mlm-installer-template-crlf.opt']
      .flatMap((name) => optionsFile(name).lines)
      .flatMap((line) => (line.kind === 'rule' && 'spec' in line.rule ? [line.rule.spec] : []))
      .filter(({ selector }) => selector !== undefined)
      .map(({ feature, selector }) => `${feature} ${selector?.name}`);
    expect(selectors).toContain('MATLAB key');
    expect(selectors).toContain('MATLAB asset_info');
  });

  test('increments in comments stay comments', () => {
    expect(featuresOf('matlab-fake-b-commented-out.lic')).toHaveLength(2);
  });
});

/**
 * Lists of lines that another parser, made after the License Administration Guide, accepts or rejects: a
 * good line must be read without error, a bad one must be told of.
 */
const lists = realFiles.filter(({ name }) => name.includes('licscanner-lines'));

/** Each statement of a list by its number, and what is found in it. */
function listedLines({ language, name, bytes }: Sample) {
  const source = decodeText(name, bytes);
  const { lines, findings } = languages[language](source);
  return lines
    .filter(({ kind }) => kind !== 'comment' && kind !== 'blank')
    .map(({ start, end, line, lineCount }) => ({
      line,
      text: source.text.slice(start, end).trim(),
      found: findings.filter((finding) => finding.line >= line && finding.line < line + lineCount),
    }));
}

/** Lines that are accepted there and refused here. */
const refusedHere: Readonly<Record<string, string>> = {
  // The list shows the grammar with words for versions; no daemon takes a word for a number.
  'UPGRADE feature vendor from_feat_version to_feat_version': 'error bad-version -77',
};

describe.skipIf(!corpusIsHere)(titleOfRealFiles('lines of a list'), () => {
  test.each(lists.filter(({ name }) => name.includes('accepted')))(
    '$name: no line is an error',
    (list) => {
      const statements = listedLines(list);
      expect(statements.length).toBeGreaterThan(30);
      for (const { text, found } of statements) {
        const errors = shown(found.filter(({ severity }) => severity === 'error'));
        const reason = Object.entries(refusedHere).find(([line]) => text.startsWith(line))?.[1];
        const kinds = new Set(errors.map((error) => error.replace(/ \d+:\d+/, '')));
        expect([...kinds], text).toEqual(reason === undefined ? [] : [reason]);
      }
    },
  );

  test.each(lists.filter(({ name }) => name.includes('rejected')))(
    '$name: every line is told of',
    (list) => {
      const statements = listedLines(list);
      expect(statements.length).toBeGreaterThan(list.language === 'options' ? 60 : 15);
      expect(statements.filter(({ found }) => found.length === 0)).toEqual([]);
    },
  );

  test('what is warned of in good lines is a rule without a feature', () => {
    const warned = lists
      .filter(({ name }) => name.includes('accepted'))
      .flatMap(listedLines)
      .filter(({ found }) => found.some(({ severity }) => severity === 'warning'));
    expect(warned.map(({ text }) => text)).toEqual(['LINGER 0', 'TIMEOUT 0']);
  });

  test('every accepted line of an options file is a rule, in force', () => {
    const kinds = optionsFile('licscanner-lines-accepted.opt').lines.map(({ kind }) => kind);
    expect(kinds).not.toContain('unknown');
    expect(kinds.filter((kind) => kind === 'rule')).toHaveLength(107);
  });

  test('what a daemon refuses of rejected lines is an error, all else a warning', () => {
    const { findings } = licenseFile('licscanner-lines-rejected.lic');
    const errors = findings.filter(({ severity }) => severity === 'error');
    expect(shown(errors)).toEqual([
      'error missing-field 9:7 -2',
      'error missing-field 12:12 -2',
      'error unterminated-quote 38:51 -2',
    ]);
  });
});
