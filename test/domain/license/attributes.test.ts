import { describe, expect, test } from 'vitest';
import {
  type AttributeField,
  attributeNamed,
  attributes,
  isOpaqueAttribute,
  isSignedName,
} from '../../../src/domain/license/attributes.ts';
import { lineKinds, optionsFileWords } from '../../../src/domain/license/lines.ts';
import type { FeatureLine, PackageLine } from '../../../src/domain/license/model.ts';
import { parseLicenseFile } from '../../../src/domain/license/parse.ts';
import { printLicenseFile, replaceLine } from '../../../src/domain/license/print.ts';
import { keywords } from '../../../src/domain/options/keywords.ts';
import { decodeText, encodeText } from '../../../src/domain/text-encoding.ts';
import { fixtures } from '../hostile-text.ts';

const files = new Map(fixtures('licenses', /^attr-/).map(({ name, bytes }) => [name, bytes]));

/** What each attribute's fixture says. */
const expected: Readonly<Record<(typeof attributes)[number]['name'], unknown>> = {
  COMPONENTS: [
    { name: 'draw' },
    { name: 'mesh', version: '2.0' },
    { name: 'plot', version: '1.5', count: 2 },
  ],
  OPTIONS: 'suiteReserved',
  VENDOR_STRING: ' 401, 402, 415',
  HOSTID: ['0200000000a1', 'USER=ana', 'ID=12-34'],
  PLATFORMS: ['x64_lsb', 'i86_n'],
  SUPERSEDE: ['solve', 'presolve'],
  SUPERSEDE_SIGN: '00AB 12CD',
  DUP_GROUP: { kind: 'fields', user: true, host: true, display: true, vendor: false },
  SUITE_DUP_GROUP: { kind: 'site' },
  FLOAT_OK: '0200000000a1',
  HOST_BASED: 0,
  USER_BASED: 3,
  MINIMUM: 2,
  OVERDRAFT: 2,
  LINGER: 600,
  BORROW: 168,
  ISSUED: { year: 2030, month: 1, day: 2 },
  START: { year: 2030, month: 2, day: 1 },
  ISSUER: 'Acme Test Works',
  NOTICE: 'product=Acme Solver Two',
  SN: 'SN-0001-2345',
  TS_OK: 'TS_OK',
  ONE_TS_OK: 'ONE_TS_OK',
  asset_info: 'rack 7, east',
  dist_info: 'reseller-12',
  user_info: 'Labor f\u00fcr Str\u00f6mung',
  vendor_info: 'lab east',
  sort: 25,
  ck: '77',
  SIGN: '0000 1111 2222 3333',
  SIGN2: 'AAAA BBBB',
};

/** What a line says of a field, be it of the line or of its attributes. */
function fieldOf(line: FeatureLine | PackageLine, field: AttributeField): unknown {
  // The line has a `start` of its own: its offset.
  return { ...line, ...line.attributes }[field as never];
}

describe('the table of attributes', () => {
  test.each(attributes.map((row) => [row.name, row] as const))(
    '%s has a fixture that shows it',
    (name, row) => {
      const bytes = files.get(`attr-${name.toLowerCase()}.lic`);
      expect(bytes, 'fixture').toBeDefined();
      const file = parseLicenseFile(decodeText(name, bytes!));
      const index = file.lines.length - 1;
      const line = file.lines[index] as FeatureLine | PackageLine;
      expect(file.findings).toEqual([]);
      expect(fieldOf(line, row.field)).toEqual(expected[name]);
      const unchanged = encodeText(printLicenseFile(file), file.source.encoding);
      expect(Buffer.compare(unchanged, bytes!)).toBe(0);
      const text = printLicenseFile(replaceLine(file, index, line));
      const again = parseLicenseFile({ ...file.source, text }).lines[index] as typeof line;
      expect(fieldOf(again, row.field)).toEqual(expected[name]);
      expect(text).toContain(`${name}`);
    },
  );

  test('every fixture of an attribute is of a row', () => {
    const names = attributes.map(({ name }) => `attr-${name.toLowerCase()}.lic`);
    expect([...files.keys()].sort()).toEqual([...names].sort());
  });

  test('names are known in any case, and no two are the same', () => {
    for (const { name, field } of attributes) {
      expect(attributeNamed(name)?.field).toBe(field);
      expect(attributeNamed(name.toUpperCase())?.field).toBe(field);
      expect(attributeNamed(name.toLowerCase())?.field).toBe(field);
    }
    expect(new Set(attributes.map(({ name }) => name.toUpperCase())).size).toBe(attributes.length);
    expect(attributeNamed('__proto__')).toBeUndefined();
    expect(attributeNamed('')).toBeUndefined();
  });

  test('every row and every line kind says where it is documented', () => {
    for (const { source } of [...attributes, ...lineKinds]) expect(source).not.toBe('');
  });

  test('signature containers are known and left unread', () => {
    for (const name of ['AUTH', 'auth', 'V7.1_LK', 'V9_LK'])
      expect(isOpaqueAttribute(name)).toBe(true);
    for (const name of ['V7', 'XV7.1_LK', 'LK']) expect(isOpaqueAttribute(name)).toBe(false);
    expect(isSignedName('FOO_1')).toBe(true);
    expect(isSignedName('Foo')).toBe(false);
  });
});

describe('the table of line kinds', () => {
  test('knows every word of the options file, to tell it from a mistyped one', () => {
    const known = new Set(optionsFileWords);
    for (const { keyword } of keywords) expect(known, keyword).toContain(keyword);
    for (const { word } of lineKinds) expect(known).not.toContain(word);
  });
});
