import { expect, test } from 'vitest';
import { DIALECT_NAMES, defaultDialect, dialectOf } from '../../src/text/lmstat-dialect.ts';
import { releaseDialects, vendorDialects } from '../../src/text/lmstat-dialects.ts';

test('without a choice lmutil is 11.18.1: indented, no PIDs, a telling exit status', () => {
  expect(defaultDialect).toMatchObject({
    ...{ name: '11.18.1', release: '11.18.1', detailLead: '  ', pidColumn: false },
    ...{ headerBlank: false, exitZero: false, windows: false, doublesHosts: false },
  });
});

test.each([
  ['7.0', '8.4'],
  ['8.4', '8.4'],
  ['10.1', '9.2'],
  ['11.4', '10.8'],
  ['11.12.1', '11.7'],
  ['11.14', '11.13'],
  ['11.15.1', '11.14.1'],
  ['11.16.2', '11.16.2'],
  ['11.18.1.0', '11.18.1'],
  ['11.19', '11.18.1'],
  ['12', '11.19.7'],
])('lmutil %s writes as %s did', (version, name) => {
  expect(dialectOf(version)?.name).toBe(name);
});

test('a vendor has a dialect by its name, in any letter case', () => {
  expect(dialectOf('COMSOL')).toMatchObject({
    name: 'comsol',
    release: '11.19.6',
    pidColumn: false,
  });
  expect(dialectOf('cameo')?.vendorStringBlank).toBe('\\u0020');
});

test('traits go behind a +, each to be used with any dialect', () => {
  expect(dialectOf('9.2+windows')).toEqual({
    ...dialectOf('9.2')!,
    ...{ name: '9.2+windows', windows: true },
  });
  expect(dialectOf('comsol+Windows+doubled-hosts')).toMatchObject({
    ...{ name: 'comsol+windows+doubled-hosts', windows: true, doublesHosts: true },
  });
});

test.each(['', 'v11', '11.x', '11.18.1.0.5', '1e9', '999999', 'acme', '9.2+', '9.2+colour'])(
  '"%s" is no dialect',
  (name) => {
    expect(dialectOf(name)).toBeUndefined();
  },
);

test('what a name may be is told with every vendor and trait', () => {
  expect(DIALECT_NAMES).toBe(
    'a release such as 11.18.1, cameo or comsol, each perhaps with +windows or +doubled-hosts',
  );
});

test('every row is found by its own name, releases oldest first', () => {
  for (const row of [...releaseDialects, ...vendorDialects]) expect(dialectOf(row.name)).toBe(row);
});

test('tools up to 9 exit with 0 whatever happened', () => {
  const silent = releaseDialects.filter((row) => row.exitZero).map((row) => row.name);
  expect(silent).toEqual(['8.4', '9.2']);
});
