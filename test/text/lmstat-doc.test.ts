import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import type { Dialect } from '../../src/text/lmstat-dialect.ts';
import { dialectTraits, releaseDialects, vendorDialects } from '../../src/text/lmstat-dialects.ts';
import { parseLmstat } from '../../src/text/lmstat-parser/parse-lmstat.ts';

const page = readFileSync(fileURLToPath(new URL('../../docs/lmstat.md', import.meta.url)), 'utf8');

function fenced(language: string): string {
  return new RegExp(`\`\`\`${language}\n([^]*?)\`\`\``).exec(page)?.[1] ?? '';
}

test('the example of docs/lmstat.md is what the parser makes of it', () => {
  expect(parseLmstat(fenced('text'))).toEqual(JSON.parse(fenced('json')));
});

const leads: Readonly<Record<Dialect['detailLead'], string>> = {
  '  ': 'two blanks',
  '\n': 'an empty line',
  '  \n': 'a line of two blanks',
};

/** A dialect's row, as the table of the page has it. */
function rowOf(row: Dialect): string {
  const yes = (value: boolean): string => (value ? 'yes' : 'no');
  const cells = [
    ...[row.name, leads[row.detailLead], yes(row.showsExpiry), `\`${row.permanentText}\``],
    ...[row.lingerForm === 'total' ? 'total' : 'remaining / total', yes(row.pidColumn)],
    ...[yes(row.headerBlank), row.tableOrder === 'expiresVendor' ? 'vendor' : 'expiry'],
    ...[row.productName, row.exitZero ? '0' : 'code'],
  ];
  return `| ${cells.join(' | ')} |`;
}

test('the table of docs/lmstat.md has every dialect, and as it is', () => {
  const rows = page.split('\n').filter((line) => /^\| (\d|[a-z]+ \| (two|an?) )/.test(line));
  expect(rows).toEqual([...releaseDialects, ...vendorDialects].map(rowOf));
  for (const trait of Object.keys(dialectTraits)) expect(page).toContain(`**\`+${trait}\`**`);
});
