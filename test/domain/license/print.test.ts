import { describe, expect, test } from 'vitest';
import { KnownError } from '../../../src/base/errors.ts';
import type { FeatureLine } from '../../../src/domain/license/model.ts';
import { printLicenseFile, printLine, replaceLine } from '../../../src/domain/license/print.ts';
import { parseLine, parseText } from './make-file.ts';

const feature = (text: string): FeatureLine => parseLine('feature', text);

describe('printing a file', () => {
  test('lines that were not changed keep every character', () => {
    const text = '\ufeff# a\r\n\r\n  server  h\tANY \\ # b\n 27000 \r\nwhat "x\n\nVENDOR v \\';
    expect(printLicenseFile(parseText(text))).toBe(text);
  });

  test('a changed line is written anew, its neighbors stay', () => {
    const file = parseText('# top\r\nFEATURE  f v 1.0 permanent   3 SIGN=00\r\n# end');
    const line = file.lines[1] as FeatureLine;
    const changed = replaceLine(file, 1, { ...line, count: 5 });
    expect(printLicenseFile(changed)).toBe('# top\r\nFEATURE f v 1.0 permanent 5 SIGN=00\r\n# end');
    expect(changed.lines[1]).toMatchObject({ changed: true, start: 7, line: 2 });
    expect(printLicenseFile(file)).toContain('permanent   3');
  });

  test('it takes the line end of what it replaces, also where there is none', () => {
    const file = parseText('FEATURE f v 1 permanent 1');
    const [line] = file.lines as [FeatureLine];
    expect(printLicenseFile(replaceLine(file, 0, { ...line, name: 'g' }))).toBe(
      'FEATURE g v 1 permanent 1',
    );
  });

  test('a line of several physical lines is replaced whole', () => {
    const file = parseText('VENDOR v\nFEATURE f v 1 permanent 1 \\\n  SIGN=00\nUSE_SERVER\n');
    const line = file.lines[1] as FeatureLine;
    expect(printLicenseFile(replaceLine(file, 1, { ...line, count: 0 }))).toBe(
      'VENDOR v\nFEATURE f v 1 permanent uncounted SIGN=00\nUSE_SERVER\n',
    );
  });

  test('a line that the file does not have is refused', () => {
    const file = parseText('USE_SERVER');
    const [line] = file.lines;
    expect(() => replaceLine(file, 7, line as never)).toThrow(KnownError);
  });
});

describe('printing a line', () => {
  test.each([
    'SERVER alpha 0200000000a1 #439041101 27100 PRIMARY_IS_MASTER HEARTBEAT_INTERVAL=10 PLAT=3',
    'SERVER h ID=12-34',
    'DAEMON v "/opt/a b/v" OPTIONS="c d.opt" PORT=4321',
    'VENDOR v',
    'USE_SERVER',
    'INCREMENT f v 1.000 01-jan-0000 25 681A5CAF33FF70DCCB75 NOTICE="a b" SN=1',
    'UPGRADE f v 1.0 2.0 permanent 2 SIGN="00 11"',
    'PACKAGE p v 1.0 ABCDEF012345 COMPONENTS="a b:1.0:2" OPTIONS=SUITE SIGN=00',
    'FEATURE f v 1 permanent uncounted HOSTID=ANY TS_OK SIGN=00 AUTH={ a="x y" b={c} } site=7',
  ])('%s is in the form generators write', (text) => {
    const [line] = parseText(text).lines;
    expect(printLine(line as never).replaceAll(/ \\\n\t/g, ' ')).toBe(text);
  });

  test('long lines are continued between words', () => {
    const line = feature(
      'INCREMENT solver acmed 2030.0 31-dec-2049 12 VENDOR_STRING="one two three" DUP_GROUP=UHD SIGN=00112233445566',
    );
    expect(printLine(line)).toBe(
      'INCREMENT solver acmed 2030.0 31-dec-2049 12 VENDOR_STRING="one two three" \\\n' +
        '\tDUP_GROUP=UHD SIGN=00112233445566',
    );
  });

  test('texts that could be taken for something else are quoted', () => {
    const { attributes } = feature('FEATURE f v 1 permanent 1');
    const line = feature('FEATURE f v 1 permanent 1');
    const values = ['', ' ', '#x', 'a\\', '{a', 'a b', '\u00a0', 'x=y', 'a#b', '\u00fc'];
    for (const vendorString of values) {
      const printed = printLine({ ...line, attributes: { ...attributes, vendorString } });
      expect(feature(printed).attributes, printed).toEqual({ vendorString });
    }
    expect(feature(printLine({ ...line, name: 'a=b c' })).name).toBe('a=b c');
  });

  test('what no quotes can hold is refused', () => {
    const line = feature('FEATURE f v 1 permanent 1');
    for (const notice of ['say "no"', 'two\nlines']) {
      expect(() => printLine({ ...line, attributes: { notice } })).toThrow(
        'expected no quotation marks or line ends',
      );
    }
    const file = parseText('FEATURE f v 1 permanent 1');
    expect(() => replaceLine(file, 0, { ...line, name: 'a\nFEATURE b' })).toThrow(KnownError);
  });

  test('a line that is of no use stays so', () => {
    for (const text of [
      'FEATURE f v 1a permanent 1',
      'FEATURE f v 1 31-dez-2031 1',
      'FEATURE f v 1 permanent some',
      'FEATURE f v 1 permanent 1 BORROW=week',
      'FEATURE f v 1 permanent 1 TIMEOUT=1',
    ]) {
      expect(feature(text).usable).toBe(false);
      expect(feature(printLine(feature(text))).usable, text).toBe(false);
    }
  });
});
