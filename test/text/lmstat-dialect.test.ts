import { expect, test } from 'vitest';
import { defaultDialect, dialectOf, dialects } from '../../src/text/lmstat-dialect.ts';

test('without a choice lmutil is 11.18.1: indented, no PIDs, a telling exit status', () => {
  expect(defaultDialect).toMatchObject({
    ...{ name: '11.18.1', detailIndent: '  ', extraBlank: false, pidColumn: false },
    ...{ headerBlank: false, exitZero: false },
  });
});

test.each([
  ['7.0', '8.4'],
  ['8.4', '8.4'],
  ['10.1', '9.2'],
  ['11.14.1', '11.6'],
  ['11.16.2', '11.16.2'],
  ['11.18.1.0', '11.18.1'],
  ['11.19', '11.18.1'],
  ['12', '11.19.6'],
])('lmutil %s writes as %s did', (version, name) => {
  expect(dialectOf(version)?.name).toBe(name);
});

test.each(['', 'v11', '11.x', '11.18.1.0.5', '1e9', '999999'])('"%s" is no release', (version) => {
  expect(dialectOf(version)).toBeUndefined();
});

test('every row is found by its own name, oldest first', () => {
  for (const row of dialects) expect(dialectOf(row.name)).toBe(row);
});

test('tools up to 9 exit with 0 whatever happened', () => {
  expect(dialects.filter((row) => row.exitZero).map((row) => row.name)).toEqual(['8.4', '9.2']);
});
