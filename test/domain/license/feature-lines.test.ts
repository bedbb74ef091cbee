import { describe, expect, test } from 'vitest';
import {
  attributesOf,
  licenseFindings,
  licenseLine,
  lineOf,
  parseLicense,
} from '../language/make.ts';

describe('a FEATURE or INCREMENT line', () => {
  test('has a name, a vendor, a version, an expiry date, a count, a key and attributes', () => {
    const line = lineOf(
      'feature',
      'Increment f v 2023.1000 31-Dec-2031 5 ABCDEF012345 SN=1 SIGN=00',
    );
    expect(line).toMatchObject({
      keyword: 'INCREMENT',
      name: 'f',
      vendor: 'v',
      version: '2023.1000',
      expiry: { kind: 'date', text: '31-Dec-2031', date: { year: 2031, month: 12, day: 31 } },
      count: 5,
      key: 'ABCDEF012345',
      attributes: { serialNumber: '1', sign: '00' },
      usable: true,
    });
    expect(lineOf('feature', 'FEATURE f v 1 permanent 5').keyword).toBe('FEATURE');
  });

  test('is uncounted by that word in any case, or by 0', () => {
    for (const count of ['uncounted', 'Uncounted', '0', '00']) {
      expect(lineOf('feature', `FEATURE f v 1 permanent ${count}`).count).toBe(0);
    }
  });

  test.each([
    ['1', 1],
    ['007', 7],
    ['2147483647', 2147483647],
  ])('has a count of %s', (word, count) => {
    const text = `FEATURE f v 1 permanent ${word}`;
    expect(licenseLine(text)).toMatchObject({ count, usable: true });
  });

  test('may have its key on a line of its own, without a blank before it', () => {
    const text =
      'INCREMENT f v 1 permanent uncounted \\\r\nB3F39B325E12 \\\r\nHOSTID=ANY TS_OK\r\n';
    expect(lineOf('feature', text)).toMatchObject({
      key: 'B3F39B325E12',
      lineCount: 3,
      attributes: { hostids: ['ANY'], terminalServer: 'TS_OK' },
    });
  });

  test('has a feature of any name that has no blank, or is in quotes', () => {
    for (const name of ['87918INVTOL_2024_0F', 'a.b:c-d', '801', 'FEATURE', 'ü']) {
      expect(lineOf('feature', `FEATURE ${name} v 1 permanent 1`).name).toBe(name);
    }
    expect(lineOf('feature', 'FEATURE "a b" v 1 permanent 1').name).toBe('a b');
  });

  test.each([
    ['31-janv-2031', 'bad-date 1:15 -11'],
    ['31-feb-2031', 'bad-date 1:15 -11'],
    ['1-jan-31', 'bad-date 1:15 -11'],
    ['31-dez-2031', 'bad-date 1:15 -11'],
    ['never', 'bad-date 1:15 -11'],
  ])('with the expiry date %s is not usable: -11', (date, finding) => {
    const text = `FEATURE f v 1 ${date} 5`;
    expect(licenseFindings(text)).toEqual([`error ${finding}`]);
    expect(licenseLine(text)).toMatchObject({ usable: false, expiry: { text: date } });
  });

  test.each(['1.0.0', 'v1', '1,0', '-1', '.', '1.0beta'])(
    'with the version %s is not usable: -77',
    (version) => {
      const text = `FEATURE f v ${version} permanent 5`;
      expect(licenseFindings(text)).toEqual(['error bad-version 1:13 -77']);
      expect(licenseLine(text)).toMatchObject({ usable: false, version });
    },
  );

  test.each(['five', '-1', '5.5', '2147483648', '4294967296', '""'])(
    'with the count %s is not usable: -2',
    (count) => {
      const text = `FEATURE f v 1 permanent ${count}`;
      expect(licenseFindings(text)).toEqual(['error bad-count 1:25 -2']);
      expect(licenseLine(text)).toMatchObject({ usable: false, count: -1 });
    },
  );

  test('with an unknown keyword in upper case is not usable: -90', () => {
    const text = 'FEATURE f v 1 permanent 5 SN=1 FUTURE=2';
    expect(licenseFindings(text)).toEqual(['error unknown-keyword 1:32 -90']);
    expect(licenseLine(text)).toMatchObject({ usable: false });
  });

  test('may have words of the licensee in lower case', () => {
    const text = 'FEATURE f v 1 permanent 5 SN=1 site="east wing"';
    expect(licenseFindings(text)).toEqual([]);
    expect(attributesOf('SN=1 site="east wing"').others).toEqual([
      { name: 'site', value: 'east wing' },
    ]);
  });

  test('without all of its fields is not known at all', () => {
    expect(licenseFindings('FEATURE f v 1 permanent')).toEqual(['error missing-field 1:24 -2']);
    expect(licenseLine('FEATURE f v 1 permanent')).toMatchObject({
      kind: 'unknown',
      firstWord: 'FEATURE',
    });
  });

  test('tells all that is wrong with it, in order', () => {
    const text = 'FEATURE f v x y z\nFEATURE f v 1 permanent 5\n';
    expect(licenseFindings(text)).toEqual([
      'error bad-version 1:13 -77',
      'error bad-date 1:15 -11',
      'error bad-count 1:17 -2',
    ]);
    expect(parseLicense(text).lines).toMatchObject([{ usable: false }, { usable: true }]);
  });
});

