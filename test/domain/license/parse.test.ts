import { describe, expect, test } from 'vitest';
import { limits } from '../../../src/base/limits.ts';
import { findingsOf, parseLine, parseText } from './make-file.ts';

describe('SERVER', () => {
  test('names a host, a host id, a port and what is said of a triad', () => {
    expect(
      parseLine(
        'server',
        'SERVER alpha 0200000000a1 27100 PRIMARY_IS_MASTER HEARTBEAT_INTERVAL=10 PLAT=3',
      ),
    ).toMatchObject({
      host: 'alpha',
      hostids: ['0200000000a1'],
      port: 27100,
      primaryIsMaster: true,
      heartbeatIntervalSeconds: 10,
      platformMask: 3,
      at: { line: 1, column: 1 },
    });
  });

  test('may have no port, two host ids, blanks at its end, and keywords in lower case', () => {
    expect(parseLine('server', 'Server h ANY primary_is_master')).toMatchObject({
      primaryIsMaster: true,
      hostids: ['ANY'],
    });
    expect(parseLine('server', 'SERVER h ANY')).not.toHaveProperty('port');
    const two = parseText('SERVER h xxxxxxxxxxxx 112233445566 27000  ');
    expect(two.lines[0]).toMatchObject({ hostids: ['xxxxxxxxxxxx', '112233445566'], port: 27000 });
    expect(two.findings).toEqual([]);
  });

  test.each([
    ['SERVER', '1:7 error missing-field -2'],
    ['SERVER h', '1:9 error missing-field -2'],
    ['SERVER h ANY 70000', '1:14 error bad-port -2'],
    ['SERVER h ANY 27000 27001', '1:20 warning stray-word'],
    ['SERVER h ANY bad_word', '1:14 warning stray-word'],
    ['SERVER h ANY WHAT=1', '1:14 warning unknown-keyword'],
    ['SERVER h ANY HEARTBEAT_INTERVAL=soon', '1:14 error bad-attribute-value -2'],
    ['SERVER h ANY PRIMARY_IS_MASTER PRIMARY_IS_MASTER', '1:32 warning duplicate-attribute'],
  ])('%s', (text, finding) => {
    expect(findingsOf(parseText(text))).toEqual([finding]);
  });
});

describe('VENDOR and DAEMON', () => {
  test.each([
    ['VENDOR v', {}],
    ['VENDOR v p', { daemonPath: 'p' }],
    ['VENDOR v p o', { daemonPath: 'p', optionsPath: 'o' }],
    ['VENDOR v p o 4321', { daemonPath: 'p', optionsPath: 'o', port: 4321 }],
    ['VENDOR v p 4321', { daemonPath: 'p', port: 4321 }],
    ['VENDOR v 4321', { port: 4321 }],
    ['VENDOR v port=4321', { port: 4321 }],
    ['VENDOR v options=o PORT=4321', { optionsPath: 'o', port: 4321 }],
    ['VENDOR v p options=', { daemonPath: 'p' }],
    ['VENDOR v "C:\\Program Files\\v.exe"', { daemonPath: 'C:\\Program Files\\v.exe' }],
  ])('%s', (text, fields) => {
    const file = parseText(text);
    const [line] = file.lines;
    expect(file.findings).toEqual([]);
    expect(line).toMatchObject({ kind: 'vendor', keyword: 'VENDOR', vendor: 'v', ...fields });
    for (const name of ['daemonPath', 'optionsPath', 'port']) {
      if (!Object.hasOwn(fields, name)) expect(line).not.toHaveProperty(name);
    }
  });

  test('DAEMON is the older spelling', () => {
    expect(parseLine('vendor', 'DAEMON v port=1')).toMatchObject({ keyword: 'DAEMON', port: 1 });
  });

  test.each([
    ['VENDOR', '1:7 error missing-field -2'],
    ['VENDOR v p OPTIONS=o 4321', '1:22 warning stray-word'],
    ['VENDOR v p o 1 more', '1:16 warning stray-word'],
    ['VENDOR v porter=1', '1:10 warning unknown-keyword'],
    ['VENDOR v PORT=1 port=2', '1:17 warning duplicate-attribute'],
    ['VENDOR v PORT=x', '1:10 error bad-port -2'],
  ])('%s', (text, finding) => {
    expect(findingsOf(parseText(text))).toEqual([finding]);
  });
});

