import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  canonicalVersion,
  compareVersions,
  isVersion,
} from '../../../src/domain/license/versions.ts';

/** The dumb twin: both as whole numbers of the same scale. */
function compareSlowly(a: string, b: string): number {
  const scale = Math.max(a.length, b.length);
  const scaled = (text: string): bigint => {
    const [whole = '', fraction = ''] = text.split('.');
    return BigInt(`0${whole}${fraction.padEnd(scale, '0')}`);
  };
  const difference = scaled(a) - scaled(b);
  return difference < 0n ? -1 : difference > 0n ? 1 : 0;
}

const digits = fc.string({ unit: fc.constantFrom(...'00123459'), maxLength: 12 });
const version = fc
  .oneof(
    digits,
    fc.tuple(digits, digits).map(([whole, fraction]) => `${whole}.${fraction}`),
  )
  .filter(isVersion);

describe('versions', () => {
  test('a version is digits with at most one dot', () => {
    for (const good of ['1', '1.0', '2023.1000', '.5', '5.', '0', '000.000']) {
      expect(isVersion(good), good).toBe(true);
    }
    for (const bad of ['', '.', '1.2.3', 'v1', '1.0a', '-1', '1 ', '1,0']) {
      expect(isVersion(bad), bad).toBe(false);
    }
  });

  test('fractions are compared from the left, not as numbers of their own', () => {
    expect(compareVersions('1.10', '1.1')).toBe(0);
    expect(compareVersions('1.10', '1.9')).toBeLessThan(0);
    expect(compareVersions('2021.0430', '2021.1')).toBeLessThan(0);
    expect(compareVersions('2018.1231', '2018.12')).toBeGreaterThan(0);
    expect(compareVersions('10', '9.9')).toBeGreaterThan(0);
    expect(compareVersions('1.000', '1')).toBe(0);
    expect(compareVersions('0012.5', '12.50')).toBe(0);
  });

  test('a million digits are no trouble', () => {
    const long = '9'.repeat(1_000_000);
    expect(compareVersions(long, `${long}.0`)).toBe(0);
    expect(compareVersions(`1.${long}8`, `1.${long}9`)).toBeLessThan(0);
  });

  test('the order is that of the numbers', () => {
    fc.assert(
      fc.property(version, version, (a, b) => {
        expect(Math.sign(compareVersions(a, b))).toBe(compareSlowly(a, b));
      }),
      { numRuns: 2000 },
    );
  });

  test('versions have the same canonical text if and only if they are equal', () => {
    fc.assert(
      fc.property(version, version, (a, b) => {
        expect(canonicalVersion(a) === canonicalVersion(b)).toBe(compareVersions(a, b) === 0);
        expect(compareVersions(canonicalVersion(a), a)).toBe(0);
      }),
      { numRuns: 2000 },
    );
    expect(canonicalVersion('01.10')).toBe('1.1');
    expect(canonicalVersion('.0')).toBe('0');
  });
});
