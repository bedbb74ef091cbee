import { describe, expect, test } from 'vitest';
import { dupGroupText } from '../../../src/domain/ledger/dup-groups.ts';
import { type PoolPolicy, poolDefinitions } from '../../../src/domain/license/pools.ts';
import { parseLicense } from '../language/make.ts';

const policy: PoolPolicy = {
  poolByVendorString: false,
  poolBySerialNumber: false,
  sort: 'lowerVersionFirst',
};

/** The pools of acmed in these files. */
function definitionsOf(texts: readonly string[], overrides: Partial<PoolPolicy> = {}) {
  return poolDefinitions(texts.map(parseLicense), 'acmed', { ...policy, ...overrides });
}

/** `solve v1.0: 1 3`, the feature, its version and the lines of each pool, in one file of these lines. */
function poolsOf(lines: readonly string[], overrides: Partial<PoolPolicy> = {}): readonly string[] {
  return definitionsOf([lines.join('\n')], overrides).map(
    ({ feature, version, lines: members }) =>
      `${feature} v${version}: ${members.map(({ line }) => line).join(' ')}`,
  );
}

/** `INCREMENT solve acmed 1.0 permanent 1` and these words. */
const increment = (words = ''): string => `INCREMENT solve acmed 1.0 permanent 1 ${words}`;

describe('FEATURE and INCREMENT', () => {
  test('INCREMENT lines of one kind add up', () => {
    const [pool, ...others] = definitionsOf([`${increment()}\n${increment()}\n`]);
    expect(others).toEqual([]);
    expect(pool).toMatchObject({
      feature: 'solve',
      vendor: 'acmed',
      version: '1.0',
      counted: true,
      dupGroup: { kind: 'none' },
    });
    expect(pool?.lines.map(({ line }) => line)).toEqual([1, 2]);
  });

  test('of counted FEATURE lines only the first counts, in whichever version, pool and file', () => {
    const feature = (version: string, words = ''): string =>
      `FEATURE solve acmed ${version} permanent 5 ${words}`;
    expect(
      poolsOf([feature('1.0'), feature('1.0'), feature('2.0'), feature('1.0', 'HOSTID=ANY')]),
    ).toEqual(['solve v1.0: 1']);
    expect(definitionsOf([feature('2.0'), feature('1.0')]).map(({ version }) => version)).toEqual([
      '2.0',
    ]);
  });

  test('a FEATURE line and INCREMENT lines add up, whichever is first', () => {
    const feature = 'FEATURE solve acmed 1.0 permanent 5';
    expect(poolsOf([increment(), feature, increment(), feature])).toEqual(['solve v1.0: 1 2 3']);
  });

  test('uncounted FEATURE lines all count', () => {
    const uncounted = (hostid: string): string =>
      `FEATURE solve acmed 1.0 permanent uncounted HOSTID=${hostid}`;
    expect(
      poolsOf([uncounted('ID=1'), uncounted('ID=2'), 'FEATURE solve acmed 1.0 permanent 5']),
    ).toEqual(['solve v1.0: 1', 'solve v1.0: 2', 'solve v1.0: 3']);
    const pools = definitionsOf([
      ['0200000000a1', '0200000000a2', '0200000000A1'].map(uncounted).join('\n'),
    ]);
    expect(pools.map(({ hostids, counted, lines }) => [hostids, counted, lines.length])).toEqual([
      [['0200000000a1'], false, 2],
      [['0200000000a2'], false, 1],
    ]);
  });
});

/** Two lines whose words differ so are two pools. */
const separate: readonly (readonly [a: string, b: string])[] = [
  ['', 'DUP_GROUP=U'],
  ['DUP_GROUP=U', 'DUP_GROUP=UH'],
  ['DUP_GROUP=SITE', 'DUP_GROUP=UHDV'],
  ['', 'FLOAT_OK'],
  ['FLOAT_OK', 'FLOAT_OK=0200000000a1'],
  ['', 'HOST_BASED'],
  ['HOST_BASED=2', 'HOST_BASED=3'],
  ['', 'USER_BASED'],
  ['USER_BASED', 'HOST_BASED'],
  ['', 'HOSTID=ANY'],
  ['HOSTID=ID=1', 'HOSTID="ID=1 ID=2"'],
  ['HOSTID=USER=ann', 'HOSTID=USER=Ann'],
  ['HOSTID=DISPLAY=a', 'HOSTID=display=A'],
  ['', 'PLATFORMS=x64_lsb'],
  ['PLATFORMS=x64_lsb', 'PLATFORMS="x64_lsb i86_n"'],
];

