import { describe, expect, test } from 'vitest';
import { attributes } from '../../../src/domain/license/attributes.ts';
import { lineKinds, optionsFileWords } from '../../../src/domain/license/lines.ts';
import type { FeatureLine, LicenseLine, PackageLine } from '../../../src/domain/license/model.ts';
import { parseLicenseFile } from '../../../src/domain/license/parse.ts';
import { printLicenseFile, replaceLine } from '../../../src/domain/license/print.ts';
import { keywords } from '../../../src/domain/options/keywords.ts';
import type { OptionsFile, Rule } from '../../../src/domain/options/model.ts';
import { parseOptionsFile } from '../../../src/domain/options/parse.ts';
import { printOptionsFile, replaceRule } from '../../../src/domain/options/print.ts';
import { decodeText } from '../../../src/domain/text-encoding.ts';
import { fixtures, parseOptions } from './make.ts';

/** Each attribute's fixture: the value it has there, and how it is written when its line changes. */
const shownAttributes: Readonly<Record<string, readonly [value: unknown, printed: string]>> = {
  COMPONENTS: [
    [
      { name: 'draw' },
      { name: 'mesh', version: '2.0' },
      { name: 'plot', version: '1.5', count: 2 },
    ],
    'COMPONENTS="draw mesh:2.0 plot:1.5:2"',
  ],
  OPTIONS: ['suiteReserved', 'OPTIONS=SUITE_RESERVED'],
  VENDOR_STRING: [' 401, 402, 415', 'VENDOR_STRING=" 401, 402, 415"'],
  HOSTID: [['0200000000a1', 'USER=ana', 'ID=12-34'], 'HOSTID="0200000000a1 USER=ana ID=12-34"'],
  PLATFORMS: [['x64_lsb', 'i86_n'], 'PLATFORMS="x64_lsb i86_n"'],
  SUPERSEDE: [['solve', 'presolve'], 'SUPERSEDE="solve presolve"'],
  SUPERSEDE_SIGN: ['00AB 12CD', 'SUPERSEDE_SIGN="00AB 12CD"'],
  DUP_GROUP: [
    { kind: 'fields', user: true, host: true, display: true, vendor: false },
    'DUP_GROUP=UHD',
  ],
  SUITE_DUP_GROUP: [{ kind: 'site' }, 'SUITE_DUP_GROUP=SITE'],
  FLOAT_OK: ['0200000000a1', 'FLOAT_OK=0200000000a1'],
  HOST_BASED: [0, 'HOST_BASED'],
  USER_BASED: [3, 'USER_BASED=3'],
  MINIMUM: [2, 'MINIMUM=2'],
  OVERDRAFT: [2, 'OVERDRAFT=2'],
  LINGER: [600, 'LINGER=600'],
  BORROW: [168, 'BORROW'],
  ISSUED: [{ year: 2030, month: 1, day: 2 }, 'ISSUED=2-jan-2030'],
  START: [{ year: 2030, month: 2, day: 1 }, 'START=1-feb-2030'],
  ISSUER: ['Acme Test Works', 'ISSUER="Acme Test Works"'],
  NOTICE: ['product=Acme Solver Two', 'NOTICE="product=Acme Solver Two"'],
  SN: ['SN-0001-2345', 'SN=SN-0001-2345'],
  TS_OK: ['TS_OK', 'TS_OK'],
  ONE_TS_OK: ['ONE_TS_OK', 'ONE_TS_OK'],
  asset_info: ['rack 7, east', 'asset_info="rack 7, east"'],
  dist_info: ['reseller-12', 'dist_info=reseller-12'],
  user_info: ['Labor für Strömung', 'user_info="Labor für Strömung"'],
  vendor_info: ['lab east', 'vendor_info="lab east"'],
  sort: [25, 'sort=25'],
  ck: ['77', 'ck=77'],
  SIGN: ['0000 1111 2222 3333', 'SIGN="0000 1111 2222 3333"'],
  SIGN2: ['AAAA BBBB', 'SIGN2="AAAA BBBB"'],
};

const ann = { type: 'USER', name: 'guest' } as const;
const farm = { type: 'HOST_GROUP', name: 'farm' } as const;
const night = { type: 'GROUP', name: 'night' } as const;
const node07 = { type: 'HOST', name: 'node07' } as const;
const solve = { feature: 'solve' };
const solve320 = { feature: 'solve', selector: { name: 'VERSION', value: '3.20' } };

