import { describe, expect, test } from 'vitest';
import { KnownError } from '../../../src/base/errors.ts';
import type { FeatureLine } from '../../../src/domain/license/model.ts';
import { printLicenseFile, replaceLine } from '../../../src/domain/license/print.ts';
import type { Rule } from '../../../src/domain/options/model.ts';
import { printOptionsFile, replaceRule } from '../../../src/domain/options/print.ts';
import { makeFeatureLine } from '../../make.ts';
import { parseLicense, parseOptions } from './make.ts';

const nolog: Rule = { keyword: 'NOLOG', event: 'IN' };

test('lines that were not changed keep every character', () => {
  const text = '\ufeff# a\r\n\r\n  server  h\tANY \\ # b\n 27000 \r\nwhat "x\n\nVENDOR v \\';
  expect(printLicenseFile(parseLicense(text))).toBe(text);
  expect(printOptionsFile(parseOptions(text))).toBe(text);
});

describe('a changed line', () => {
  test('is written anew where the other stood, and its neighbors stay', () => {
    const file = parseLicense('# top\r\nFEATURE  f v 1.0 permanent   3 SIGN=00\r\n# end');
    const line = file.lines[1] as FeatureLine;
    const changed = replaceLine(file, 1, { ...line, count: 5 });
    expect(printLicenseFile(changed)).toBe('# top\r\nFEATURE f v 1.0 permanent 5 SIGN=00\r\n# end');
    expect(changed.lines[1]).toMatchObject({ changed: true, start: 7, line: 2 });
    expect(printLicenseFile(file), 'the file it was made of stays').toBe(file.source.text);
  });

  test('takes the place of all physical lines of the other', () => {
    const file = parseLicense('VENDOR v\nFEATURE f v 1 permanent 1 \\\n  SIGN=00\nUSE_SERVER\n');
    const line = file.lines[1] as FeatureLine;
    expect(printLicenseFile(replaceLine(file, 1, { ...line, count: 0 }))).toBe(
      'VENDOR v\nFEATURE f v 1 permanent uncounted SIGN=00\nUSE_SERVER\n',
    );
  });

  test('takes the line end of the other, also where there is none', () => {
    const file = parseOptions('# top\r\nTIMEOUT  f  900 \r\nFOO');
    const rule: Rule = { keyword: 'TIMEOUT', spec: { feature: 'f' }, seconds: 1800 };
    expect(printOptionsFile(replaceRule(file, 1, rule))).toBe('# top\r\nTIMEOUT f 1800\r\nFOO');
    expect(printOptionsFile(replaceRule(file, 2, rule))).toBe(
      '# top\r\nTIMEOUT  f  900 \r\nTIMEOUT f 1800',
    );
  });

  test('takes the place of any other, comments and nonsense included', () => {
    const file = parseLicense('# one\n\nnonsense\nSERVER  a   1\n');
    const feature = makeFeatureLine({ name: 'mesh', count: 3 });
    const changed = replaceLine(replaceLine(file, 1, feature), 2, feature);
    const printed = 'INCREMENT mesh acmed 1.0 permanent 3\n';
    expect(printLicenseFile(changed)).toBe(`# one\n${printed}${printed}SERVER  a   1\n`);
    const options = parseOptions('# one\nnonsense\r\n');
    expect(printOptionsFile(replaceRule(options, 1, nolog))).toBe('# one\nNOLOG IN\r\n');
    expect(printOptionsFile(replaceRule(options, 0, nolog))).toBe('NOLOG IN\nnonsense\r\n');
  });
});

test('a file without the line to be replaced says so', () => {
  expect(() => replaceLine(parseLicense('# one\n'), 1, makeFeatureLine())).toThrow(
    new KnownError('LICENSE_SYNTAX', 'test.lic: expected the index of one of 1 lines, got 1', {
      index: 1,
    }),
  );
  expect(() => replaceRule(parseOptions(''), 0, nolog)).toThrow(
    new KnownError('OPTIONS_SYNTAX', 'test.opt: expected the index of one of 0 lines, got 0', {
      index: 0,
    }),
  );
});
