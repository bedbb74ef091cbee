import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { flexnetErrors } from '../../src/base/flexnet-errors.ts';
import { provocations } from '../../src/base/flexnet-provocations.ts';
import { renderLongError, renderShortError } from '../../src/text/error-message.ts';
import { lines } from '../lmutil/test-io.ts';
import { producers } from './producers.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'errors-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('each error that fauxlm says how to provoke comes when that is done', () => {
  test.each([...provocations])('%d: %s', async (code) => {
    const provoke = producers[code];
    expect(provoke, `test/errors/producers.ts has a producer of ${code}`).toBeDefined();
    const got = await provoke!({
      file: (name, ...rows) => {
        const path = join(folder, `${-code}-${name}`);
        writeFileSync(path, lines(...rows));
        return path;
      },
      defer: (end) => onTestFinished(() => void end()),
    });
    expect(got).toBe(code);
  });
});

test('no producer stands for a code without a line', () => {
  expect(
    Object.keys(producers)
      .map(Number)
      .filter((code) => !provocations.has(code)),
  ).toEqual([]);
});

test('every code that the sources answer with has a line that says how to provoke it', () => {
  const sources = readdirSync('src', { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('.ts'),
  );
  const answered = new Set(
    sources.flatMap((name) =>
      [...readFileSync(join('src', name), 'utf8').matchAll(/\bmajor: (-\d+)/g)].map(([, code]) =>
        Number(code),
      ),
    ),
  );
  const silent = [...answered].filter((code) => !provocations.has(code)).sort((a, b) => b - a);
  const mend = 'write its line in src/base/flexnet-provocations.ts, its producer in test/errors';
  expect(silent, mend).toEqual([]);
});

test('each error has a short form of one line, and a long one that names the command to read on', () => {
  for (const [major, { text }] of flexnetErrors) {
    const refusal = { major, minor: 7 };
    expect(renderShortError(refusal)).toBe(`${text} (${major},7)`);
    const long = renderLongError({ refusal, feature: 'solve', separator: ':' });
    expect(long.split('\n')).toEqual([
      text,
      'Feature:       solve',
      `FlexNet Licensing error:${major},7`,
      `For further information on this error, run "fauxlm errors ${major}".`,
      '',
    ]);
  }
});
