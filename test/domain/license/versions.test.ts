import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Rng } from '../../../src/base/rng.ts';
import {
  canonicalVersion,
  compareVersions,
  isVersion,
} from '../../../src/domain/license/versions.ts';

const nines = '9'.repeat(200);

/** Versions in order; those of one row are equal. */
const ordered: readonly (readonly string[])[] = [
  ['0', '0.0', '00.', '.0'],
  [`.${'0'.repeat(199)}1`],
  ['.5', '0.50', '0.5'],
  ['1', '1.', '01.000'],
  ['1.0001'],
  ['1.1', '1.10', '1.100', '01.1'],
  ['1.11'],
  ['1.9', '1.90'],
  [`1.${nines}`],
  ['2', '2.0'],
  ['10'],
  ['2018.12', '2018.120'],
  ['2018.1231'],
  ['2021.0430', '2021.043'],
  ['2021.1', '2021.10'],
  [nines, `000${nines}.000`],
  [`${nines}.1`],
  [`1${'0'.repeat(200)}`],
];

const rows = ordered.flatMap((row, index) => row.map((text) => [text, index] as const));

test('versions are ordered as decimal numbers, whatever their length', () => {
  for (const [a, i] of rows) {
    for (const [b, j] of rows) {
      expect(Math.sign(compareVersions(a, b)), `${a} against ${b}`).toBe(Math.sign(i - j));
    }
  }
});

test('versions that are equal have one canonical spelling, others not', () => {
  const spellings = ordered.map((row) => new Set(row.map(canonicalVersion)));
  expect(spellings.every(({ size }) => size === 1)).toBe(true);
  expect(new Set(spellings.flatMap((row) => [...row])).size).toBe(ordered.length);
  for (const spelling of spellings.flatMap((row) => [...row])) {
    expect(isVersion(spelling), spelling).toBe(true);
  }
});

test('a shuffled list sorts into the order of the numbers', () => {
  const rng = new Rng('versions');
  const shuffled = rows.map(([text]) => ({ text, at: rng.u32() })).sort((a, b) => a.at - b.at);
  const sorted = shuffled.map(({ text }) => text).sort(compareVersions);
  expect(sorted.map(canonicalVersion)).toEqual(
    ordered.flatMap((row) => row.map((text) => canonicalVersion(text))),
  );
});

test('a version has digits and at most one dot, and nothing else', () => {
  for (const [text] of rows) expect(isVersion(text), text).toBe(true);
  for (const text of ['2023.1000', '5.', '000.000']) expect(isVersion(text), text).toBe(true);
  for (const text of [
    '',
    '.',
    '..',
    '1.2.3',
    '1.0a',
    '1 ',
    'v1',
    '1a',
    '1,0',
    '-1',
    '+1',
    '1e3',
    ' 1',
    '١',
  ]) {
    expect(isVersion(text), text).toBe(false);
  }
});

test('a canonical version has no zeros in front, nor behind the dot', () => {
  expect(['01.10', '.0', '0012.50', '1.000'].map(canonicalVersion)).toEqual([
    '1.1',
    '0',
    '12.5',
    '1',
  ]);
});

test('a million digits are no trouble', () => {
  const long = '9'.repeat(1_000_000);
  expect(compareVersions(long, `${long}.0`)).toBe(0);
  expect(compareVersions(`1.${long}8`, `1.${long}9`)).toBeLessThan(0);
});

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
});
