import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { errorCodes } from '../../src/base/errors.ts';
import { routes } from '../../src/control/routes.ts';

const document = readFileSync('docs/control-plane.md', 'utf8');

test('docs/control-plane.md has each route, and no other', () => {
  const documented = [...document.matchAll(/^\| `((?:GET|POST|DELETE) \S+)` \|/gm)].map(
    ([, row]) => row,
  );
  expect(documented).toEqual(routes.map(({ method, path }) => `${method} ${path}`));
});

test('docs/control-plane.md has each error of the control plane, under the status it comes with', () => {
  const rows = [...document.matchAll(/^\| (\d{3}(?:, \d{3})*) \| (.*) \|$/gm)];
  const documented = rows.flatMap(([, statuses, text]) => {
    const codes = [...text!.matchAll(/`((?:CONTROL|CLOCK)_[A-Z_]+)`/g)].map(([, code]) => code!);
    const list = statuses!.split(', ').map(Number);
    return codes.map((code, index) => [code, list.length === 1 ? list[0] : list[index]]);
  });
  const known = Object.entries(errorCodes)
    .filter(([code]) => /^(CONTROL|CLOCK)_/.test(code))
    .map(([code, { http }]) => [code, http]);
  expect(documented.sort()).toEqual(known.sort());
});

test("the README lists the library's error codes, all of them and no other", () => {
  const readme = readFileSync('README.md', 'utf8');
  const section = readme.split('### Errors\n')[1]!.split('\n## ')[0]!;
  const listed = [...section.matchAll(/`([A-Z]+(?:_[A-Z]+)*)`/g)].map(([, code]) => code);
  expect(listed.sort()).toEqual(Object.keys(errorCodes).sort());
});