describe('USE_SERVER', () => {
  test('takes no words; a port that a site wrote there is only noted', () => {
    const file = parseText('USE_SERVER port=2080\n');
    expect(file.lines[0]?.kind).toBe('useServer');
    expect(findingsOf(file)).toEqual(['1:12 warning stray-word']);
  });
});

describe('FEATURE and INCREMENT', () => {
  test('have five fields, a key of old, and attributes', () => {
    expect(
      parseLine(
        'feature',
        'INCREMENT solve acmed 3.20 31-dec-2031 12 A8278CBF4994 DUP_GROUP=UH SIGN=00',
      ),
    ).toMatchObject({
      keyword: 'INCREMENT',
      name: 'solve',
      vendor: 'acmed',
      version: '3.20',
      expiry: { kind: 'date', text: '31-dec-2031', date: { year: 2031, month: 12, day: 31 } },
      count: 12,
      key: 'A8278CBF4994',
      attributes: { sign: '00' },
      usable: true,
    });
  });

  test.each([
    ['uncounted', 0],
    ['UNCOUNTED', 0],
    ['0', 0],
    ['1', 1],
    ['2147483647', 2147483647],
  ])('a count of %s', (word, count) => {
    const line = parseLine('feature', `feature f v 1 permanent ${word}`);
    expect(line).toMatchObject({ keyword: 'FEATURE', count, usable: true });
  });

  test('a key may stand on a line of its own, without a blank before it', () => {
    const text =
      'INCREMENT f v 1 permanent uncounted \\\r\nB3F39B325E12 \\\r\nHOSTID=ANY TS_OK\r\n';
    expect(parseLine('feature', text)).toMatchObject({
      key: 'B3F39B325E12',
      lineCount: 3,
      attributes: { hostids: ['ANY'], terminalServer: 'TS_OK' },
    });
  });

  test('a key that is not hex is a key, with a warning', () => {
    const file = parseText('INCREMENT f v 1 permanent 5 12345ABCDXYZ SIGN=00');
    expect(file.lines[0]).toMatchObject({ key: '12345ABCDXYZ', usable: true });
    expect(findingsOf(file)).toEqual(['1:29 warning bad-attribute-value']);
  });

  test('attributes are known in any case, and quotes may stand in a value', () => {
    const text =
      'FEATURE f v 1 permanent 1 dup_group=uh SORT=010 NOTICE=product="two words" VENDOR_STRING=" x"';
    expect(parseLine('feature', text).attributes).toEqual({
      dupGroup: { kind: 'fields', user: true, host: true, display: false, vendor: false },
      sort: 10,
      notice: 'product=two words',
      vendorString: ' x',
    });
  });

  test('words without a meaning are kept as they are', () => {
    const text =
      'FEATURE f v 1 permanent 1 SIGN=00 AUTH={ a="str" b=(a b c) } V7.1_LK=123 site_code=7 flag';
    const file = parseText(text);
    expect((file.lines[0] as { attributes?: unknown }).attributes).toEqual({
      sign: '00',
      others: [
        { name: 'AUTH', value: '{ a="str" b=(a b c) }' },
        { name: 'V7.1_LK', value: '123' },
        { name: 'site_code', value: '7' },
        { name: 'flag', value: true },
      ],
    });
    expect(findingsOf(file)).toEqual(['1:86 warning stray-word']);
  });

  test.each([
    ['FEATURE f v 1 permanent', '1:24 error missing-field -2'],
    ['FEATURE f v 1.0a permanent 1', '1:13 error bad-version -77'],
    ['FEATURE f v 1 31-dez-2031 1', '1:15 error bad-date -11'],
    ['FEATURE f v 1 permanent five', '1:25 error bad-count -2'],
    ['FEATURE f v 1 permanent 2147483648', '1:25 error bad-count -2'],
    ['FEATURE f v 1 permanent -1', '1:25 error bad-count -2'],
    ['FEATURE f v 1 permanent 1 ISSUED=01-janv-2021', '1:27 error bad-date -11'],
    ['FEATURE f v 1 permanent 1 START', '1:27 error bad-date -11'],
    ['FEATURE f v 1 permanent 1 BORROW=week', '1:27 error bad-attribute-value -2'],
    ['FEATURE f v 1 permanent 1 DUP_GROUP=XY', '1:27 error bad-attribute-value -2'],
    ['FEATURE f v 1 permanent 1 TS_OK=1', '1:27 error bad-attribute-value -2'],
    ['FEATURE f v 1 permanent 1 TIMEOUT=3600', '1:27 error unknown-keyword -90'],
    ['FEATURE f v 1 permanent 1 A1 INGRAIN', '1:30 error unknown-keyword -90'],
    ['FEATURE f v 1 permanent 1 COMPONENTS="a"', '1:27 error unknown-keyword -90'],
    ['FEATURE f v 1 permanent 1 NOTICE="open', '1:34 error unterminated-quote -2'],
    ['FEATURE f\u00a0v v 1 permanent 1 SIGN=0', '1:10 error non-ascii-space -2'],
  ])('%s is of no use', (text, finding) => {
    const file = parseText(text);
    expect(findingsOf(file).filter((each) => each.includes('error'))).toEqual([finding]);
    expect(file.lines[0]).not.toMatchObject({ usable: true });
  });

  test.each([
    ['FEATURE f v 1 permanent 1 sort=x', '1:27 warning bad-attribute-value -2'],
    ['FEATURE f v 1 permanent 1 SN=1 SN=2', '1:32 warning duplicate-attribute'],
    ['FEATURE f v 1 permanent 1 SN=1 Foo=2', '1:32 warning stray-word'],
  ])('%s is served all the same', (text, finding) => {
    const file = parseText(text);
    expect(findingsOf(file)).toEqual([finding]);
    expect(file.lines[0]).toMatchObject({ kind: 'feature', usable: true });
  });

  test('of an attribute said twice the first counts', () => {
    expect(parseLine('feature', 'FEATURE f v 1 permanent 1 SN=1 SN=2').attributes).toEqual({
      serialNumber: '1',
    });
  });

  test('one bad line does not make its neighbors bad', () => {
    const good = 'FEATURE f v 1 permanent 1';
    const { lines } = parseText(`${good}\n${good} FOO=1\n${good}`);
    expect(lines.map((line) => line.kind === 'feature' && line.usable)).toEqual([
      true,
      false,
      true,
    ]);
  });
});