/** Each keyword's fixture: the rule it makes, and how that is written. */
const shownRules: { readonly [K in Rule['keyword']]: readonly [fields: object, printed: string] } =
  {
    ACTIVATION_EXPIRY_DAYS: [
      { words: ['ent-7:FID=ful-3', '30'] },
      'ACTIVATION_EXPIRY_DAYS ent-7:FID=ful-3 30',
    ],
    ACTIVATION_LOWWATER: [
      { words: ['ent-7 FID=ful-3', '2'] },
      'ACTIVATION_LOWWATER "ent-7 FID=ful-3" 2',
    ],
    AUTOMATIC_REREAD: [{ on: false }, 'AUTOMATIC_REREAD OFF'],
    BORROW_LOWWATER: [{ spec: solve320, count: 2 }, 'BORROW_LOWWATER solve:VERSION=3.20 2'],
    DAEMON_SELECT_TIMEOUT: [{ seconds: 32 }, 'DAEMON_SELECT_TIMEOUT 32'],
    DEBUGLOG: [
      {
        append: true,
        path: '/var/log/acme daemon.log',
        markObfuscated: true,
        rolloverMegabytes: 20,
      },
      'DEBUGLOG "+/var/log/acme daemon.log" OBF_ADDMARK AUTO_ROLLOVER 20',
    ],
    EXCLUDE: [
      {
        spec: { feature: 'mesh:2', selector: { name: 'asset_info', value: 'rack 7' } },
        client: ann,
      },
      'EXCLUDE "mesh:2 asset_info=rack 7" USER guest',
    ],
    EXCLUDE_BORROW: [{ spec: solve, client: node07 }, 'EXCLUDE_BORROW solve HOST node07'],
    EXCLUDE_ENTITLEMENT: [
      { words: ['ent-7', 'USER', 'guest'] },
      'EXCLUDE_ENTITLEMENT ent-7 USER guest',
    ],
    EXCLUDEALL: [
      { client: { type: 'INTERNET', name: '10.7.*.*' } },
      'EXCLUDEALL INTERNET 10.7.*.*',
    ],
    EXCLUDEALL_ENTITLEMENT: [{ words: ['HOST', 'node07'] }, 'EXCLUDEALL_ENTITLEMENT HOST node07'],
    FQDN_MATCHING: [{ lenient: true }, 'FQDN_MATCHING LENIENT'],
    GROUP: [{ name: 'night', members: ['ana', 'bo', 'chen'] }, 'GROUP night ana bo chen'],
    GROUPCASEINSENSITIVE: [{ on: true }, 'GROUPCASEINSENSITIVE ON'],
    HOST_GROUP: [
      { name: 'farm', members: ['node01', '10.7.8.*'] },
      'HOST_GROUP farm node01 10.7.8.*',
    ],
    INCLUDE: [{ spec: solve320, client: night }, 'INCLUDE solve:VERSION=3.20 GROUP night'],
    INCLUDE_BORROW: [
      { spec: solve, client: { type: 'PROJECT', name: 'wing' } },
      'INCLUDE_BORROW solve PROJECT wing',
    ],
    INCLUDE_ENTITLEMENT: [
      { words: ['ent-7', 'GROUP', 'night'] },
      'INCLUDE_ENTITLEMENT ent-7 GROUP night',
    ],
    INCLUDEALL: [{ client: farm }, 'INCLUDEALL HOST_GROUP farm'],
    INCLUDEALL_ENTITLEMENT: [
      { words: ['HOST_GROUP', 'farm'] },
      'INCLUDEALL_ENTITLEMENT HOST_GROUP farm',
    ],
    LINGER: [{ spec: solve, seconds: 600 }, 'LINGER solve 600'],
    MAX: [
      { count: 4, spec: solve, client: { type: 'USER', name: 'ALL_USERS' } },
      'MAX 4 solve USER ALL_USERS',
    ],
    MAX_BORROW_HOURS: [{ spec: solve, hours: 24 }, 'MAX_BORROW_HOURS solve 24'],
    MAX_CONNECTIONS: [{ count: 500 }, 'MAX_CONNECTIONS 500'],
    MAX_OVERDRAFT: [{ spec: solve, count: 1 }, 'MAX_OVERDRAFT solve 1'],
    NOLOG: [{ event: 'QUEUED' }, 'NOLOG QUEUED'],
    REPORTLOG: [
      { append: true, path: '/var/log/acme.rl', hideUser: true },
      'REPORTLOG +/var/log/acme.rl HIDE_USER',
    ],
    RESERVE: [
      { count: 3, spec: solve, client: { type: 'DISPLAY', name: 'term1' } },
      'RESERVE 3 solve DISPLAY term1',
    ],
    TIMEOUT: [{ spec: solve, seconds: 1800 }, 'TIMEOUT solve 1800'],
    TIMEOUTALL: [{ seconds: 3600 }, 'TIMEOUTALL 3600'],
  };

/** The parsed fixture of a row. */
function fixtureOf(name: string) {
  const fixture = fixtures.find((each) => each.name === name);
  if (!fixture) throw new Error(`expected fixtures/${name}`);
  return decodeText(name, fixture.bytes);
}

/** The names of the fixtures of a table, without what all of them have. */
function fixtureNames(pattern: RegExp): readonly string[] {
  return fixtures.flatMap(({ name }) => pattern.exec(name)?.[1] ?? []);
}

