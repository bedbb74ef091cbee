import { expect } from 'vitest';
import { Rng } from '../../src/base/rng.ts';
import { attributes } from '../../src/domain/license/attributes.ts';
import { lineKinds } from '../../src/domain/license/lines.ts';
import { keywords } from '../../src/domain/options/keywords.ts';
import { FuzzCases } from '../fuzz-cases.ts';
import { fixtures, realFiles } from './language/make.ts';

/** Larger files are taken a piece at a time: what matters is the number of odd places, not their size. */
const PIECE_BYTES_MAX = 1_500;

/** Bytes with a meaning, to be put anywhere. */
const splinters: readonly Buffer[] = [
  ...[
    ...['\\\n', '\\ \t\r\n', '\\ # why\n', '\\', '\n', '\r\n', '\r', '\0', '\t', '  ', '\v\f'],
    ...['"', '""', '=', '={', '{', '}', '#', '#1', '#x', '"\\\n\t', '\\\n"', '="', ':', '+', '*'],
    ...['\ufeff', '\u00a0', '\u2028', '\u201c', 'é', '𝄞'],
  ].map((text) => Buffer.from(text)),
  ...['\xff', '\xa0', '\xe2\x80'].map((text) => Buffer.from(text, 'latin1')),
];

/** Words of both languages, good values and bad ones. */
const words: readonly string[] = [
  ...lineKinds.map(({ word }) => word),
  ...keywords.map(({ keyword }) => keyword),
  ...attributes.flatMap(({ name }) => [name, `${name}=`, `${name}=1`, `${name}="a b"`]),
  ...'solve mesh:2 acmed 1.0 2.0.1 .5 . -1 0 3 4294967296 permanent uncounted'.split(' '),
  ...'1-jan-2031 1-janv-2031 31-feb-2031 1-jan-0 00 this_host ANY #439041101 27000 70000'.split(
    ' ',
  ),
  ...'001122334455 DUP_GROUP=UHD DUP_GROUP=SITE BORROW HOSTID=ANY SUPERSEDE START=x'.split(' '),
  ...'OPTIONS=SUITE ISSUED=2-jan-2030 AUTH={ } "a:b USER GROUP HOST ALL_USERS g'.split(' '),
  ...'f:VERSION=1.0 "f K=v" "" ON OFF IN +/x PRIMARY_IS_MASTER PORT=27001 acmed-f-1-2-3'.split(' '),
  ...'betad 27000@a:b @a:27000 27000@a,27000@b 1-jan-2001 BORROW=86400 USER_BASED=1'.split(' '),
  ...'START=1-jan-2040 COMPONENTS="solve:1.0:2 solve:VERSION=1.0 INTERNET 10.7.*.* solve USER'.split(
    ' ',
  ),
  ...['\\\n', '\n', '\r\n', '#', '"', 'COMPONENTS="a:1:2 b"', 'OPTIONS=/o', 'lower=1', 'UPPER=1'],
];

const pieces: readonly Buffer[] = [...fixtures, ...realFiles].flatMap(({ bytes }) =>
  Array.from({ length: Math.ceil(bytes.length / PIECE_BYTES_MAX) }, (_, index) =>
    bytes.subarray(index * PIECE_BYTES_MAX, (index + 1) * PIECE_BYTES_MAX),
  ),
);

/** The same texts each time; FAUXLM_SEED for others. */
const seed = process.env['FAUXLM_SEED'] ?? 'language';

interface Cases {
  readonly total: number;
  /** Not each of them, but one in so many. */
  readonly each?: number;
}

/**
 * Runs `problemOf` over all texts that there is time for, and says how many; a problem is told with what makes its
 * text again.
 */
export function everyText(
  { total, each = 1 }: Cases,
  problemOf: (bytes: Buffer, rng: Rng) => string | undefined,
): number {
  const cases = new FuzzCases(Math.ceil(total / each));
  for (const at of cases) {
    const name = `${seed}/${at * each}`;
    const bytes = seededText(name);
    const problem = problemOf(bytes, new Rng(`${name}/more`));
    if (problem === undefined) continue;
    expect.fail(`seededText('${name}'): ${problem}\n${JSON.stringify(bytes.toString('latin1'))}`);
  }
  console.log(`${cases.done} of ${cases.total} texts, FAUXLM_SEED=${seed}`);
  return cases.done;
}

