import { expect, test } from 'vitest';
import { dialectOf } from '../../src/text/lmstat-dialect.ts';
import {
  type LicenseRow,
  renderLicenseTable,
  renderToolVersion,
} from '../../src/text/lmstat-table.ts';
import { testWithCorpus } from './corpus.ts';
import { expectGolden } from './golden.ts';
import { reportTime } from './make-report.ts';

const rows: readonly LicenseRow[] = [
  { name: 'solve', version: '2030.0', count: 3, expiry: 'permanent', vendor: 'acmed' },
  { name: 'mesh', version: '12.5', count: 2, expiry: '31-dec-2049', vendor: 'acmed' },
  { name: 'mesh', version: '12.5', count: 2000, expiry: '1-jan-0', vendor: 'acmed' },
  { name: 'free', version: '1.0', count: 0, expiry: '01-jan-0000', vendor: 'betad' },
  {
    ...{ name: 'a_feature_with_a_name_longer_than_its_column', version: '1.0', count: 1 },
    ...{ expiry: '1-jan-2030', vendor: 'betad' },
  },
];

function table(name: string, of: Iterable<LicenseRow> = rows): string {
  const model = { at: reportTime, program: 'lmutil', rows: of } as const;
  return [...renderLicenseTable(model, dialectOf(name)!)].join('');
}

test.each(['10.8', '11.18.1'])('lmstat -i of lmutil %s', (name) => {
  expectGolden(`lmutil/lmstat/table-${name}.txt`, table(name));
});

test('scripts find name, version and count in the first three words', () => {
  expect(table('11.18.1')).toMatch(/^mesh +12.5 +2 /m);
});

testWithCorpus(
  'a real table, read by its columns, comes out the same',
  'lmstat/exporter-i-app1.txt',
  (text) => {
    const start = text.indexOf('Feature  ');
    const real = text.slice(start);
    const read = real
      .trimEnd()
      .split('\n')
      .slice(2)
      .map((line) => {
        const [name = '', version = '', count, expiry = '', vendor = ''] = line.split(/ +/);
        return { name, version, count: Number(count), expiry, vendor };
      });
    const ours = table('10.8', read);
    expect(ours.slice(ours.indexOf('Feature  '))).toBe(real);
  },
);

test('100,000 lines come in pieces', () => {
  const many = (function* () {
    for (let index = 0; index < 100_000; index++) yield { ...rows[0]!, name: `f${index}` };
  })();
  const pieces = [...renderLicenseTable({ at: reportTime, program: 'lmstat', rows: many })];
  expect(pieces.length).toBeGreaterThan(100);
  expect(Math.max(...pieces.map((piece) => piece.length))).toBeLessThan(66_000);
});

test('-v tells release, build and platform; old tools only their name', () => {
  const release = { version: '11.18.1.0', build: 1, platform: 'x64_lsb' };
  const names = { program: 'lmutil', tool: 'lmstat' };
  const [banner, line, end] = renderToolVersion(names, release).split('\n');
  expect(banner).toMatch(/^lm(util|stat) - /);
  expect(line).toMatch(/^lmstat v[0-9.]+ build [0-9]+ x64_lsb$/);
  expect(end).toBe('');
  expect(renderToolVersion(names, release, dialectOf('9.2')!).split('\n')[1]).toBe('lmstat');
});
