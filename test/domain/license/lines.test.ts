import { describe, expect, test } from 'vitest';
import { lineKinds, optionsFileWords } from '../../../src/domain/license/lines.ts';
import { keywords } from '../../../src/domain/options/keywords.ts';
import { licenseFindings, licenseLine } from '../language/make.ts';

describe('a line of no known kind', () => {
  test('is a warning, since daemons pass over it', () => {
    expect(licenseFindings('...\nnope a b\n')).toEqual([
      'warning unknown-keyword 1:1',
      'warning unknown-keyword 2:1',
    ]);
    expect(licenseLine('nope a b')).toMatchObject({ kind: 'unknown', firstWord: 'nope' });
  });

  test('in decimal format is an error: -99', () => {
    const text = 'acmed-f-01234-56789-01234-5';
    expect(licenseFindings(text)).toEqual(['error decimal-line 1:1 -99']);
    expect(licenseLine(text)).toMatchObject({ kind: 'unknown', firstWord: text });
  });

  test('of an options file is named in upper case', () => {
    expect(licenseLine('Reserve 1 f USER u')).toMatchObject({
      kind: 'optionsKeyword',
      keyword: 'RESERVE',
    });
    expect(licenseFindings('\tReportLog +x\n')).toEqual(['warning options-keyword-in-license 1:2']);
  });

  test('of a feature set is told of without harm', () => {
    expect(licenseFindings('FEATURESET v 0123456789AB')).toEqual(['info unknown-keyword 1:1']);
  });
});

describe('the table of line kinds', () => {
  test('knows every word of the options file and its other spelling, to tell it from a mistyped one', () => {
    const known = [...keywords.map(({ keyword }): string => keyword), 'USER_GROUP'];
    expect([...optionsFileWords].sort()).toEqual(known.sort());
    for (const { word } of lineKinds) expect(optionsFileWords).not.toContain(word);
  });

  test.each(lineKinds)('$word says where it is documented', ({ source }) => {
    expect(source).toMatch(/^(?:unverified: |LAG\b|EUG10\b|EUM\b|errors? -\d)/);
  });
});
