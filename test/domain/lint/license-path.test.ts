import { expect, test } from 'vitest';
import { lintLicensePath } from '../../../src/domain/lint/lint.ts';

test.each([
  ['27000@alder'],
  ['@alder'],
  ['27000@alder:27001@birch'],
  ['27000@alder:27001@birch:27002@cedar'],
  ['27000@a,27000@b,27000@c'],
  ['27000@a,27000@b,27000@c:28000@d'],
  ['/opt/lic/license.dat:27000@alder'],
  ['C:\\flexlm\\license.dat;27000@alder'],
  ['27000@10.7.0.1;@alder'],
  [''],
])('%s is a license path', (path) => {
  expect(lintLicensePath(path)).toEqual([]);
});

test.each([
  ['27000@a:27000@b:27000@c', 'triad-colons', 1, 24, 'Write 27000@a,27000@b,27000@c'],
  ['1@x:27000@a:27000@b:27000@c', 'triad-colons', 5, 28, 'Write 27000@a,27000@b,27000@c'],
  ['@alder:27000', 'at-host-port', 1, 13, 'Write 27000@alder'],
  ['alder.tallow.example:27000', 'at-host-port', 1, 27, 'Write 27000@alder.tallow.example'],
  ['1@x;@alder:27000', 'at-host-port', 5, 17, 'Write 27000@alder'],
  ['27000@a,27000@b', 'path-triad-size', 1, 16, undefined],
  ['1@x:27000@a,27000@b,27000@c,27000@d', 'path-triad-size', 5, 36, undefined],
] as const)('%s: %s, from column %i to before %i', (path, rule, column, endColumn, fix) => {
  const findings = lintLicensePath(path);
  expect(findings).toMatchObject([{ rule, file: 'license path', line: 1, column, endColumn }]);
  if (fix !== undefined) expect(findings[0]?.fix).toBe(fix);
});

test('six servers of one port are two triads', () => {
  const path = ['a', 'b', 'c', 'd', 'e', 'f'].map((host) => `27000@${host}`).join(':');
  expect(lintLicensePath(path).map(({ fix }) => fix)).toEqual([
    'Write 27000@a,27000@b,27000@c',
    'Write 27000@d,27000@e,27000@f',
  ]);
});