/** Two lines whose words differ so add up. */
const together: readonly (readonly [a: string, b: string])[] = [
  ['', 'DUP_GROUP=NONE'],
  ['DUP_GROUP=UHD', 'dup_group=dhu'],
  ['HOSTID=aabbccddeeff', 'HOSTID=AABBCCDDEEFF'],
  ['HOSTID=USER=ann', 'HOSTID=user=ann'],
  ['PLATFORMS=x64_lsb', 'PLATFORMS=X64_LSB'],
  ['VENDOR_STRING=a', 'VENDOR_STRING=b'],
  ['SN=1', 'SN=2'],
  ['SIGN=00', 'SIGN=11'],
  ['', 'START=1-jan-2020 ISSUED=1-jan-2020'],
  ['', 'BORROW OVERDRAFT=2 NOTICE=x ISSUER=y asset_info=z TS_OK'],
];

describe('what makes pools', () => {
  test.each(separate)('"%s" and "%s" are two pools', (a, b) => {
    expect(poolsOf([increment(a), increment(b)])).toHaveLength(2);
  });

  test.each(together)('"%s" and "%s" are one pool', (a, b) => {
    expect(poolsOf([increment(a), increment(b)])).toEqual(['solve v1.0: 1 2']);
  });

  test('lines of other versions are other pools, however equal versions are written', () => {
    const version = (text: string): string => `INCREMENT solve acmed ${text} permanent 1`;
    expect(poolsOf([version('1.0'), version('1.00'), version('1.1'), version('1')])).toEqual([
      'solve v1.0: 1 2 4',
      'solve v1.1: 3',
    ]);
  });

  test('lines that expire on other days are one pool, which shrinks', () => {
    expect(poolsOf([increment(), 'INCREMENT solve acmed 1.0 1-jan-2031 4'])).toEqual([
      'solve v1.0: 1 2',
    ]);
  });

  test('counted and uncounted lines are two pools', () => {
    const pools = definitionsOf([
      `${increment('HOSTID=ANY')}\nINCREMENT solve acmed 1.0 permanent 0 HOSTID=ANY`,
    ]);
    expect(pools.map(({ counted }) => counted)).toEqual([false, true]);
  });

  test('vendor strings and serial numbers make pools where the vendor says so', () => {
    const strings = [increment('VENDOR_STRING=b'), increment('VENDOR_STRING=a'), increment()];
    expect(poolsOf(strings, { poolByVendorString: true })).toEqual([
      'solve v1.0: 3',
      'solve v1.0: 2',
      'solve v1.0: 1',
    ]);
    const numbers = [increment('SN=1'), increment('SN=2'), increment('SN=1')];
    expect(poolsOf(numbers, { poolBySerialNumber: true })).toEqual([
      'solve v1.0: 1 3',
      'solve v1.0: 2',
    ]);
  });

  test('features of a serial number share its seats where the vendor says so', () => {
    const lines = [
      increment('SN=1'),
      increment(),
      'INCREMENT any acmed 1.0 permanent 0 SN=1 HOSTID=ANY',
      'PACKAGE kit acmed 1.0 COMPONENTS=part OPTIONS=SUITE',
      'INCREMENT kit acmed 1.0 permanent 1 SN=1',
      'PACKAGE plain acmed 1.0 COMPONENTS=piece',
      'INCREMENT plain acmed 1.0 permanent 1 SN=1',
    ];
    const sharing = (overrides: Partial<PoolPolicy>) =>
      definitionsOf([lines.join('\n')], overrides).map(
        ({ feature, serialNumber = '-', serialSharing }) =>
          `${feature} ${serialNumber} ${serialSharing === undefined ? 'alone' : dupGroupText(serialSharing)}`,
      );
    expect(sharing({ poolBySerialNumber: true, serialSharing: 'UH' })).toEqual([
      'solve 1 UH',
      'solve - alone',
      'any 1 alone',
      'kit 1 UH',
      'part 1 alone',
      'piece 1 UH',
    ]);
    expect(sharing({ poolBySerialNumber: true }).filter((pool) => !pool.endsWith('alone'))).toEqual(
      [],
    );
  });

  test('a pool shows what its lines have in common', () => {
    const [pool] = definitionsOf([
      increment('DUP_GROUP=UH HOSTID="ID=1 ID=2" PLATFORMS=x64_lsb VENDOR_STRING=a'),
    ]);
    expect(pool).toMatchObject({
      dupGroup: { kind: 'fields', user: true, host: true, display: false, vendor: false },
      hostids: ['ID=1', 'ID=2'],
      platforms: ['x64_lsb'],
      vendorString: 'a',
    });
  });

  test('a pool keeps its id when its lines are reread in other words', () => {
    const [before] = definitionsOf([increment('DUP_GROUP=UH SN=1 HOSTID=aabbccddeeff')]);
    const [after] = definitionsOf([
      '# why\nIncrement SOLVE acmed 1.00 1-jan-2031 7 hostid=AABBCCDDEEFF dup_group=hu SN=2',
    ]);
    expect(after?.id).toBe(before?.id);
    const [first, second] = definitionsOf([
      `INCREMENT solve acmed 0.5 permanent 4\n${increment('DUP_GROUP=UH')}`,
    ]);
    expect(first?.id).not.toBe(second?.id);
  });
});

