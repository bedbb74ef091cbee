import { describe, expect, test } from 'vitest';
import { type PoolPolicy, poolDefinitions } from '../../../src/domain/license/pools.ts';
import { parseText } from './make-file.ts';

const policy: PoolPolicy = {
  poolByVendorString: true,
  poolBySerialNumber: false,
  sort: 'lowerVersionFirst',
};

/** `feature version counts` of each pool of vendor v, in the order in which they are tried. */
function poolsOf(text: string | readonly string[], changes: Partial<PoolPolicy> = {}) {
  const files = [text].flat().map((each) => parseText(each));
  return poolDefinitions(files, 'v', { ...policy, ...changes }).map(
    ({ feature, version, lines }) =>
      `${feature} ${version} ${lines.map(({ count }) => count).join('+')}`,
  );
}

describe('which lines add up', () => {
  test('INCREMENT lines always add, of counted FEATURE lines only the first counts', () => {
    expect(poolsOf('INCREMENT f v 1.0 permanent 2\nINCREMENT f v 1.0 1-jan-2031 3\n')).toEqual([
      'f 1.0 2+3',
    ]);
    expect(poolsOf('FEATURE f v 1.0 permanent 2\nFEATURE f v 2.0 permanent 9\n')).toEqual([
      'f 1.0 2',
    ]);
    expect(poolsOf('FEATURE f v 1.0 permanent 2\nINCREMENT f v 1.0 permanent 3\n')).toEqual([
      'f 1.0 2+3',
    ]);
  });

  test('uncounted FEATURE lines all stand, each with its own host id', () => {
    const line = (hostid: string): string =>
      `FEATURE f v 1.0 permanent uncounted HOSTID=${hostid}\n`;
    const files = [parseText(line('0200000000a1') + line('0200000000a2') + line('0200000000A1'))];
    const pools = poolDefinitions(files, 'v', policy);
    expect(pools.map(({ hostids, counted, lines }) => [hostids, counted, lines.length])).toEqual([
      [['0200000000a1'], false, 2],
      [['0200000000a2'], false, 1],
    ]);
  });

  test.each([
    ['the version', 'INCREMENT f v 1.1 permanent 2', 2],
    ['the version, spelled otherwise', 'INCREMENT f v 01.00 permanent 2', 1],
    ['the name, in another case', 'INCREMENT F v 1.0 permanent 2', 1],
    ['the vendor, in another case', 'INCREMENT f V 1.0 permanent 2', 1],
    ['the expiry date', 'INCREMENT f v 1.0 1-jan-2031 2', 1],
    ['DUP_GROUP', 'INCREMENT f v 1.0 permanent 2 DUP_GROUP=UH', 2],
    ['DUP_GROUP=NONE, which is the default', 'INCREMENT f v 1.0 permanent 2 DUP_GROUP=NONE', 1],
    ['FLOAT_OK', 'INCREMENT f v 1.0 permanent 2 FLOAT_OK', 2],
    ['HOST_BASED', 'INCREMENT f v 1.0 permanent 2 HOST_BASED', 2],
    ['USER_BASED', 'INCREMENT f v 1.0 permanent 2 USER_BASED=1', 2],
    ['HOSTID', 'INCREMENT f v 1.0 permanent 2 HOSTID=ANY', 2],
    ['PLATFORMS', 'INCREMENT f v 1.0 permanent 2 PLATFORMS=i86_n', 2],
    ['VENDOR_STRING', 'INCREMENT f v 1.0 permanent 2 VENDOR_STRING=x', 2],
    ['ISSUED', 'INCREMENT f v 1.0 permanent 2 ISSUED=1-jan-2030', 1],
    ['the serial number', 'INCREMENT f v 1.0 permanent 2 SN=7', 1],
    ['counting', 'INCREMENT f v 1.0 permanent uncounted', 2],
  ])('a line that differs in %s', (_, text, pools) => {
    expect(poolsOf(`INCREMENT f v 1.0 permanent 1\n${text}\n`)).toHaveLength(pools);
  });

  test('what the vendor pools on is its own choice', () => {
    const text =
      'INCREMENT f v 1 permanent 1 VENDOR_STRING=a SN=1\nINCREMENT f v 1 permanent 2 VENDOR_STRING=b SN=2\n';
    expect(poolsOf(text, { poolByVendorString: false })).toEqual(['f 1 1+2']);
    expect(poolsOf(text, { poolByVendorString: false, poolBySerialNumber: true })).toEqual([
      'f 1 1',
      'f 1 2',
    ]);
  });

  test('lines of other vendors and lines of no use are left out', () => {
    expect(
      poolsOf(
        'INCREMENT f w 1 permanent 1\nINCREMENT f v 1x permanent 1\nINCREMENT f v 1 permanent 1 FOO=1\n',
      ),
    ).toEqual([]);
  });

  test('a pool is known again after a reread, whatever lines come and go', () => {
    const line = 'INCREMENT f v 1.0 permanent 1 DUP_GROUP=UH VENDOR_STRING="a b"\n';
    const idsOf = (text: string) =>
      poolDefinitions([parseText(text)], 'v', policy).map(({ id }) => id);
    const [id] = idsOf(line);
    expect(idsOf(`INCREMENT f v 0.5 permanent 4\n${line}${line}`)[1]).toBe(id);
    expect(new Set(idsOf(`${line}INCREMENT f v 1.0 permanent 1\n`)).size).toBe(2);
  });

  test('a pool has its lines in file order and the spelling of the first', () => {
    const [pool] = poolDefinitions(
      [
        parseText(
          'INCREMENT Solve v 1.0 permanent 1\nINCREMENT solve v 1.00 permanent 2 sort=1 PLATFORMS=a\nINCREMENT SOLVE v 1 permanent 3 sort=1\n',
        ),
      ],
      'v',
      policy,
    ).filter(({ platforms }) => !platforms);
    expect(pool).toMatchObject({
      feature: 'Solve',
      version: '1.0',
      counted: true,
      dupGroup: { kind: 'none' },
    });
    expect(pool?.lines.map(({ count }) => count)).toEqual([1, 3]);
  });
});

