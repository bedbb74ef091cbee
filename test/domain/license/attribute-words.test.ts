import { describe, expect, test } from 'vitest';
import type { DupGroup } from '../../../src/domain/license/model.ts';
import { attributesOf, licenseFindings, lineOf, parseLicense } from '../language/make.ts';

/** Findings of `INCREMENT f acmed 1.0 permanent 1` and these words, which begin at column 35. */
const findingsOf = (words: string): readonly string[] =>
  licenseFindings(`INCREMENT f acmed 1.0 permanent 1 ${words}`);

/** DUP_GROUP of these letters of U, H, D and V. */
const fields = (letters: string): DupGroup => ({
  kind: 'fields',
  user: letters.includes('U'),
  host: letters.includes('H'),
  display: letters.includes('D'),
  vendor: letters.includes('V'),
});

describe('DUP_GROUP', () => {
  test.each<readonly [string, DupGroup]>([
    ['NONE', { kind: 'none' }],
    ['none', { kind: 'none' }],
    ['SITE', { kind: 'site' }],
    ['U', fields('U')],
    ['UHD', fields('UHD')],
    ['vhu', fields('UHV')],
    ['DUHV', fields('UHDV')],
    ['UU', fields('U')],
  ])('%s', (value, group) => {
    expect(attributesOf(`DUP_GROUP=${value}`).dupGroup).toEqual(group);
    expect(attributesOf(`SUITE_DUP_GROUP=${value}`).suiteDupGroup).toEqual(group);
    expect(findingsOf(`dup_group=${value}`)).toEqual([]);
  });

  test.each(['', 'X', 'U,H', 'SITES', 'NONEU', 'UHDVUHDVU'])(
    '"%s" makes the line unusable',
    (value) => {
      expect(findingsOf(`DUP_GROUP="${value}"`)).toEqual(['error bad-attribute-value 1:35 -2']);
      expect(lineOf('feature', `INCREMENT f v 1 permanent 1 DUP_GROUP="${value}"`).usable).toBe(
        false,
      );
    },
  );
});

describe('SUPERSEDE', () => {
  test("alone means the line's own feature: an empty list", () => {
    expect(attributesOf('SUPERSEDE').supersede).toEqual([]);
  });

  test('with a value lists features', () => {
    expect(attributesOf('SUPERSEDE=64801INVPROSA_F').supersede).toEqual(['64801INVPROSA_F']);
    expect(attributesOf('SUPERSEDE=" a  b\tc "').supersede).toEqual(['a', 'b', 'c']);
  });

  test('with an empty value is unreadable', () => {
    expect(findingsOf('SUPERSEDE=""')).toEqual(['error bad-attribute-value 1:35 -2']);
  });
});

describe('numbers', () => {
  test.each([
    ['BORROW', { borrowHours: 168 }],
    ['BORROW=72', { borrowHours: 72 }],
    ['USER_BASED', { userBased: 0 }],
    ['HOST_BASED=3', { hostBased: 3 }],
    ['OVERDRAFT=007', { overdraft: 7 }],
    ['MINIMUM=2147483647', { minimum: 2147483647 }],
    ['sort=0', { sort: 0 }],
    ['sort=300', { sort: 255 }],
    ['SORT=99999999999999999999', { sort: 255 }],
  ])('%s', (words, attributes) => {
    expect(attributesOf(words)).toEqual(attributes);
    expect(findingsOf(words)).toEqual([]);
  });

  test.each([
    ['BORROW=a week', 'error bad-attribute-value 1:35 -2'],
    ['BORROW=', 'error bad-attribute-value 1:35 -2'],
    ['OVERDRAFT', 'error bad-attribute-value 1:35 -2'],
    ['OVERDRAFT=-1', 'error bad-attribute-value 1:35 -2'],
    ['OVERDRAFT=2147483648', 'error bad-attribute-value 1:35 -2'],
    ['USER_BASED=1.5', 'error bad-attribute-value 1:35 -2'],
    // What the licensee may edit spoils nothing.
    ['sort=first', 'warning bad-attribute-value 1:35 -2'],
  ])('%s: %s', (words, finding) => {
    expect(findingsOf(words)[0]).toBe(finding);
  });
});

describe('dates', () => {
  test('are read in any case, with a leading zero or without', () => {
    expect(attributesOf('ISSUED=2-OCT-2018 START=02-oct-2018')).toEqual({
      issued: { year: 2018, month: 10, day: 2 },
      start: { year: 2018, month: 10, day: 2 },
    });
  });

  test.each(['ISSUED=01-janv-2021', 'START=2018-10-02', 'START=permanent', 'ISSUED', 'START'])(
    '%s makes the line unusable: -11',
    (words) => {
      expect(findingsOf(words)).toEqual(['error bad-date 1:35 -11']);
    },
  );
});

describe('texts', () => {
  test('are what is behind the equals sign, without quotes', () => {
    expect(attributesOf('VENDOR_STRING=a=b:c,d NOTICE=product="two words" ISSUER=""')).toEqual({
      vendorString: 'a=b:c,d',
      notice: 'product=two words',
      issuer: '',
    });
  });

  test('in quotes may hold anything but quotes', () => {
    expect(attributesOf('VENDOR_STRING="# {a} \\ \'b\' = é"').vendorString).toBe(
      "# {a} \\ 'b' = é",
    );
  });

  test('are their value, so the word alone is none', () => {
    expect(findingsOf('SN')).toEqual(['error bad-attribute-value 1:35 -2']);
    expect(attributesOf('SN').others).toEqual([{ name: 'SN', value: true }]);
  });
});

