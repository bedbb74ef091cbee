import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { faultNames, faultRow } from '../../../src/daemon/faults/table.ts';

const document = readFileSync('docs/faults.md', 'utf8');
const sections = new Map(
  document
    .split('\n### ')
    .slice(1)
    .map((section) => [section.split('\n')[0]!, section] as const),
);

test('docs/faults.md describes every fault of the table, and no other', () => {
  expect([...sections.keys()].sort()).toEqual([...faultNames].sort());
});

test.each(faultNames)('docs/faults.md says of %s what the table says', (name) => {
  const { summary, sees, example } = faultRow(name);
  const section = sections.get(name)!;
  expect(section.toLowerCase()).toContain(summary.toLowerCase());
  expect(section).toContain(sees);
  expect(section).toContain(`\`${example}\``);
});