describe('PACKAGE', () => {
  test('has components, perhaps with versions and counts, and may be a suite', () => {
    const text =
      'PACKAGE p v 1.0 BCC382730F01 COMPONENTS="a b:2.0 c:3.0:4" OPTIONS=suite ISSUED=1-jan-2030';
    expect(parseLine('package', text)).toMatchObject({
      name: 'p',
      version: '1.0',
      key: 'BCC382730F01',
      components: [
        { name: 'a' },
        { name: 'b', version: '2.0' },
        { name: 'c', version: '3.0', count: 4 },
      ],
      suite: 'suite',
      attributes: { issued: { year: 2030, month: 1, day: 1 } },
      usable: true,
    });
  });

  test.each([
    ['PACKAGE p v COMPONENTS=a', undefined, undefined],
    ['PACKAGE p v 1.0 COMPONENTS=a', '1.0', undefined],
    ['PACKAGE p v ABCDEF012345 COMPONENTS=a', undefined, 'ABCDEF012345'],
    ['PACKAGE p v 1.0 ABCDEF012345 COMPONENTS=a', '1.0', 'ABCDEF012345'],
  ])('%s', (text, version, key) => {
    const line = parseLine('package', text);
    expect([line.version, line.key, line.usable]).toEqual([version, key, true]);
    expect(line.suite).toBe('none');
    expect(line.components).toEqual([{ name: 'a' }]);
  });

  test.each([
    ['PACKAGE p', '1:10 error missing-field -82'],
    ['PACKAGE p v 1.0', '1:16 error missing-field -82'],
    ['PACKAGE p v one COMPONENTS=a', '1:13 error bad-version -77'],
    ['PACKAGE p v 1.0 COMPONENTS=a OPTIONS=SWEET', '1:30 error bad-attribute-value -2'],
  ])('%s is of no use', (text, finding) => {
    expect(findingsOf(parseText(text))).toEqual([finding]);
  });
});

