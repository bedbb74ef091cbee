import { expect, test } from 'vitest';
import type { FeatureLine } from '../../../src/domain/license/model.ts';
import { type PrintableLine, printLine, replaceLine } from '../../../src/domain/license/print.ts';
import { makeFeatureLine } from '../../make.ts';
import {
  expectReprint,
  licenseLine,
  lineOf,
  parseLicense,
  type Reprint,
} from '../language/make.ts';

/** One line, changed or not, in its file; what is printed for the file when that line is printed anew. */
const canonical: readonly Reprint[] = [
  {
    what: 'one blank between words, a count of 0 as uncounted, dates as they were',
    before: 'FEATURE\tsolve  acmed 3.0   1-Jan-2031 0 # why\n',
    index: 0,
    after: 'FEATURE solve acmed 3.0 1-Jan-2031 uncounted\n',
  },
  {
    what: 'keywords in the case and order that generators write, the key first',
    before: 'increment f v 1.0 permanent 5 sign=AB Dup_Group=vhu ISSUED=01-FEB-2030 0123456789AB\n',
    index: 0,
    after:
      'INCREMENT f v 1.0 permanent 5 0123456789AB DUP_GROUP=UHV ISSUED=1-feb-2030 \\\n\tSIGN=AB\n',
  },
  {
    what: 'quotes only where they are needed',
    before: 'FEATURE "f" v 1.0 permanent 5 SN="1" NOTICE=a="b c" ISSUER=""\n',
    index: 0,
    after: 'FEATURE f v 1.0 permanent 5 ISSUER="" NOTICE="a=b c" SN=1\n',
  },
  {
    what: 'the line end of what stood there, between continued lines, too',
    before: `SERVER a 1\r\nFEATURE f v 1 permanent 5 SN=${'a'.repeat(60)}\r\nSERVER b 2\n`,
    index: 1,
    after: `SERVER a 1\r\nFEATURE f v 1 permanent 5 \\\r\n\tSN=${'a'.repeat(60)}\r\nSERVER b 2\n`,
  },
  {
    what: 'no line end where none was',
    before: 'SERVER a 1\nVENDOR  v',
    index: 1,
    after: 'SERVER a 1\nVENDOR v',
  },
  {
    what: 'the byte-order mark kept before the first line',
    before: '\ufeffSERVER  a 1\r\n',
    index: 0,
    after: '\ufeffSERVER a 1\r\n',
  },
  {
    what: 'paths of a VENDOR line by keyword behind the first',
    before: 'daemon v /d "/o p" 4321\n',
    index: 0,
    after: 'DAEMON v /d OPTIONS="/o p" PORT=4321\n',
  },
  {
    what: 'what a SERVER line can say',
    before: 'server a "#439041101" ID=1 27000 heartbeat_interval=010 primary_is_master plat=3\n',
    index: 0,
    after: 'SERVER a #439041101 ID=1 27000 PRIMARY_IS_MASTER HEARTBEAT_INTERVAL=10 \\\n\tPLAT=3\n',
  },
  { what: 'a bare USE_SERVER', before: 'use_server port=2080\n', index: 0, after: 'USE_SERVER\n' },
  {
    what: 'a package with version, key, components and suite',
    before: 'PACKAGE p v 1.0 BCC382730F01 OPTIONS=suite COMPONENTS="a: b:1.0 c::2 d:1.0:2"\n',
    index: 0,
    after: 'PACKAGE p v 1.0 BCC382730F01 COMPONENTS="a b:1.0 c::2 d:1.0:2" OPTIONS=SUITE\n',
  },
  {
    what: 'a package whose key looks like the version that it lacks',
    before: 'PACKAGE p v ISSUED=1-jan-2030 001122334455 COMPONENTS=a\n',
    index: 0,
    after: 'PACKAGE p v COMPONENTS=a 001122334455 ISSUED=1-jan-2030\n',
  },
  {
    what: 'both versions of an UPGRADE',
    before: 'UPGRADE f v 1.0 2.0 permanent 15 SIGN="00 11"\n',
    index: 0,
    after: 'UPGRADE f v 1.0 2.0 permanent 15 SIGN="00 11"\n',
  },
  {
    what: 'a container of signatures as it stands',
    before: 'FEATURE f v 1 permanent 1 auth={ a="x y" b=( c ) }\n',
    index: 0,
    after: 'FEATURE f v 1 permanent 1 auth={ a="x y" b=( c ) }\n',
  },
];

test.each(canonical)('a changed line has $what', (row) => {
  expectReprint('license', row);
});

test('long lines are continued before column 78, words are never cut', () => {
  const platforms = Array.from({ length: 12 }, (_, index) => `platform${index}`);
  const printed = printLine(
    makeFeatureLine({
      attributes: { platforms, issuer: 'Acme', notice: 'n'.repeat(50), sign: '00' },
    }),
  );
  const lines = printed.split('\n');
  expect(lines).toEqual([
    'INCREMENT solver acmed 1.0 permanent 1 \\',
    `\tPLATFORMS="${platforms.join(' ')}" \\`,
    `\tISSUER=Acme NOTICE=${'n'.repeat(50)} \\`,
    '\tSIGN=00',
  ]);
  expect(licenseLine(printed)).toMatchObject({ attributes: { platforms } });
});

const unprintable: readonly (readonly [what: string, line: Partial<FeatureLine>])[] = [
  ['a quotation mark', { name: 'so"lver' }],
  ['a line end', { attributes: { notice: 'one\ntwo' } }],
  ['a line end in a name', { name: 'a\nFEATURE b' }],
  ['a quotation mark in a list', { attributes: { hostids: ['ANY', 'ID="1'] } }],
  ['a quotation mark and braces that do not close', { attributes: { notice: '{ "a' } }],
];

test.each(unprintable)(
  'a line is refused that holds %s, which no quoting saves',
  (_what, fields) => {
    const line = makeFeatureLine(fields);
    const refusal = expect.objectContaining({ code: 'LICENSE_SYNTAX' });
    expect(() => printLine(line)).toThrow(refusal);
    expect(() => printLine(line)).toThrow('expected no quotation marks or line ends');
    expect(() => replaceLine(parseLicense('# one\n'), 0, line)).toThrow(refusal);
  },
);

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
  const line = licenseLine(text) as PrintableLine;
  expect(printLine(line).replaceAll(/ \\\n\t/g, ' ')).toBe(text);
});

test('texts that could be taken for something else are quoted', () => {
  const { attributes } = lineOf('feature', 'FEATURE f v 1 permanent 1');
  const line = lineOf('feature', 'FEATURE f v 1 permanent 1');
  const values = ['', ' ', '#x', 'a\\', '{a', 'a b', '\u00a0', 'x=y', 'a#b', '\u00fc'];
  for (const vendorString of values) {
    const printed = printLine({ ...line, attributes: { ...attributes, vendorString } });
    expect(lineOf('feature', printed).attributes, printed).toEqual({ vendorString });
  }
  expect(lineOf('feature', printLine({ ...line, name: 'a=b c' })).name).toBe('a=b c');
});

test('a line that is of no use stays so', () => {
  for (const text of [
    'FEATURE f v 1a permanent 1',
    'FEATURE f v 1 31-dez-2031 1',
    'FEATURE f v 1 permanent some',
    'FEATURE f v 1 permanent 1 BORROW=week',
    'FEATURE f v 1 permanent 1 TIMEOUT=1',
  ]) {
    expect(lineOf('feature', text).usable).toBe(false);
    expect(lineOf('feature', printLine(lineOf('feature', text))).usable, text).toBe(false);
  }
});
