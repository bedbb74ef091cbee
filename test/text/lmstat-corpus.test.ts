import { expect } from 'vitest';
import { renderLmstat } from '../../src/text/lmstat.ts';
import { type Dialect, dialectOf } from '../../src/text/lmstat-dialect.ts';
import { testWithCorpus } from './corpus.ts';
import { readLmstat } from './lmstat-reader.ts';

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
const files: readonly (readonly [string, Dialect, boolean])[] = [
  // This one has a few lines of a newer lmutil among the old ones.
  ['exporter-app1.txt', { ...dialectOf('10.8')!, lingerForm: 'remaining' }, false],
  ['exporter-app2.txt', dialectOf('10.8')!, false],
  ['licensestatus-nx-triad.txt', dialectOf('10.8')!, true],
  ['licensestatus-test-dates-borrow-errors.txt', dialectOf('10.8')!, true],
  ['licensestatus-combined-two-daemons.txt', dialectOf('11.6')!, true],
  ['ixia-ixialm-two-versions-linger-win.txt', dialectOf('11.6')!, true],
  ['arcgis-garbage-display.txt', dialectOf('11.16.2')!, true],
  ['autodesk-mapinfo-two-servers-linger.txt', dialectOf('11.16.2')!, true],
  ['comsol-uncounted-nodelocked-win.txt', dialectOf('11.18.1')!, false],
  ['exporter-app4.txt', dialectOf('11.19.6')!, true],
];

for (const [file, dialect, windows] of files) {
  testWithCorpus(
    'a real output, read and rendered again, is the same',
    `lmstat/${file}`,
    (text) => {
      const real = normalized(text);
      const options = { usage: 'all', dialect, windows } as const;
      const ours = normalized([...renderLmstat(readLmstat(real.trimEnd()), options)].join(''));
      expect(ours).toBe(real);
    },
  );
}
