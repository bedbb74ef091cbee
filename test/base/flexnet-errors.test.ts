import { expect, test } from 'vitest';
import { flexnetErrorTable } from '../../src/base/flexnet-error-table.ts';
import { flexnetError, flexnetErrors, refusalText } from '../../src/base/flexnet-errors.ts';

test('every line of the table is understood: two lines a row, in order, no code twice', () => {
  const rows = flexnetErrorTable.trim().split('\n').length / 2;
  const heads = [...flexnetErrorTable.matchAll(/^([+-]\d+)(?:\.\.([+-]\d+))? /gm)];
  expect(heads).toHaveLength(rows);
  let size = 0;
  for (const [, first, last = first] of heads) size += Math.abs(Number(last) - Number(first)) + 1;
  expect(flexnetErrors.size).toBe(size);
});

test('the table has every code of the public lists', () => {
  const listed = [-140, -178, -179, -237];
  for (let code = -1; code >= -190; code--) listed.push(code);
  for (let code = 1; code <= 24; code++) listed.push(code);
  expect(listed.filter((code) => !flexnetErrors.has(code))).toEqual([]);
});

test('each error has its code, an identifier, a one-line text and a cause', () => {
  for (const [code, error] of flexnetErrors) {
    expect(error.code).toBe(code);
    expect(error.name).toMatch(/^[A-Z][A-Z0-9_]+$/);
    expect(error.text).toMatch(/^[A-Z][^\n|]+$/);
    expect(error.cause).toMatch(/^\S[^\n|]*\S$/);
  }
});

test('a name stands for one row of the table only', () => {
  const names = [...flexnetErrorTable.matchAll(/^[+-]\S+ +(\S+) /gm)].map(([, name]) => name);
  const twice = names.filter((name, index) => names.indexOf(name) !== index);
  expect(twice).toEqual(['UNLISTED']);
});

test.each([
  [-4, 'Licensed number of users already reached.'],
  [-5, 'No such feature exists.'],
  [-13, 'No SERVER lines in license file'],
  [-15, 'Cannot connect to license server system.'],
  [-16, 'Cannot read data from license server system.'],
  [-18, 'License server system does not support this feature.'],
  [-25, 'License server system does not support this version of this feature.'],
  [-96, 'License server machine is down or not responding.'],
  [-97, 'The desired vendor daemon is down.'],
])('programs find the words they look for at %d', (code, text) => {
  expect(refusalText({ major: code, minor: 1 })).toBe(text);
});

test('a code nobody has published is said to be unknown', () => {
  expect(flexnetError(-999)).toMatchObject({ code: -999, name: 'UNKNOWN', group: 'other' });
  expect(flexnetError(-999).text).toContain('-999');
  expect(flexnetError(Number.NaN).text).toContain('Unknown');
});