describe('a PACKAGE line', () => {
  test('has components, each with a version and a count or without', () => {
    const line = lineOf('package', 'PACKAGE p v 1.0 COMPONENTS="a b:1.5 c:1.5:2 d::3 e:" SIGN=00');
    expect(line).toMatchObject({
      name: 'p',
      vendor: 'v',
      version: '1.0',
      suite: 'none',
      components: [
        { name: 'a' },
        { name: 'b', version: '1.5' },
        { name: 'c', version: '1.5', count: 2 },
        { name: 'd', count: 3 },
        { name: 'e' },
      ],
      usable: true,
    });
    expect(lineOf('package', 'PACKAGE p v COMPONENTS=a ISSUED=1-jan-2030').attributes).toEqual({
      issued: { year: 2030, month: 1, day: 1 },
    });
  });

  test('is a suite by its OPTIONS', () => {
    expect(lineOf('package', 'PACKAGE p v COMPONENTS=a OPTIONS=suite').suite).toBe('suite');
    expect(lineOf('package', 'PACKAGE p v COMPONENTS=a OPTIONS=SUITE_RESERVED').suite).toBe(
      'suiteReserved',
    );
  });

  test('may leave out its version, and may have a key', () => {
    const bare = lineOf('package', 'PACKAGE p v COMPONENTS=a');
    expect(bare).not.toHaveProperty('version');
    expect(bare).not.toHaveProperty('key');
    expect(lineOf('package', 'PACKAGE p v BCC382730F01 COMPONENTS=a')).toMatchObject({
      key: 'BCC382730F01',
    });
    expect(lineOf('package', 'PACKAGE p v 2018.03 BCC382730F01 COMPONENTS=a')).toMatchObject({
      version: '2018.03',
      key: 'BCC382730F01',
    });
  });

  test.each([
    ['PACKAGE p v 1.0', 'error missing-field 1:16 -82'],
    ['PACKAGE p', 'error missing-field 1:10 -82'],
    ['PACKAGE p v 1.x COMPONENTS=a', 'error bad-version 1:13 -77'],
    ['PACKAGE p v COMPONENTS="a" OPTIONS=SWEET', 'error bad-attribute-value 1:28 -2'],
  ])('%s is not usable: %s', (text, finding) => {
    expect(licenseFindings(text)).toEqual([finding]);
    expect(licenseLine(text)).not.toMatchObject({ usable: true });
  });

  test('with a component that is none is not usable, and says so of COMPONENTS', () => {
    for (const component of ['a:b', 'a:1:x', 'a:1:2:3', ':1']) {
      const text = `PACKAGE p v COMPONENTS="a ${component}"`;
      expect(licenseFindings(text)[0]).toBe('error bad-attribute-value 1:13 -2');
      expect(licenseLine(text)).toMatchObject({ usable: false, components: [] });
    }
  });
});

describe('an UPGRADE line', () => {
  test('has two versions', () => {
    expect(licenseLine('UPGRADE f v 1.0 2.0 1-jan-2031 15 SIGN=00')).toMatchObject({
      kind: 'upgrade',
      name: 'f',
      vendor: 'v',
      fromVersion: '1.0',
      version: '2.0',
      expiry: { kind: 'date' },
      count: 15,
      attributes: { sign: '00' },
      usable: true,
    });
  });

  test('with words for versions is not usable: -77 for each', () => {
    const text = 'UPGRADE f v from to permanent 15';
    expect(licenseFindings(text)).toEqual([
      'error bad-version 1:13 -77',
      'error bad-version 1:18 -77',
    ]);
    expect(licenseFindings('UPGRADE f v 1 2 permanent')).toEqual(['error missing-field 1:26 -2']);
  });
});
