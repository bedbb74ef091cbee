// Bundles lmutil into dist/lmutil.cjs: one CommonJS file, since it is started several times a second by
// monitors and both ESM and a tree of modules cost start-up time (bench/lmutil-start.ts). And Artillery's engine into
// dist/artillery.cjs, since Artillery requires it and calls `new` on what it gets.
import { chmodSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';

const path = (relative) => fileURLToPath(new URL(`../${relative}`, import.meta.url));
const out = process.argv[2] ?? path('dist/lmutil.cjs');

const LAZY_PARSER = '\0lazy-binary-parser';
const realParser = createRequire(import.meta.url).resolve('binary-parser');

/**
 * binary-parser takes milliseconds to load, and lmstat's own messages have hand-written readers
 * (src/wire/client-twins.ts): in the bundle it is loaded when the first layout is compiled.
 */
const lazyParser = {
  name: 'lazy-binary-parser',
  resolveId(source, importer) {
    if (source !== 'binary-parser') return null;
    return importer === LAZY_PARSER ? realParser : LAZY_PARSER;
  },
  load(id) {
    if (id !== LAZY_PARSER) return null;
    return `
      export class Parser {
        constructor() {
          const { Parser: Real } = require('binary-parser');
          return new Real();
        }
      }
    `;
  },
};

/** One CommonJS file of all that `input` needs. */
async function bundleOf(input, file, more) {
  const bundle = await rolldown({
    input: path(input),
    platform: 'node',
    external: ['@opentelemetry/api'],
    treeshake: { moduleSideEffects: false },
    plugins: [lazyParser],
  });
  await bundle.write({ file, format: 'cjs', codeSplitting: false, comments: false, ...more });
  await bundle.close();
}

await bundleOf('src/lmutil/main.ts', out, { banner: '#!/usr/bin/env node' });
chmodSync(out, 0o755);
if (process.argv[2] === undefined) {
  await bundleOf('src/artillery/main.ts', path('dist/artillery.cjs'), { exports: 'default' });
}
