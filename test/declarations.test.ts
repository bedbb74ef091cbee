import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';

/** The built declarations that a user's compiler reads, from the package's entry on. */
function reached(path: string, seen = new Map<string, string>()): Map<string, string> {
  if (seen.has(path)) return seen;
  const text = readFileSync(path, 'utf8');
  seen.set(path, text);
  for (const [, target = ''] of text.matchAll(/(?:from |import\()'([^']+)'/g)) {
    if (target.startsWith('.')) {
      reached(join(dirname(path), target.replace(/\.ts$/, '.d.ts')), seen);
    } else seen.set(`${path}: ${target}`, '');
  }
  return seen;
}

// .ci/packed has a compiler say so, against the installed package; this here is quick.
test('our types need those of nobody else: no package, nothing of Node', () => {
  const files = reached('dist/index.d.ts');
  expect([...files.keys()].filter((name) => name.includes(': '))).toEqual([]);
  const code = (text: string) => text.replaceAll(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, '');
  const ofNode = [...files].filter(([, text]) => /\b(Buffer|NodeJS)\b/.test(code(text)));
  expect(ofNode.map(([name]) => name)).toEqual([]);
  expect(files.size).toBeGreaterThan(10);
});
