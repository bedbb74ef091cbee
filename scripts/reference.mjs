// Writes docs/reference/*.md from the tables of the built program: npm run build && npm run reference.

import { mkdirSync, writeFileSync } from 'node:fs';

// A flag's default must not come from the environment of whoever writes the pages.
for (const name of Object.keys(process.env))
  if (name.startsWith('FAUXLM_')) delete process.env[name];
const { commands } = await import('../dist/cli/fauxlm-command-line.js');
const { referencePages } = await import('../dist/cli/pages/pages.js');

mkdirSync('docs/reference', { recursive: true });
for (const [name, text] of Object.entries(await referencePages(commands))) {
  writeFileSync(`docs/reference/${name}`, text);
}
