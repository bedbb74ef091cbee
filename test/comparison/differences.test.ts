import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compareStandings, type Difference } from '../../src/comparison/differences.ts';
import { DIFFERENCES_SHOWN_MAX, renderComparison } from '../../src/comparison/render.ts';
import { standingOf } from '../../src/comparison/standing.ts';
import { renderLmstat } from '../../src/text/lmstat.ts';
import { parseLmstat } from '../../src/text/lmstat-parser/parse-lmstat.ts';
import { corpusFiles, testWithCorpus } from '../text/corpus.ts';
import { dialectNames, optionsFor, reports } from '../text/lmstat-arbitraries.ts';

const text = `License server status: 27000@alpha
    License file(s) on alpha: /opt/acme/acme.lic:

     alpha: license server UP (MASTER) v11.18.1

Vendor daemon status (on alpha):

     acmed: UP v11.18.1
Feature usage info:

Users of solve:  (Total of 3 licenses issued;  Total of 3 licenses in use)

  "solve" v2030.0, vendor: acmed, expiry: 31-dec-2049
  vendor_string: site 7
  floating license

    ann ws1 /dev/pts/1 (v1.0) (alpha/27000 101), start Mon 3/9 8:49, 2 licenses
    1 RESERVATION for GROUP crew (alpha/27000)
    ben ws2 :0 (v1.0) (alpha/27000 102) queued for 1 license

Users of mesh:  (Total of 5 licenses issued;  Total of 0 licenses in use)

Users of view:  (Uncounted, node-locked)

NOTE: lmstat -i does not give information from the server,

Feature                         Version     #licenses    Vendor        Expires
_______                         _________   _________    ______        ________
solve                           2030.0      3            acmed         31-dec-2049
mesh                            1.0         2            acmed         permanent(no expiration date)
mesh                            1.000       3            acmed         1-jan-0
view                            1.0         uncounted    acmed         permanent
`;

function differences(theirs: string, ours: string, usage = true): readonly Difference[] {
  const [left, right] = [theirs, ours].map((each) => standingOf(parseLmstat(each)));
  return compareStandings(left!, right!, { usage }).differences;
}

/** Each difference on a line: what, theirs, ours. */
function told(theirs: string, ours: string, usage = true): readonly string[] {
  return differences(theirs, ours, usage).map((each) => {
    const place = [each.vendor, each.feature].filter((word) => word !== undefined).join(' ');
    return `${place}: ${each.what}: ${each.theirs} | ${each.ours}`;
  });
}

test('a text does not differ from itself; the two are counted', () => {
  const standing = standingOf(parseLmstat(text));
  const comparison = compareStandings(standing, standing, { usage: true });
  expect(comparison.differences).toEqual([]);
  expect(comparison.compared).toEqual({ vendors: 1, features: 3, lines: 3, users: 1 });
  expect(renderComparison(comparison)).toBe(
    'the same: 1 vendor daemon, 3 features, 3 license lines, 1 user\n',
  );
});

describe('what is the same though it reads differently', () => {
  const changes: readonly (readonly [string, (text: string) => string])[] = [
    ['ports, hosts and paths of the server', (each) => each.replaceAll('alpha', 'beta')],
    ['handles', (each) => each.replace('27000 101', '27000 9')],
    ['when a license went out', (each) => each.replace('Mon 3/9 8:49', 'Tue 3/10 12:00')],
    ['spellings of a version', (each) => each.replaceAll('2030.0', '2030.000')],
    ['spellings of never', (each) => each.replace(/ permanent$/m, ' 01-jan-0000')],
    ['letter case of names', (each) => each.replaceAll(/\bsolve\b/g, 'SOLVE')],
    ['spacing and line ends', (each) => each.replaceAll('\n', '\r\n').replaceAll(/^ +/gm, ' ')],
    ['an expiry that a dialect does not tell', (each) => each.replace(', expiry: 31-dec-2049', '')],
    [
      'one line of the sum',
      (each) =>
        each
          .replace(/^mesh .* 2 .*\n/m, '')
          .replace('3            acmed         1-j', '5            acmed         1-j'),
    ],
    [
      'the order of features',
      (each) => {
        const mesh = /Users of mesh:.*\n\n/.exec(each)![0];
        return each.replace(mesh, '').replace('Users of solve', `${mesh}Users of solve`);
      },
    ],
  ];
  test.each(changes)('%s', (_, change) => {
    const changed = change(text);
    expect(changed).not.toBe(text);
    expect(told(text, changed)).toEqual([]);
    expect(told(changed, text)).toEqual([]);
  });
});

