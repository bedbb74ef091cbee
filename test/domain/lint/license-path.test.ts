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
  ['65535@[::1]:1@[fe80::1%eth0],27000@b,27000@c'],
  ['@[2001:db8::7]:/opt/lic'],
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
  [
    '99999@host',
    'path-port',
    1,
    6,
    'Write the port of the SERVER line, or @host for 27000 to 27009.',
  ],
  ['1@x:0@host', 'path-port', 5, 6, undefined],
  ['port@host', 'path-port', 1, 5, undefined],
  ['27000@a,x1@b,27000@c', 'path-port', 9, 11, undefined],
  ['27000@', 'path-host', 1, 7, undefined],
  ['27000@a,b,27000@c', 'path-host', 9, 10, undefined],
  ['1@a b', 'path-host', 1, 6, undefined],
  ['1@a@b', 'path-host', 1, 6, undefined],
  ['27000@::1', 'path-host', 1, 10, 'Write 27000@[::1]'],
  ['1@x:27000@fe80::7', 'path-host', 5, 18, 'Write 27000@[fe80::7]'],
  ['/home/a@b/c.lic', 'path-at-in-file', 1, 16, undefined],
  ['1@x:27000@a,27000@b,27000@c,27000@d', 'path-triad-size', 5, 36, undefined],
] as const)('%s: %s, from column %i to before %i', (path, rule, column, endColumn, fix) => {
  const findings = lintLicensePath(path);
  expect(findings).toMatchObject([{ rule, file: 'license path', line: 1, column, endColumn }]);
  if (fix !== undefined) expect(findings[0]?.fix).toBe(fix);
});

test('a path of nothing but separators and signs is judged in no time', () => {
  for (const sign of ['@', ':', '@:', ',', '[', '@[', '@::', '/@']) {
    expect(lintLicensePath(sign.repeat(20_000)).length, sign).toBeLessThanOrEqual(40_000);
  }
});

test('six servers of one port are two triads', () => {
  const path = ['a', 'b', 'c', 'd', 'e', 'f'].map((host) => `27000@${host}`).join(':');
  expect(lintLicensePath(path).map(({ fix }) => fix)).toEqual([
    'Write 27000@a,27000@b,27000@c',
    'Write 27000@d,27000@e,27000@f',
  ]);
});