describe('letter case of feature names', () => {
  const lines = ['Solve', 'solve', 'SOLVE'].map((name) => `FEATURE ${name} acmed 1.0 permanent 5`);
  const increments = lines.map((line) => line.replace('FEATURE', 'INCREMENT'));

  test('is nothing to most vendors: one feature, spelled as on its first line', () => {
    expect(poolsOf(lines)).toEqual(['Solve v1.0: 1']);
    expect(poolsOf(increments, { caseSensitive: false })).toEqual(['Solve v1.0: 1 2 3']);
  });

  test('makes features of their own for a vendor that regards it', () => {
    const separately = ['Solve v1.0: 1', 'solve v1.0: 2', 'SOLVE v1.0: 3'];
    expect(poolsOf(lines, { caseSensitive: true })).toEqual(separately);
    expect(poolsOf(increments, { caseSensitive: true })).toEqual(separately);
    const ids = definitionsOf([increments.join('\n')], { caseSensitive: true }).map(({ id }) => id);
    expect(new Set(ids).size).toBe(3);
  });
});

describe('the order in which pools are tried', () => {
  const named = (name: string, version = '1.0', words = ''): string =>
    `INCREMENT ${name} acmed ${version} permanent 1 ${words}`;

  test("is that of the features' first lines", () => {
    expect(poolsOf([named('b'), named('a'), named('b', '2.0')])).toEqual([
      'b v1.0: 1',
      'b v2.0: 3',
      'a v1.0: 2',
    ]);
  });

  test('takes lower versions first, or higher ones, as the vendor does', () => {
    const lines = ['1.9', '1.10', '10', '2'].map((version) => named('f', version));
    expect(poolsOf(lines)).toEqual(['f v1.10: 2', 'f v1.9: 1', 'f v2: 4', 'f v10: 3']);
    expect(poolsOf(lines, { sort: 'higherVersionFirst' })).toEqual([
      'f v10: 3',
      'f v2: 4',
      'f v1.9: 1',
      'f v1.10: 2',
    ]);
  });

  test('takes FEATURE before INCREMENT, and uncounted before counted', () => {
    expect(
      poolsOf([
        named('f', '1.0', 'DUP_GROUP=U'),
        'INCREMENT f acmed 2.0 permanent uncounted HOSTID=ANY',
        'FEATURE f acmed 3.0 permanent 1',
        'FEATURE f acmed 4.0 permanent 0 HOSTID=ANY',
      ]),
    ).toEqual(['f v4.0: 4', 'f v3.0: 3', 'f v2.0: 2', 'f v1.0: 1']);
  });

  test('takes the vendor string before all that, even where it makes no pools', () => {
    expect(
      poolsOf([named('f', '1.0', 'VENDOR_STRING=b'), named('f', '2.0', 'VENDOR_STRING=a')]),
    ).toEqual(['f v2.0: 2', 'f v1.0: 1']);
  });

  test('takes one after the other: vendor string, keyword, counting, version', () => {
    const lines = [
      named('f', '1.0', 'VENDOR_STRING=b'),
      named('f', '1.0', 'VENDOR_STRING=a'),
      named('f', '1.0'),
      'INCREMENT f acmed 2.0 permanent uncounted',
      'FEATURE f acmed 3.0 permanent 4',
    ];
    expect(poolsOf(lines, { poolByVendorString: true })).toEqual([
      'f v3.0: 5',
      'f v2.0: 4',
      'f v1.0: 3',
      'f v1.0: 2',
      'f v1.0: 1',
    ]);
  });

  test('takes what was issued last, or starts last, first', () => {
    expect(
      poolsOf([
        named('f', '1.0', 'HOSTID=ID=1'),
        named('f', '1.0', 'HOSTID=ID=2 ISSUED=1-feb-2030'),
        named('f', '1.0', 'HOSTID=ID=3 START=2-feb-2030'),
        named('f', '1.0', 'HOSTID=ID=4 ISSUED=31-jan-2030 START=1-jan-2031'),
      ]),
    ).toEqual(['f v1.0: 3', 'f v1.0: 2', 'f v1.0: 4', 'f v1.0: 1']);
  });

  test("takes what a site's sort= puts first, whatever else; equal ones as they are in the file", () => {
    expect(
      poolsOf([
        named('f', '4.0', 'sort=101'),
        named('f', '3.0', 'sort=20'),
        named('f', '2.0'),
        named('f', '1.0', 'sort=20'),
        named('f', '1.5', 'sort=100'),
      ]),
    ).toEqual(['f v3.0: 2', 'f v1.0: 4', 'f v1.5: 5', 'f v2.0: 3', 'f v4.0: 1']);
  });

  test('goes by files before anything else', () => {
    const versions = definitionsOf([
      named('f', '9.0', 'sort=200'),
      `${named('f', '1.0', 'sort=1')}\n${named('g')}`,
    ]).map(({ feature, version }) => `${feature} ${version}`);
    expect(versions).toEqual(['f 9.0', 'f 1.0', 'g 1.0']);
  });

  test('puts a pool where its best line is, and leaves its lines in file order', () => {
    expect(
      poolsOf([
        named('f', '1.0', 'ISSUED=1-jan-2020'),
        named('f', '1.0', 'HOSTID=ID=1 ISSUED=1-jan-2025'),
        named('f', '1.0', 'ISSUED=1-jan-2030'),
      ]),
    ).toEqual(['f v1.0: 1 3', 'f v1.0: 2']);
  });
});

describe('what is left out', () => {
  test("lines of other vendors; a vendor's name may be in any case", () => {
    const pools = definitionsOf([
      'INCREMENT a ACMED 1 permanent 1\nINCREMENT b betad 1 permanent 1',
    ]);
    expect(pools.map(({ feature, vendor }) => `${feature} of ${vendor}`)).toEqual(['a of ACMED']);
    expect(poolsOf([increment(), increment().replace('acmed', 'AcmeD')])).toEqual([
      'solve v1.0: 1 2',
    ]);
  });

  test('lines that no daemon takes, which do not stand before good ones', () => {
    expect(
      poolsOf([
        'FEATURE solve acmed 1.x permanent 5',
        'FEATURE solve acmed 1.0 never 5',
        'FEATURE solve acmed 1.0 permanent 5 FUTURE=1',
        'FEATURE solve acmed 1.0 permanent many',
        'PACKAGE solve acmed 2.0 COMPONENTS=a',
        'RESERVE 1 solve USER ann',
        'FEATURE solve acmed 1.0 permanent 5',
      ]),
    ).toEqual(['solve v1.0: 7']);
    expect(definitionsOf([])).toEqual([]);
  });
});
