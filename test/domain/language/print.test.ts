import { expect, test } from 'vitest';
import { KnownError } from '../../../src/base/errors.ts';
import type { FeatureLine } from '../../../src/domain/license/model.ts';
import { printLicenseFile, printLine, replaceLine } from '../../../src/domain/license/print.ts';
import type { Rule } from '../../../src/domain/options/model.ts';
import { printOptionsFile, printRule, replaceRule } from '../../../src/domain/options/print.ts';
import { makeFeatureLine } from '../../make.ts';
import {
  type LanguageName,
  languages,
  licenseLine,
  meaningOf,
  parseLicense,
  parseOptions,
} from './make.ts';

/** One line, changed or not, in its file; what is printed for the file when that line is printed anew. */
const canonical: readonly (readonly [
  what: string,
  language: LanguageName,
  before: string,
  index: number,
  after: string,
])[] = [
  [
    'one blank between words, a count of 0 as uncounted, dates as they were',
    'license',
    'FEATURE\tsolve  acmed 3.0   1-Jan-2031 0 # why\n',
    0,
    'FEATURE solve acmed 3.0 1-Jan-2031 uncounted\n',
  ],
  [
    'keywords in the case and order that generators write, the key first',
    'license',
    'increment f v 1.0 permanent 5 sign=AB Dup_Group=vhu ISSUED=01-FEB-2030 0123456789AB\n',
    0,
    'INCREMENT f v 1.0 permanent 5 0123456789AB DUP_GROUP=UHV ISSUED=1-feb-2030 \\\n\tSIGN=AB\n',
  ],
  [
    'quotes only where they are needed',
    'license',
    'FEATURE "f" v 1.0 permanent 5 SN="1" NOTICE=a="b c" ISSUER=""\n',
    0,
    'FEATURE f v 1.0 permanent 5 ISSUER="" NOTICE="a=b c" SN=1\n',
  ],
  [
    'the line end of what stood there, between continued lines, too',
    'license',
    `SERVER a 1\r\nFEATURE f v 1 permanent 5 SN=${'a'.repeat(60)}\r\nSERVER b 2\n`,
    1,
    `SERVER a 1\r\nFEATURE f v 1 permanent 5 \\\r\n\tSN=${'a'.repeat(60)}\r\nSERVER b 2\n`,
  ],
  ['no line end where none was', 'license', 'SERVER a 1\nVENDOR  v', 1, 'SERVER a 1\nVENDOR v'],
  [
    'the byte-order mark kept before the first line',
    'license',
    '\ufeffSERVER  a 1\r\n',
    0,
    '\ufeffSERVER a 1\r\n',
  ],
  [
    'paths of a VENDOR line by keyword behind the first',
    'license',
    'daemon v /d "/o p" 4321\n',
    0,
    'DAEMON v /d OPTIONS="/o p" PORT=4321\n',
  ],
  [
    'what a SERVER line can say',
    'license',
    'server a "#439041101" ID=1 27000 heartbeat_interval=010 primary_is_master plat=3\n',
    0,
    'SERVER a #439041101 ID=1 27000 PRIMARY_IS_MASTER HEARTBEAT_INTERVAL=10 \\\n\tPLAT=3\n',
  ],
  ['a bare USE_SERVER', 'license', 'use_server port=2080\n', 0, 'USE_SERVER\n'],
  [
    'a package with version, key, components and suite',
    'license',
    'PACKAGE p v 1.0 BCC382730F01 OPTIONS=suite COMPONENTS="a: b:1.0 c::2 d:1.0:2"\n',
    0,
    'PACKAGE p v 1.0 BCC382730F01 COMPONENTS="a b:1.0 c::2 d:1.0:2" OPTIONS=SUITE\n',
  ],
  [
    'both versions of an UPGRADE',
    'license',
    'UPGRADE f v 1.0 2.0 permanent 15 SIGN="00 11"\n',
    0,
    'UPGRADE f v 1.0 2.0 permanent 15 SIGN="00 11"\n',
  ],
  [
    'a container of signatures as it stands',
    'license',
    'FEATURE f v 1 permanent 1 auth={ a="x y" b=( c ) }\n',
    0,
    'FEATURE f v 1 permanent 1 auth={ a="x y" b=( c ) }\n',
  ],
  [
    'a rule in upper case with one blank between words',
    'options',
    ' Reserve  2\tf:VERSION=1.0 Group g  # why\r\nGROUP g a\r\n',
    0,
    'RESERVE 2 f:VERSION=1.0 GROUP g\r\nGROUP g a\r\n',
  ],
  ['a group in one line', 'options', 'group g a \\\n b', 0, 'GROUP g a b'],
  [
    'a feature with a colon in quotes',
    'options',
    'MAX 1 "a:b  KEY=x y" hostgroup h\n',
    0,
    'MAX 1 "a:b KEY=x y" HOST_GROUP h\n',
  ],
  [
    'a path with its plus sign in quotes',
    'options',
    'debuglog "+C:\\my logs\\d.log" auto_rollover 20\n',
    0,
    'DEBUGLOG "+C:\\my logs\\d.log" AUTO_ROLLOVER 20\n',
  ],
  [
    'the byte-order mark of an options file',
    'options',
    '\ufeffTIMEOUTALL  900\n',
    0,
    '\ufeffTIMEOUTALL 900\n',
  ],
  [
    'words of a selector with a colon',
    'options',
    'TIMEOUT "f K:L=v" 900\n',
    0,
    'TIMEOUT "f K:L=v" 900\n',
  ],
];

