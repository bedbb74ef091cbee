// Writes dist/man/*.1 from the tables that --help is made of; part of the build.

import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';

// A flag's default must not come from the environment of whoever builds.
for (const name of Object.keys(process.env))
  if (name.startsWith('FAUXLM_')) delete process.env[name];
const { version } = JSON.parse(readFileSync('package.json', 'utf8'));
const { commands } = await import('../dist/cli/fauxlm-command-line.js');
const { manPages } = await import('../dist/cli/pages/pages.js');
const { renderManPage } = await import('../dist/cli/pages/man-page.js');

mkdirSync('dist/man', { recursive: true });
for (const page of await manPages(commands)) {
  writeFileSync(`dist/man/${page.name}.1`, renderManPage(page, version));
}
