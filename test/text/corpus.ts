import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { test } from 'vitest';

const folder = fileURLToPath(new URL('../../../shared/corpus/', import.meta.url));

/**
 * A test over one file of the corpus of real outputs, which lies beside the repository and is no
 * part of it. Where it is missing the test is skipped, and its title says so.
 */
export function testWithCorpus(
  title: string,
  path: string,
  body: (text: string) => void | Promise<void>,
): void {
  const file = `${folder}${path}`;
  if (existsSync(file)) {
    test(`${title} (${path})`, () => body(readFileSync(file, 'utf8')));
    return;
  }
  console.log(`skipped: "${title}" needs the corpus file ${path}, which is not here`);
  test.skip(`${title}: no corpus file ${path} here`);
}

/** The paths of a folder's files; where there is no corpus, one that is not there: its test says so. */
export function corpusFiles(part: string): readonly string[] {
  const there = existsSync(`${folder}${part}`);
  return there ? readdirSync(`${folder}${part}`).map((file) => `${part}/${file}`) : [`${part}/*`];
}

/** Where a file of the corpus lies. */
export function corpusPath(path: string): string {
  return `${folder}${path}`;
}
