import { describe, expect, test } from 'vitest';
import {
  attributeNamed,
  attributes,
  isOpaqueAttribute,
  isSignedName,
} from '../../../src/domain/license/attributes.ts';
import type { FeatureLine, LicenseLine, PackageLine } from '../../../src/domain/license/model.ts';
import { parseLicenseFile } from '../../../src/domain/license/parse.ts';
import { printLicenseFile, replaceLine } from '../../../src/domain/license/print.ts';
import { fixtureNames, fixtureOf } from '../language/make.ts';

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

  test('knows each name in any case, and none that objects have by nature', () => {
    for (const { name, field } of attributes) {
      for (const spelling of [name, name.toUpperCase(), name.toLowerCase()]) {
        expect(attributeNamed(spelling)?.field).toBe(field);
      }
    }
    expect(attributeNamed('__proto__')).toBeUndefined();
    expect(attributeNamed('')).toBeUndefined();
  });

  test.each(attributes)('$name says where it is documented', ({ source }) => {
    // Guides, error numbers, or the word that it is a guess.
    expect(source).toMatch(/^(?:unverified: |LAG\b|EUG10\b|EUM\b|errors? -\d)/);
  });

  test('leaves signature containers unread, and tells signed words by their case', () => {
    for (const name of ['AUTH', 'auth', 'V7.1_LK', 'V9_LK']) {
      expect(isOpaqueAttribute(name), name).toBe(true);
    }
    for (const name of ['V7', 'XV7.1_LK', 'LK']) expect(isOpaqueAttribute(name), name).toBe(false);
    expect(isSignedName('FOO_1')).toBe(true);
    expect(isSignedName('Foo')).toBe(false);
  });
});
