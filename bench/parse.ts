/**
 * Parsing a license file against splitting the same text into lines, measured alternately in one run.
 * Promise: at most 20 times (issue 1 of 6). Run it compiled, or import `run` from a test.
 */
import { Rng } from '../src/base/rng.ts';
import { parseLicenseFile } from '../src/domain/license/parse.ts';

export type BenchSize = 'small' | 'full';

export interface ParseBench {
  readonly bytes: number;
  readonly rounds: number;
  readonly splitMs: number;
  readonly parseMs: number;
  /** Median of the rounds' own ratios. */
  readonly ratio: number;
  /** Of all that was parsed: the same for the same size, so that runs can be compared. */
  readonly hash: string;
}

const sizes = {
  small: { bytes: 1024 * 1024, rounds: 7 },
  full: { bytes: 16 * 1024 * 1024, rounds: 15 },
} as const;

/** The most that parsing may cost, in units of splitting. */
export const RATIO_MAX = 20;

/** Measures, prints one line, and returns what it measured. */
export function run(size: BenchSize): ParseBench {
  const { bytes, rounds } = sizes[size];
  const text = licenseText(bytes);
  const source = { name: 'bench.lic', text, encoding: 'utf-8' } as const;
  const splits: number[] = [];
  const parses: number[] = [];
  let hash = 0;
  for (let round = -2; round < rounds; round++) {
    const started = performance.now();
    const lines = text.split('\n');
    const between = performance.now();
    const file = parseLicenseFile(source);
    const ended = performance.now();
    hash = hashOf(file.lines, lines.length);
    // The first two rounds are for the compiler.
    if (round < 0) continue;
    splits.push(between - started);
    parses.push(ended - between);
  }
  const result = {
    bytes: text.length,
    rounds,
    splitMs: median(splits),
    parseMs: median(parses),
    ratio: median(parses.map((ms, index) => ms / splits[index]!)),
    hash: hash.toString(16).padStart(8, '0'),
  };
  console.log(
    `parse ${size}: ${result.bytes} bytes, ${rounds} rounds, split ${result.splitMs.toFixed(2)} ms, ` +
      `parse ${result.parseMs.toFixed(2)} ms, ratio ${result.ratio.toFixed(1)} (at most ${RATIO_MAX}), ` +
      `hash ${result.hash}, node ${process.version}`,
  );
  return result;
}

/** License files as vendors generate them: some with long signatures over many lines, some short. */
function licenseText(bytes: number): string {
  const rng = new Rng('bench/parse');
  const blocks = ['SERVER this_host ANY 27000\nVENDOR acmed PORT=27001\nUSE_SERVER\n'];
  let length = blocks[0]!.length;
  for (let index = 0; length < bytes; index++) {
    const block = rng.chance(1, 2) ? longIncrement(rng, index) : shortIncrement(rng, index);
    blocks.push(block);
    length += block.length;
  }
  // One flat string, as decoding a file gives.
  return Buffer.from(blocks.join('')).toString('latin1');
}

function longIncrement(rng: Rng, index: number): string {
  return (
    `INCREMENT acme_solver_${index} acmed 2026.${rng.below(1000)} 31-dec-2031 ${1 + rng.below(500)} \\\n` +
    `\tVENDOR_STRING=commercial:permanent SUPERSEDE DUP_GROUP=UH \\\n` +
    `\tSUITE_DUP_GROUP=UHV ISSUED=01-Jan-2026 BORROW=4320 \\\n` +
    `\tSN=123-${rng.below(100_000_000)} SIGN="${signature(rng, 7)} \\\n` +
    `\t${signature(rng, 12)} \\\n\t${signature(rng, 12)} \\\n` +
    `\t${signature(rng, 12)} \\\n\t${signature(rng, 8)}"\n`
  );
}

function shortIncrement(rng: Rng, index: number): string {
  return (
    `INCREMENT ACME_MODULE_${index} acmed 5.${rng.below(10)} permanent ${1 + rng.below(50)} sort=114 SUPERSEDE \\\n` +
    `\tDUP_GROUP=UHD ISSUED=2-OCT-2018 BORROW=720 SN=${rng.below(10_000_000)} \\\n` +
    `\tSIGN=${signature(rng, 3).replaceAll(' ', '')}\n`
  );
}

function signature(rng: Rng, groups: number): string {
  const hex = (): string => rng.below(65_536).toString(16).toUpperCase().padStart(4, '0');
  return Array.from({ length: groups }, hex).join(' ');
}

function hashOf(lines: ReturnType<typeof parseLicenseFile>['lines'], lineTotal: number): number {
  let hash = lineTotal;
  for (const line of lines) {
    hash = (Math.imul(hash, 31) + line.end) | 0;
    if (line.kind === 'feature') hash = (Math.imul(hash, 31) + line.count) | 0;
  }
  return hash >>> 0;
}

function median(list: readonly number[]): number {
  const sorted = [...list].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)]!;
}

if (process.argv[1]?.replace(/\.[jt]s$/, '').endsWith('bench/parse')) {
  const { ratio } = run(process.argv.includes('--small') ? 'small' : 'full');
  if (ratio > RATIO_MAX) process.exitCode = 4;
}