describe('UPGRADE', () => {
  test('names the versions it takes from and goes to', () => {
    expect(parseLine('upgrade', 'UPGRADE f v 1.000 2.000 31-dec-2031 2 SIGN=00')).toMatchObject({
      fromVersion: '1.000',
      version: '2.000',
      count: 2,
      attributes: { sign: '00' },
      usable: true,
    });
  });
});

describe('other lines', () => {
  test('words of the options file are known as such', () => {
    const file = parseText('reserve 1 f USER x\n');
    expect(file.lines[0]).toMatchObject({ kind: 'optionsKeyword', keyword: 'RESERVE' });
    expect(findingsOf(file)).toEqual(['1:1 warning options-keyword-in-license']);
  });

  test('a line in decimal format is refused as a mistyped one would be', () => {
    const file = parseText('acmed-solve-01234-56789-02468-13579-11\n');
    expect(findingsOf(file)).toEqual(['1:1 error decimal-line -99']);
    expect(file.lines[0]).toMatchObject({ kind: 'unknown' });
  });

  test('an unknown first word is a warning: a daemon ignores the line', () => {
    expect(findingsOf(parseText('...\nFEATURESET v 123\n'))).toEqual([
      '1:1 warning unknown-keyword',
      '2:1 info unknown-keyword',
    ]);
  });

  test('comments and empty lines are lines', () => {
    expect(parseText('# a\n\n \n#b').lines.map(({ kind }) => kind)).toEqual([
      'comment',
      'blank',
      'blank',
      'comment',
    ]);
  });
});

describe('bounds', () => {
  test('findings are kept up to a limit, and the last says how many are left out', () => {
    const file = parseText('what\n'.repeat(limits.findingsPerFileMax + 10));
    expect(file.findings.length).toBe(limits.findingsPerFileMax);
    expect(file.findings.at(-1)).toMatchObject({
      rule: 'too-many-findings',
      severity: 'warning',
      line: limits.findingsPerFileMax,
      message: expect.stringContaining('got 11 more'),
    });
  });

  test('an error among the findings left out is not hidden', () => {
    const warnings = 'what\n'.repeat(limits.findingsPerFileMax);
    const file = parseText(`${warnings}FEATURE f v 1 permanent 1 FOO=1`);
    expect(file.findings.at(-1)).toMatchObject({ rule: 'too-many-findings', severity: 'error' });
    expect(file.lines.at(-1)).toMatchObject({ kind: 'feature', usable: false });
  });

  test.each([
    ['one line', 'x'.repeat(2 ** 21)],
    ['one quote', `FEATURE "${'x '.repeat(2 ** 20)}`],
    ['backslashes at line ends', '\\\n'.repeat(2 ** 20)],
    ['continuations in quotes', `NOTICE="${'\\\n'.repeat(2 ** 20)}`],
    ['empty lines', '\n'.repeat(2 ** 21)],
    ['quotes never closed', 'F "a\n'.repeat(2 ** 18)],
    ['braces never closed', 'F a={{{\n'.repeat(2 ** 18)],
    ['one-letter words', 'a '.repeat(2 ** 20)],
    ['backslashes and blanks', '\\ \t'.repeat(2 ** 19)],
    ['signs', '= " # { } \\ '.repeat(2 ** 17)],
    ['beyond Latin-1', '\u20ac \u00a0\n'.repeat(2 ** 18)],
  ])('2 MiB of %s are read to the end', (_, text) => {
    const { lines } = parseText(text);
    expect(lines.at(-1)?.end).toBe(text.length);
  });

  test('a line beyond the limit is not read, and said so', () => {
    const text = `FEATURE f v 1 permanent 1 NOTICE="${'x'.repeat(limits.lineCharactersMax)}"\n`;
    const file = parseText(text);
    expect(findingsOf(file)).toEqual(['1:1 error line-too-long -2']);
    expect(file.lines[0]).toMatchObject({ kind: 'unknown', firstWord: 'FEATURE' });
  });
});
