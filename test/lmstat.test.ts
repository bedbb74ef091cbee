import { fileURLToPath } from 'node:url';
import { createContext, runInContext } from 'node:vm';
import { rolldown } from 'rolldown';
import { expect, test } from 'vitest';
import type { ParsedLmstat } from '../src/lmstat.ts';
import { parseLmstat } from '../src/lmstat.ts';
import { renderLmstat } from '../src/text/lmstat.ts';
import { makeFullReport } from './text/make-report.ts';

const text = [...renderLmstat(makeFullReport(), { usage: 'all' })].join('');

async function bundled(): Promise<{ readonly code: string; readonly modules: readonly string[] }> {
  const input = fileURLToPath(new URL('../src/lmstat.ts', import.meta.url));
  const bundle = await rolldown({ input, platform: 'browser' });
  const { output } = await bundle.generate({ format: 'iife', name: 'lmstat', minify: true });
  await bundle.close();
  const [chunk] = output;
  return { code: chunk.code, modules: chunk.moduleIds };
}

test('fauxlm/lmstat works where there is nothing but the language, as in a browser', async () => {
  const { code } = await bundled();
  const bare = createContext(Object.assign(Object.create(null), { text }), {
    codeGeneration: { strings: false, wasm: false },
  });
  const found = runInContext(`${code}; JSON.stringify(lmstat.parseLmstat(text))`, bare);
  expect(JSON.parse(found as string)).toEqual(parseLmstat(text));
  expect(parseLmstat(text).unexplained).toEqual([]);
});

test('fauxlm/lmstat loads its own parser and nothing heavy', async () => {
  const { code, modules } = await bundled();
  const inside = modules.map((path) => path.replace(/^.*\/src\//, ''));
  const foreign = inside.filter((path) => !path.startsWith('text/lmstat-parser/'));
  expect(foreign.sort()).toEqual(['base/local-time.ts', 'lmstat.ts']);
  expect(code.length).toBeLessThan(16_000);
});

test('its types tell one kind of feature from another', () => {
  const parsed: ParsedLmstat = parseLmstat(text);
  const features = parsed.servers.flatMap(({ vendors }) =>
    vendors.flatMap((each) => each.features),
  );
  const free = features.map((each) =>
    each.kind === 'counted' ? each.issued - each.used : undefined,
  );
  expect(free).toEqual([2, 1, 0, undefined, undefined, undefined, undefined]);
});
