import { expect, test } from 'vitest';
import { renderLmstat } from '../../src/text/lmstat.ts';
import { dialectOf } from '../../src/text/lmstat-dialect.ts';
import { expectGolden } from './golden.ts';
import {
  makeFeature,
  makeFullReport,
  makePool,
  makeReport,
  makeServer,
  makeUser,
  makeVendor,
} from './make-report.ts';

/** What dialects differ in: names in capitals, errors, a vendor string, a linger, a pid, no expiry. */
function makeTellingReport() {
  const linger = { remainingSeconds: 600, totalSeconds: 3_600 };
  const pool = makePool({
    vendorString: 'edition=10 Seats|protected=ffffffff|',
    entries: [makeUser({ count: 2, pid: 4711, linger, borrowed: true }), makeUser({ pid: 4712 })],
  });
  const refused = { major: -15, minor: 570, sys: 111, sysText: 'Connection refused' };
  return makeReport({
    sections: [
      makeServer({
        hosts: [
          { name: 'ALPHA', state: 'up', master: true, version: '11.18.1' },
          { name: 'BETA', state: 'unreachable', refusal: refused },
        ],
        vendors: [
          makeVendor({ features: [makeFeature({ used: 3, pools: [pool] })] }),
          makeVendor({
            ...{ name: 'betad', state: { kind: 'down', refusal: { major: -97, minor: 121 } } },
            features: [{ kind: 'error', name: 'view', refusal: { major: -97, minor: 121 } }],
          }),
        ],
      }),
      { kind: 'failure', step: 'gettingStatus', refusal: refused },
      {
        ...{ kind: 'failure', step: 'reachingLmgrd' },
        refusal: { major: -96, minor: 7, sys: 2, sysText: 'No such file or directory' },
      },
    ],
  });
}

test.each([
  ...['8.4', '10.8', '11.6', '11.13', '11.14.1', '11.16.2', '11.18.1', '11.19.6', '11.19.7'],
  ...['cameo', 'comsol', '9.2+windows', '11.16.2+windows+doubled-hosts'],
])('what is particular to dialect %s', (name) => {
  const options = { usage: 'all', dialect: dialectOf(name)! } as const;
  const text = [...renderLmstat(makeTellingReport(), options)].join('');
  expectGolden(`lmutil/lmstat/dialect-${name}.txt`, text);
});

test('each vendor daemon may have a dialect of its own, which a choice overrules', () => {
  const vendors = [
    makeVendor({ dialect: 'comsol' }),
    makeVendor({ name: 'betad', dialect: '13-unknown' }),
  ];
  const report = makeReport({ sections: [makeServer({ vendors })] });
  const details = (options: object): (string | undefined)[] => {
    const text = [...renderLmstat(report, { usage: 'all', ...options })].join('');
    return [...text.matchAll(/in use\)\n\n([^"]*"solve" [^\n]*)/g)].map(([, detail]) => detail);
  };
  const [atMargin, indented] = ['\n', '  '].map(
    (lead) => `${lead}"solve" v1.0, vendor: acmed, expiry: permanent(no expiration date)`,
  );
  expect(details({})).toEqual([atMargin, indented]);
  expect(details({ dialect: dialectOf('11.18.1') })).toEqual([indented, indented]);
});

test('the default dialect is the one of 11.18.1, to the byte', () => {
  const render = (dialect?: string): string => {
    const named = dialect === undefined ? {} : { dialect: dialectOf(dialect)! };
    return [...renderLmstat(makeFullReport(), { usage: 'all', ...named })].join('');
  };
  expect(render()).toBe(render('11.18.1'));
});