describe('the order in which pools are tried', () => {
  const versions =
    'INCREMENT f v 2.0 permanent 1\nINCREMENT f v 1.10 permanent 1\nINCREMENT f v 1.9 permanent 1\n';

  test('lower versions first, or higher ones', () => {
    expect(poolsOf(versions)).toEqual(['f 1.10 1', 'f 1.9 1', 'f 2.0 1']);
    expect(poolsOf(versions, { sort: 'higherVersionFirst' })).toEqual([
      'f 2.0 1',
      'f 1.9 1',
      'f 1.10 1',
    ]);
  });

  test('files are not mixed', () => {
    expect(poolsOf(['INCREMENT f v 2.0 permanent 1', 'INCREMENT f v 1.0 permanent 1'])).toEqual([
      'f 2.0 1',
      'f 1.0 1',
    ]);
  });

  test('VENDOR_STRING, then FEATURE before INCREMENT, then uncounted before counted', () => {
    expect(
      poolsOf(
        'INCREMENT f v 1 permanent 1 VENDOR_STRING=b\nINCREMENT f v 1 permanent 2 VENDOR_STRING=a\n' +
          'INCREMENT f v 1 permanent 3\nINCREMENT f v 2 permanent uncounted\nFEATURE f v 3 permanent 4\n',
      ),
    ).toEqual(['f 3 4', 'f 2 0', 'f 1 3', 'f 1 2', 'f 1 1']);
  });

  test('the newest first, by ISSUED or else START', () => {
    expect(
      poolsOf(
        'INCREMENT f v 1 permanent 1 PLATFORMS=a\nINCREMENT f v 1 permanent 2 PLATFORMS=b ISSUED=1-feb-2029\n' +
          'INCREMENT f v 1 permanent 3 PLATFORMS=c START=1-jan-2030\n',
      ),
    ).toEqual(['f 1 3', 'f 1 2', 'f 1 1']);
  });

  test('sort= goes before the rules; lines of one sort= stay as they are', () => {
    expect(
      poolsOf(
        'INCREMENT f v 3 permanent 1\nINCREMENT f v 2 permanent 2 sort=25\nINCREMENT f v 1 permanent 3 sort=25\n' +
          'INCREMENT f v 0.5 permanent 4 sort=101\nINCREMENT f v 2.5 permanent 5 sort=100\n',
      ),
    ).toEqual(['f 2 2', 'f 1 3', 'f 2.5 5', 'f 3 1', 'f 0.5 4']);
  });

  test('features come in the order in which they first appear', () => {
    expect(
      poolsOf(
        'INCREMENT z v 1 permanent 1\nINCREMENT a v 1 permanent 1\nINCREMENT z v 0.1 permanent 1\n',
      ),
    ).toEqual(['z 0.1 1', 'z 1 1', 'a 1 1']);
  });
});