test.each(canonical)('a changed line has %s (%s)', (_what, language, before, index, after) => {
  const read = languages[language]({ name: 'before', text: before, encoding: 'utf-8' });
  expect(read.reprinted(index)).toBe(after);
  const again = languages[language]({ name: 'after', text: after, encoding: 'utf-8' });
  expect(meaningOf(again.lines[index])).toEqual(meaningOf(read.lines[index]));
});

test('a line takes the place of any other, in its own form', () => {
  const file = parseLicense('# one\n\nnonsense\nSERVER  a   1\n');
  const feature = makeFeatureLine({ name: 'mesh', count: 3 });
  const changed = replaceLine(replaceLine(file, 1, feature), 2, feature);
  const printed = 'INCREMENT mesh acmed 1.0 permanent 3\n';
  expect(printLicenseFile(changed)).toBe(`# one\n${printed}${printed}SERVER  a   1\n`);
  expect(printLicenseFile(file), 'the file it was made of stays').toBe(file.source.text);
});

test('a rule takes the place of any other line', () => {
  const file = parseOptions('# one\nnonsense\r\n');
  const rule: Rule = { keyword: 'NOLOG', event: 'IN' };
  expect(printOptionsFile(replaceRule(file, 1, rule))).toBe('# one\nNOLOG IN\r\n');
  expect(printOptionsFile(replaceRule(file, 0, rule))).toBe('NOLOG IN\nnonsense\r\n');
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
  ['a quotation mark in a list', { attributes: { hostids: ['ANY', 'ID="1'] } }],
  ['a quotation mark and braces that do not close', { attributes: { notice: '{ "a' } }],
];

test.each(unprintable)(
  'a line is refused that holds %s, which no quoting saves',
  (_what, fields) => {
    const line = makeFeatureLine(fields);
    const refusal = expect.objectContaining({ code: 'LICENSE_SYNTAX' });
    expect(() => printLine(line)).toThrow(refusal);
    expect(() => replaceLine(parseLicense('# one\n'), 0, line)).toThrow(refusal);
  },
);

test('a rule is refused that holds a quotation mark or a line end', () => {
  for (const name of ['a"b', 'a\nb']) {
    const rule: Rule = { keyword: 'EXCLUDEALL', client: { type: 'USER', name } };
    const refusal = expect.objectContaining({ code: 'OPTIONS_SYNTAX' });
    expect(() => printRule(rule)).toThrow(refusal);
    expect(() => replaceRule(parseOptions('# one\n'), 0, rule)).toThrow(refusal);
  }
});

test('a file without the line to be replaced says so', () => {
  expect(() => replaceLine(parseLicense('# one\n'), 1, makeFeatureLine())).toThrow(
    new KnownError('LICENSE_SYNTAX', 'test.lic: expected the index of one of 1 lines, got 1', {
      index: 1,
    }),
  );
  expect(() => replaceRule(parseOptions(''), 0, { keyword: 'NOLOG', event: 'IN' })).toThrow(
    new KnownError('OPTIONS_SYNTAX', 'test.opt: expected the index of one of 0 lines, got 0', {
      index: 0,
    }),
  );
});
