import { spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { ended, environment, Folder } from '../e2e/processes.ts';
import { blocksOf } from './blocks.ts';

/**
 * The commands of these are run as they stand: a block `sh` in bash, with `exit=N` if it is to fail; the lines of a block
 * `text` behind it stand in what it prints; a block with `file=NAME` is that file. Blocks `console` need what CI has not.
 */
const documents = [
  'docs/tutorial.md',
  ...readdirSync('docs/how-to').map((name) => `docs/how-to/${name}`),
];

/** The programs by their names, and npx that finds them: as in a clone that is built. */
function binFolder(): Folder {
  const bin = new Folder();
  for (const name of ['fauxlm', 'lmutil'] as const) bin.program(name);
  bin.script('npx', 'exec "$@"');
  return bin;
}

describe.each(documents)('%s', (document) => {
  const blocks = blocksOf(readFileSync(document, 'utf8'));

  test('its commands do what it says', async () => {
    using bin = binFolder();
    using folder = new Folder();
    const env = environment({ PATH: `${bin.path}:${process.env['PATH']}` });
    let printed = '';
    let ran = 0;
    for (const { line, language, words, text } of blocks) {
      const where = `${document}:${line}`;
      const file = words.get('file');
      if (file !== undefined) folder.file(file, text);
      else if (language === 'sh') {
        const child = spawn('bash', ['-e', '-c', text], { cwd: folder.path, env });
        const { status, out, err } = await ended(child);
        printed = out + err;
        ran++;
        expect(status, `${where}\n${printed}`).toBe(Number(words.get('exit') ?? 0));
      } else if (language === 'text') {
        for (const each of text.trimEnd().split('\n')) expect(printed, where).toContain(each);
      }
    }
    expect(ran).toBeGreaterThan(0);
  });
});

test('every link from document to document leads somewhere', () => {
  const all = readdirSync('docs', { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => join('docs', name));
  const dead = ['README.md', 'examples/README.md', ...all].flatMap((name) => {
    const targets = [...readFileSync(name, 'utf8').matchAll(/\]\(([^)#\s:]+)(?:#[^)]*)?\)/g)];
    return targets
      .filter(([, to]) => !exists(join(name, '..', to!)))
      .map(([, to]) => `${name}: ${to}`);
  });
  expect(dead).toEqual([]);
});

function exists(path: string): boolean {
  try {
    return readdirSync(join(path, '..')).includes(path.split('/').at(-1)!);
  } catch {
    return false;
  }
}

test('docs/README.md leads to every document', () => {
  const index = readFileSync('docs/README.md', 'utf8');
  const missing = readdirSync('docs', { recursive: true, encoding: 'utf8' }).filter(
    (name) => name.endsWith('.md') && name !== 'README.md' && !index.includes(`(${name})`),
  );
  expect(missing).toEqual([]);
});
