import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { commands } from '../../../src/cli/fauxlm-command-line.ts';
import { renderManPage } from '../../../src/cli/pages/man-page.ts';
import { manPages, referencePages } from '../../../src/cli/pages/pages.ts';

const pages = await referencePages(commands);
const manuals = await manPages(commands);

test.each(Object.entries(pages))('docs/reference/%s says what the tables say', (name, text) => {
  const mend = 'npm run build && npm run reference writes it anew';
  expect(readFileSync(`docs/reference/${name}`, 'utf8'), mend).toBe(text);
});

test('docs/reference has the pages that are written, and no other', () => {
  expect(readdirSync('docs/reference').toSorted()).toEqual(Object.keys(pages).toSorted());
});

test('the package names every man page, and no other', () => {
  const { man } = JSON.parse(readFileSync('package.json', 'utf8')) as { man: string[] };
  expect(man.toSorted()).toEqual(manuals.map(({ name }) => `./dist/man/${name}.1`).toSorted());
});

test('a man page keeps what roff would take for its own', () => {
  const text = renderManPage(
    {
      name: 'x',
      summary: 'a "b" -c',
      synopsis: ['x'],
      sections: [{ title: 'A', text: ".lic\n'q'\nC:\\dir" }],
    },
    '1.0',
  );
  expect(text.split('\n').slice(-6)).toEqual(['.nf', '\\&.lic', "\\&'q'", 'C:\\edir', '.fi', '']);
  expect(text).toContain('x \\- a "b" \\-c');
});

const canFormat = spawnSync('groff', ['--version']).status === 0;

test.skipIf(!canFormat)('groff has nothing against any man page', () => {
  const words = ['-man', '-Tascii', '-P-cbou', '-ww'];
  for (const page of manuals) {
    const input = renderManPage(page, '0.0.0');
    const { status, stdout, stderr } = spawnSync('groff', words, { input, encoding: 'utf8' });
    expect({ status, stderr }, page.name).toEqual({ status: 0, stderr: '' });
    expect(stdout, page.name).toContain('NAME');
  }
});