/** The text of one case, decided by its seed and the files at hand: by its seed it can be seen again. */
export function seededText(seed: string): Buffer {
  const rng = new Rng(seed);
  const sort = rng.below(10);
  if (sort < 5) return mutated(rng);
  if (sort < 7) return composed(rng);
  return sort < 9 ? plausible(rng) : noise(rng);
}

/** A piece of a file with bytes cut, doubled, replaced or put in; some with the middle of another. */
function mutated(rng: Rng): Buffer {
  let bytes = rng.pick(pieces);
  if (rng.chance(1, 4)) {
    const other = rng.pick(pieces);
    const cut = rng.below(bytes.length + 1);
    bytes = Buffer.concat([bytes.subarray(0, cut), other.subarray(rng.below(other.length + 1))]);
  }
  for (let times = 1 + rng.below(6); times > 0; times--) bytes = mutatedOnce(rng, bytes);
  return bytes;
}

function mutatedOnce(rng: Rng, bytes: Buffer): Buffer {
  const at = rng.below(bytes.length + 1);
  const end = Math.min(bytes.length, at + rng.below(40));
  const before = bytes.subarray(0, at);
  switch (rng.below(5)) {
    case 0:
      return Buffer.concat([before, bytes.subarray(end)]);
    case 1:
      return Buffer.concat([bytes.subarray(0, end), bytes.subarray(at)]);
    case 2:
      return Buffer.concat([before, Buffer.from([rng.below(256)]), bytes.subarray(at + 1)]);
    case 3:
      return Buffer.concat([before, Buffer.from(` ${rng.pick(words)} `), bytes.subarray(at)]);
    default:
      return Buffer.concat([before, rng.pick(splinters), bytes.subarray(at)]);
  }
}

/** Lines of words that mean something, in any order: these get deeper than random bytes. */
function composed(rng: Rng): Buffer {
  let text = '';
  for (let lines = 1 + rng.below(8); lines > 0; lines--) {
    for (let count = rng.below(12); count > 0; count--) text += `${rng.pick(words)} `;
    text += rng.chance(1, 8) ? '\\\n' : '\n';
  }
  return Buffer.from(text);
}

const heads: readonly string[] = [
  'FEATURE f acmed 1.0 permanent 1',
  'INCREMENT f acmed 1.0 1-jan-2031 uncounted',
  'PACKAGE p acmed 1.0 COMPONENTS="a b:1.0"',
  'PACKAGE p acmed',
  'UPGRADE f acmed 1.0 2.0 permanent 1',
  'SERVER h ANY',
  'VENDOR acmed',
];

/** Words that a line can take, and a few that it should not. */
const tails: readonly string[] = [
  ...'BORROW BORROW=72 DUP_GROUP=vhu SUPERSEDE TS_OK SN=1 FLOAT_OK HOST_BASED=2'.split(' '),
  ...'USER_BASED OVERDRAFT=1 ISSUED=01-JAN-2030 START=1-jan-2030 ck=1 sort=300 SIGN=0A'.split(' '),
  ...'0123456789AB 00 stray lower=a V7.1_LK=0A ISSUER= 27000 /opt/d OPTIONS=/o PORT=1'.split(' '),
  ...'PRIMARY_IS_MASTER PLAT=1 OPTIONS=SUITE #439041101 001122334455 ISSUER={x} "" "="'.split(' '),
  ...[
    'AUTH={ a="x y" b=( c ) }',
    'NOTICE=a="b c"d',
    'VENDOR_STRING=" a, \\\n\tb"',
    'SIGN2="00 11"',
  ],
  ...['"a b"', 'x={"}"}', 'a="#"', 'ISSUER="\u00a0"', 'lower={a "b', 'a\\b', '\\\n'],
  ...['HOSTID="ANY ID=1"', 'SUPERSEDE="a b"'],
];

/** Lines as a daemon takes them, their words in any number and order. */
function plausible(rng: Rng): Buffer {
  let text = '';
  for (let lines = 1 + rng.below(4); lines > 0; lines--) {
    text += rng.pick(heads);
    for (let count = rng.below(6); count > 0; count--) text += ` ${rng.pick(tails)}`;
    text += '\n';
  }
  return Buffer.from(text);
}

/** Bytes of all values, or of the few that the lexer looks at. */
function noise(rng: Rng): Buffer {
  const few = rng.chance(1, 2) ? Buffer.from(' \t\r\n\\"#={}a1') : undefined;
  const bytes = Buffer.alloc(rng.below(300));
  for (let i = 0; i < bytes.length; i++)
    bytes[i] = few ? few[rng.below(few.length)]! : rng.below(256);
  return bytes;
}