describe('words that say all by being there', () => {
  test('TS_OK and ONE_TS_OK', () => {
    expect(attributesOf('TS_OK').terminalServer).toBe('TS_OK');
    expect(attributesOf('one_ts_ok').terminalServer).toBe('ONE_TS_OK');
    expect(findingsOf('TS_OK=1')).toEqual(['error bad-attribute-value 1:35 -2']);
  });

  test('FLOAT_OK, which may name a host id', () => {
    expect(attributesOf('FLOAT_OK').floatOk).toBe(true);
    expect(attributesOf('FLOAT_OK=0200000000a1').floatOk).toBe('0200000000a1');
  });
});

describe('words without a meaning here', () => {
  test('containers of signatures and old signatures are kept as they stand', () => {
    const words = 'AUTH={ a="str" b=(a b c) { "}" } } V7.1_LK="00 11" VM_PLATFORMS=ALL';
    expect(findingsOf(words)).toEqual([]);
    expect(attributesOf(words).others).toEqual([
      { name: 'AUTH', value: '{ a="str" b=(a b c) { "}" } }' },
      { name: 'V7.1_LK', value: '00 11' },
      { name: 'VM_PLATFORMS', value: 'ALL' },
    ]);
  });

  test("are the licensee's own in lower case, and stray in any other", () => {
    expect(findingsOf('site_code=7')).toEqual([]);
    expect(findingsOf('SN=1 Foo=2')).toEqual(['warning stray-word 1:40']);
    expect(lineOf('feature', 'INCREMENT f v 1 permanent 1 SN=1 Foo=2').usable).toBe(true);
  });

  test('are a license key where one belongs, or looks like one', () => {
    const key = (words: string) => lineOf('feature', `FEATURE f v 1 permanent 1 ${words}`).key;
    expect(key('0123456789AB SIGN=00')).toBe('0123456789AB');
    expect(key('SIGN2=00 681A5CAF33FF70DCCB75')).toBe('681A5CAF33FF70DCCB75');
    expect(key('"0123 4567 89AB"')).toBe('0123 4567 89AB');
    expect(key('12345ABCDXYZ')).toBe('12345ABCDXYZ');
    expect(findingsOf('12345ABCDXYZ')).toEqual(['warning bad-attribute-value 1:35']);
    expect(key('SN=1 nonsense')).toBeUndefined();
    expect(findingsOf('SN=1 nonsense')).toEqual(['warning stray-word 1:40']);
    expect(attributesOf('SN=1 nonsense').others).toEqual([{ name: 'nonsense', value: true }]);
    expect(findingsOf('A1 INGRAIN')).toEqual([
      'warning bad-attribute-value 1:35',
      'error unknown-keyword 1:38 -90',
    ]);
  });

  test('COMPONENTS and OPTIONS belong on a PACKAGE line only', () => {
    expect(findingsOf('OPTIONS=SUITE')).toEqual(['error unknown-keyword 1:35 -90']);
    expect(licenseFindings('UPGRADE f v 1 2 permanent 1 COMPONENTS=a')).toEqual([
      'error unknown-keyword 1:29 -90',
    ]);
  });

  test('keywords of the options file are unknown, but LINGER is old', () => {
    expect(findingsOf('TIMEOUT=3600')).toEqual(['error unknown-keyword 1:35 -90']);
    expect(attributesOf('LINGER=60').lingerSeconds).toBe(60);
  });

  test('the first of two counts', () => {
    expect(findingsOf('SN=1 sn=2')).toEqual(['warning duplicate-attribute 1:40']);
    expect(attributesOf('SN=1 sn=2')).toEqual({ serialNumber: '1' });
  });
});

test('words have no meaning that objects have by nature', () => {
  const words = 'toString=1 __proto__=2 constructor=3 hasOwnProperty=4';
  expect(findingsOf(words)).toEqual(['warning stray-word 1:46']);
  expect(attributesOf(words).others).toHaveLength(4);
  expect(licenseFindings('SERVER a 1 __proto__=2 valueOf\nconstructor a')).toEqual([
    'warning unknown-keyword 1:12',
    'warning stray-word 1:24',
    'warning unknown-keyword 2:1',
  ]);
});

test('words that differ beyond Latin-1 only are not taken for each other', () => {
  const line = (word: string) => `FEATURE f v 1 permanent 1 SN=\u20ac${word}\n`;
  const { lines } = parseLicense(line('\u20ac') + line('\u4e2d') + line('\u20ac'));
  const numbers = lines.map((each) => each.kind === 'feature' && each.attributes.serialNumber);
  expect(numbers).toEqual(['\u20ac\u20ac', '\u20ac\u4e2d', '\u20ac\u20ac']);
});

test('a word means the same each time, on whichever kind of line', () => {
  const { lines, findings } = parseLicense(
    'PACKAGE p v COMPONENTS=a OPTIONS=SUITE\nFEATURE f v 1 permanent 1 OPTIONS=SUITE odd\n'.repeat(
      2,
    ),
  );
  expect(lines).toMatchObject([
    { suite: 'suite', usable: true },
    { usable: false },
    { suite: 'suite', usable: true },
    { usable: false },
  ]);
  expect(findings.map(({ rule, line }) => `${rule} ${line}`)).toEqual([
    'unknown-keyword 2',
    'stray-word 2',
    'unknown-keyword 4',
    'stray-word 4',
  ]);
});