const isAttributed = (line: LicenseLine): line is FeatureLine | PackageLine =>
  line.kind === 'feature' || line.kind === 'package';

/** The fields that attributes fill, whichever line they are on. */
function fieldsOf(line: FeatureLine | PackageLine): Readonly<Record<string, unknown>> {
  const { components, suite } = line.kind === 'package' ? line : {};
  return { ...line.attributes, components, suite };
}

describe('the table of attributes', () => {
  test.each(attributes)(
    '$name is read, and written when its line changes',
    ({ name, field, on }) => {
      const file = parseLicenseFile(fixtureOf(`licenses/attr-${name.toLowerCase()}.lic`));
      expect(file.findings).toEqual([]);
      const index = file.lines.findIndex(isAttributed);
      const line = file.lines[index] as FeatureLine | PackageLine;
      const [value, printed] = shownAttributes[name]!;
      expect(fieldsOf(line)[field]).toEqual(value);
      expect(on).toContain(line.kind);

      const changed = { ...line, name: 'changed' };
      const text = printLicenseFile(replaceLine(file, index, changed));
      expect(text.replaceAll(/ \\\n\t|\n/g, ' ')).toContain(` ${printed} `);
      const again = parseLicenseFile({ ...file.source, text }).lines[index] as FeatureLine;
      expect(again.name).toBe('changed');
      expect(fieldsOf(again)).toEqual(fieldsOf(line));
    },
  );

  test('has one fixture a row, and no fixture has no row', () => {
    const rows = attributes.map(({ name }) => name.toLowerCase());
    expect([...fixtureNames(/^licenses\/attr-(.*)$/)].sort()).toEqual(
      rows.map((name) => `${name}.lic`).sort(),
    );
    expect(Object.keys(shownAttributes).sort()).toEqual(attributes.map(({ name }) => name).sort());
  });

  test('names each word once, whatever its case', () => {
    const names = attributes.map(({ name }) => name.toUpperCase());
    expect(new Set(names).size).toBe(names.length);
  });
});

describe('the table of options keywords', () => {
  const fileOf = (keyword: string): OptionsFile =>
    parseOptionsFile(fixtureOf(`options/keyword-${keyword.toLowerCase()}.opt`));

  test.each(keywords)('$keyword is read, and written when its line changes', ({ keyword }) => {
    const file = fileOf(keyword);
    expect(file.findings).toEqual([]);
    const index = file.lines.findIndex(({ kind }) => kind === 'rule');
    const line = file.lines[index]!;
    const [fields, printed] = shownRules[keyword];
    const rule = { keyword, ...fields } as Rule;
    expect(line).toMatchObject({ kind: 'rule', at: { line: 2, column: 1 } });
    expect(line.kind === 'rule' && line.rule).toEqual(rule);

    const text = printOptionsFile(replaceRule(file, index, rule));
    expect(text).toBe(`${file.source.text.slice(0, line.start)}${printed}\n`);
    expect(parseOptions(text).lines[index]).toMatchObject({ kind: 'rule', rule });
  });

  test('has one fixture a row, and no fixture has no row', () => {
    const rows = keywords.map(({ keyword }) => keyword.toLowerCase());
    expect([...fixtureNames(/^options\/keyword-(.*)$/)].sort()).toEqual(
      rows.map((keyword) => `${keyword}.opt`).sort(),
    );
  });

  test('is what a license file knows as words of an options file, and their other spelling', () => {
    const known = [...keywords.map(({ keyword }): string => keyword), 'USER_GROUP'];
    expect([...optionsFileWords].sort()).toEqual(known.sort());
  });

  test('shows the grammar that a wrong line is told', () => {
    const grammar = Object.fromEntries(keywords.map((row) => [row.keyword, row.grammar]));
    expect(grammar).toMatchObject({
      MAX: 'MAX COUNT FEATURE[:KEYWORD=VALUE] TYPE NAME',
      DEBUGLOG: 'DEBUGLOG [+]PATH [OBF_ADDMARK] [AUTO_ROLLOVER n]',
      GROUP: 'GROUP NAME USER ...',
      NOLOG: 'NOLOG IN|OUT|DENIED|QUEUED|UNSUPPORTED|UPGRADE|DEQUEUED',
    });
  });
});

const sourced: readonly (readonly [name: string, source: string])[] = [
  ...attributes.map(({ name, source }) => [name, source] as const),
  ...keywords.map(({ keyword, source }) => [keyword, source] as const),
  ...lineKinds.map(({ word, source }) => [word, source] as const),
];

test.each(sourced)('%s says where it is documented', (_name, source) => {
  // Guides, error numbers, or the word that it is a guess.
  expect(source).toMatch(/^(?:unverified: |LAG\b|EUG10\b|EUM\b|errors? -\d)/);
});
