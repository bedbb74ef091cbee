// Bundles lmutil into dist/lmutil.cjs: one CommonJS file, since it is started several times a second by
// monitors and both ESM and a tree of modules cost start-up time (bench/lmutil-start.ts).
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

const bundle = await rolldown({
  input: path('src/lmutil/main.ts'),
  platform: 'node',
  treeshake: { moduleSideEffects: false },
  plugins: [lazyParser],
});
await bundle.write({
  file: out,
  format: 'cjs',
  codeSplitting: false,
  banner: '#!/usr/bin/env node',
  comments: false,
});
await bundle.close();
chmodSync(out, 0o755);