describe('what differs', () => {
  const changes: readonly (readonly [string, string | RegExp, string, readonly string[]])[] = [
    ['a count', 'Total of 5', 'Total of 6', ['acmed mesh: licenses issued: 5 | 6']],
    [
      'a line',
      /^mesh +1\.0 +2/m,
      'mesh 2.0 2',
      ['acmed mesh: license lines: 5 of v1, permanent | 3 of v1, permanent; 2 of v2, permanent'],
    ],
    [
      'an expiry',
      'expiry: 31-dec-2049',
      'expiry: 31-dec-2050',
      ['acmed solve: v2030 expiry: expires 2049-12-31 | expires 2050-12-31'],
    ],
    [
      'a vendor string',
      '  vendor_string: site 7\n',
      '',
      ['acmed solve: v2030 vendor string: site 7 | none'],
    ],
    [
      'a lock',
      'floating license',
      'nodelocked license, locked to "ID=1"',
      ['acmed solve: v2030 lock: floating | nodelocked ID=1'],
    ],
    [
      'a user',
      'ann ws1',
      'eve ws1',
      [
        'acmed solve: used by ann ws1 /dev/pts/1, version 1: 2 | none',
        'acmed solve: used by eve ws1 /dev/pts/1, version 1: none | 2',
      ],
    ],
    [
      'who waits',
      'queued for 1',
      'queued for 2',
      ['acmed solve: queued ben ws2 :0, version 1: 1 | 2'],
    ],
    [
      'a reservation',
      'GROUP crew',
      'USER zed',
      [
        'acmed solve: reserved for GROUP crew: 1 | none',
        'acmed solve: reserved for USER zed: none | 1',
      ],
    ],
    [
      'a feature that is not served',
      /Users of mesh:.*\n\n/,
      '',
      ['acmed mesh: in lmstat: shown | none'],
    ],
    [
      'a kind',
      '(Uncounted, node-locked)',
      '(Total of 1 license issued;  Total of 0 licenses in use)',
      ['acmed view: is: uncounted | counted'],
    ],
    [
      'a daemon that is down: nothing more is said of it',
      /acmed: UP v11.18.1\n.*?\n\nNOTE/s,
      'acmed: The desired vendor daemon is down. (-97,121)\n\nNOTE',
      ['acmed: vendor daemon: up | down'],
    ],
    [
      'another daemon',
      /acmed/g,
      'otherd',
      ['acmed: vendor daemon: there | none', 'otherd: vendor daemon: none | there'],
    ],
  ];
  test.each(changes)('%s', (_, from, to, expected) => {
    expect(told(text, text.replace(from, to))).toEqual(expected);
  });

  test('who uses what only when that is asked for', () => {
    const others = text
      .replace('ann ws1', 'eve ws1')
      .replace('Total of 3 licenses in', 'Total of 2 licenses in')
      .replace('Total of 5', 'Total of 6');
    expect(told(text, others, false)).toEqual(['acmed mesh: licenses issued: 5 | 6']);
  });

  test('license lines only when both tell them', () => {
    const [usage = ''] = text.split('NOTE');
    expect(told(text, usage)).toEqual([]);
    expect(told(usage, text.replace(/^mesh +1\.0 +2/m, 'mesh 2.0 2'))).toEqual([]);
  });
});

test('features of Siemens, whose names differ in letter case only, are different ones', () => {
  const both = text.replaceAll('acmed', 'ugslmd').replaceAll('mesh', 'SOLVE');
  expect(told(both, both)).toEqual([]);
  expect(told(both, both.replace('Total of 5', 'Total of 6'))).toEqual([
    'ugslmd SOLVE: licenses issued: 5 | 6',
  ]);
});

test('a table of many differences ends, and says how many are left', () => {
  const many = Array.from({ length: DIFFERENCES_SHOWN_MAX + 5 }, (_, at) => {
    return { vendor: 'acmed', feature: `f${at}`, what: 'licenses issued', theirs: '1', ours: '2' };
  });
  const compared = { vendors: 1, features: many.length, lines: 0, users: 0 };
  const lines = renderComparison({ differences: many, compared }).trimEnd().split('\n');
  expect(lines.slice(0, 2).map((line) => line.split(/ {2,}/))).toEqual([
    ['what', 'theirs', 'ours'],
    ['acmed f0: licenses issued', '1', '2'],
  ]);
  expect(lines.slice(-3)).toEqual([
    '... and 5 more',
    '',
    '1005 differences in 1 vendor daemon, 1005 features',
  ]);
});

test.each(dialectNames)('whatever a report holds, dialect %s tells no difference', (name) => {
  const numRuns = Number(process.env['FAUXLM_FUZZ'] ?? 40);
  fc.assert(
    fc.property(reports, optionsFor(name), (report, options) => {
      const { dialect: _, ...plain } = options;
      const [theirs, ours] = [options, plain].map((each) =>
        [...renderLmstat(report, each)].join(''),
      );
      expect(told(theirs!, ours!)).toEqual([]);
    }),
    { numRuns },
  );
});

for (const path of corpusFiles('lmstat')) {
  testWithCorpus('a real output does not differ from itself', path, (real) => {
    expect(differences(real, real)).toEqual([]);
  });
}
