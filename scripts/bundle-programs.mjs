// Bundles the programs that serve: a server's start is mostly the loading of some 500 small modules. Each entry and
// the parts they share come into dist/cli/, in the place of what tsc made of the entries; everything else of dist/
// stays as it is, for the library. What is loaded when it is needed stays a file of its own.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';

const path = (relative) => fileURLToPath(new URL(`../${relative}`, import.meta.url));
const require = createRequire(import.meta.url);

/** Programs look for each other beside themselves. */
const entries = {
  fauxlm: 'src/cli/fauxlm.ts',
  lmgrd: 'src/cli/lmgrd.ts',
  'vendor-main': 'src/daemon/vendor-main.ts',
  'worker-main': 'src/load/worker-main.ts',
  'sweep-worker': 'src/plan/sweep/sweep-worker.ts',
  'pack-worker': 'src/plan/store/pack-worker.ts',
};

/** tsconfig.json names its types only. */
const realParser = {
  name: 'real-binary-parser',
  resolveId: (source) => (source === 'binary-parser' ? require.resolve(source) : null),
};

/** The folder of the package that a module is of. */
function packageOf(module) {
  const [, folder] = /^(.*\/node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(module) ?? [];
  return folder;
}

/** Who takes other people's code along takes their terms along. */
function noticeOf(folder) {
  const { name, version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const files = readdirSync(folder).filter((file) => /^(licen[cs]e|notice)/i.test(file));
  const terms = files.map((file) => readFileSync(join(folder, file), 'utf8').trim());
  return [`${name} ${version} (${license})`, ...terms].join('\n\n');
}

const bundle = await rolldown({
  input: Object.fromEntries(Object.entries(entries).map(([name, file]) => [name, path(file)])),
  platform: 'node',
  // The one starts its threads from a file beside its own, the other is there if the user has it.
  external: ['piscina', '@opentelemetry/api'],
  plugins: [realParser],
});
const { output } = await bundle.write({ dir: path('dist/cli'), format: 'esm', comments: false });
await bundle.close();

const modules = output.flatMap((chunk) => chunk.moduleIds ?? []);
const packages = [...new Set(modules.flatMap((module) => packageOf(module) ?? []))].sort();
const rule = `\n\n${'-'.repeat(79)}\n\n`;
const intro = 'The programs in cli/ and lmutil.cjs contain these packages, under their own terms:';
writeFileSync(
  path('dist/third-party-licenses.txt'),
  `${[intro, ...packages.map(noticeOf)].join(rule)}\n`,
);
