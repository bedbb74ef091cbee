import { expect } from 'vitest';
import { renderLmstat } from '../../src/text/lmstat.ts';
import { type Dialect, dialectOf } from '../../src/text/lmstat-dialect.ts';
import { parseLmstat } from '../../src/text/lmstat-parser/parse-lmstat.ts';
import { corpusFiles, testWithCorpus } from './corpus.ts';
import { reportOf } from './report-of-parsed.ts';

/** How many of the text's lines match. */
function count(text: string, pattern: RegExp): number {
  return text.match(new RegExp(pattern.source, 'gm'))?.length ?? 0;
}

for (const file of corpusFiles('lmstat')) {
  testWithCorpus('a real output has no line that is not understood', file, (text) => {
    const parsed = parseLmstat(text);
    expect(parsed.unexplained).toEqual([]);
    const vendors = parsed.servers.flatMap((server) => server.vendors);
    const features = vendors.flatMap((vendor) => vendor.features);
    const pools = features.flatMap((feature) => feature.pools);
    const all = <T>(lists: readonly (readonly T[])[]): number => lists.flat().length;
    expect({
      features: features.length,
      pools: pools.filter(({ name }) => name !== '').length,
      users: all(pools.map(({ users }) => users)),
      queued: all(pools.map(({ queued }) => queued)),
      reservations: all(pools.map(({ reservations }) => reservations)),
      hosts: all(parsed.servers.map(({ hosts }) => hosts)),
      rows: parsed.table?.length ?? 0,
    }).toEqual({
      features: count(text, /^Users of /),
      pools: count(text, /^ *"/),
      users: count(text, /\), start /),
      queued: count(text, / queued for /),
      reservations: count(text, / RESERVATION/),
      hosts: count(text, /: license server UP/),
      rows: Math.max(count(text, /^\S+ +[\d.]+ +\d+ +\S/), 0),
    });
  });
}

/**
 * What anonymizing changed goes from both sides: line ends, the banner's owner, a shell's echo, the
 * blanks before names of other lengths, a port that was masked, a second server's name among the
 * users, and the blank lines at the end.
 */
function normalized(text: string): string {
  return `${text
    .replace(/\r/g, '')
    .replace(/^\.\/lmutil.*\n/, '')
    .replace(/^(lmutil|lmstat) - .*/, 'lmutil - owner')
    .replace(/\/port (\d+)\)/g, '/1 $1)')
    .replace(/SERVER\.096\//g, 'SERVER001/')
    .replace(/host3\.domain\.tst\/28000/g, 'host3.domain.tst/27002')
    .replace(/^ *(\S+: (license server )?UP )/gm, '$1')
    .trimEnd()}\n`;
}

/** Real outputs whose values all fit together, and the dialect of the lmutil that printed them. */
const files: readonly (readonly [string, Dialect])[] = [
  // This one has a few lines of a newer lmutil among the old ones.
  ['exporter-app1.txt', { ...dialectOf('10.8')!, lingerForm: 'remaining' }],
  ['exporter-app2.txt', dialectOf('10.8')!],
  ['licensestatus-nx-triad.txt', dialectOf('10.8+windows')!],
  ['licensestatus-test-dates-borrow-errors.txt', dialectOf('10.8+windows')!],
  ['licensestatus-combined-two-daemons.txt', dialectOf('11.6+windows')!],
  ['licensestatus-cannot-connect.txt', dialectOf('11.6+windows')!],
  ['ixia-ixialm-two-versions-linger-win.txt', dialectOf('11.13+windows')!],
  ['arcgis-garbage-display.txt', dialectOf('11.16.2+windows')!],
  ['autodesk-mapinfo-two-servers-linger.txt', dialectOf('11.16.2+windows')!],
  ['comsol-uncounted-nodelocked-win.txt', dialectOf('11.18.1')!],
  ['exporter-app4.txt', dialectOf('comsol+windows')!],
];

for (const [file, dialect] of files) {
  testWithCorpus(
    'a real output, read and rendered again, is the same',
    `lmstat/${file}`,
    (text) => {
      const real = normalized(text);
      const options = { usage: 'all', dialect } as const;
      const ours = [...renderLmstat(reportOf(parseLmstat(real)), options)].join('');
      expect(normalized(ours)).toBe(real);
    },
  );
}
