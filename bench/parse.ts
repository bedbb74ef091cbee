import { Rng } from '../src/base/rng.ts';
import { parseLicenseFile } from '../src/domain/license/parse.ts';
import { alternate, type BenchRow, type BenchSize } from './harness.ts';

/**
 * Parsing a license file against splitting the same text into lines, in turn in one run. The bar is
 * that of issue 1 of 6: 16 MiB in at most 20 times what splitting takes.
 *
 * Both make hundreds of thousands of objects, and who comes when the heap is full pays for the other's, too. So
 * each is done several times in a row, of which the first ones, that find the other's garbage, do not count.
 */
const BYTES = 16 * 1024 * 1024;
const sizes = { small: { rounds: 3 }, full: { rounds: 9 } } as const;
const RATIO_MAX = 20;

/** How often in a row, and how many of these do not count. */
const parses = { times: 3, uncounted: 1 };
const splits = { times: 24, uncounted: 4 };

export async function run(size: BenchSize): Promise<readonly BenchRow[]> {
  const { rounds } = sizes[size];
  const text = licenseText(BYTES);
  const source = { name: 'bench.lic', text, encoding: 'utf-8' } as const;
  let lines: ReturnType<typeof parseLicenseFile>['lines'] = [];
  let split: readonly string[] = [];
  const parsing = async (): Promise<number> =>
    inARow(parses, () => {
      lines = parseLicenseFile(source).lines;
    });
  const splitting = async (): Promise<number> =>
    inARow(splits, () => {
      split = text.split('\n');
    });
  // For the compiler.
  await parsing();
  const { ratio, a, b } = await alternate(rounds, parsing, splitting);
  return [
    {
      name: 'parse a license file / split it into lines',
      ratio: ratio.median,
      bar: { atMost: RATIO_MAX },
      detail:
        `${text.length} bytes, ${rounds} rounds, parse ${a.median.toFixed(1)} ms, ` +
        `split ${b.median.toFixed(1)} ms, ratio ${ratio.min.toFixed(1)} to ${ratio.max.toFixed(1)}`,
      hash: ((hashOf(lines) ^ split.length) >>> 0).toString(16).padStart(8, '0'),
    },
  ];
}

/** Milliseconds of this process's own CPU for one, its collector's threads included: a busy machine must not count. */
function inARow({ times, uncounted }: typeof parses, task: () => void): number {
  for (let time = 0; time < uncounted; time++) task();
  const before = process.cpuUsage();
  for (let time = uncounted; time < times; time++) task();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1e3 / (times - uncounted);
}

/**
 * License files as vendors generate them: some with long signatures over many lines, some short.
 */
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
  const version = `2026.${rng.below(1000)}`;
  return (
    `INCREMENT acme_solver_${index} acmed ${version} 31-dec-2031 ${1 + rng.below(500)} \\\n` +
    `\tVENDOR_STRING=commercial:permanent SUPERSEDE DUP_GROUP=UH \\\n` +
    `\tSUITE_DUP_GROUP=UHV ISSUED=01-Jan-2026 BORROW=4320 \\\n` +
    `\tSN=123-${rng.below(100_000_000)} SIGN="${signature(rng, 7)} \\\n` +
    `\t${signature(rng, 12)} \\\n\t${signature(rng, 12)} \\\n` +
    `\t${signature(rng, 12)} \\\n\t${signature(rng, 8)}"\n`
  );
}

function shortIncrement(rng: Rng, index: number): string {
  const version = `5.${rng.below(10)}`;
  return (
    `INCREMENT ACME_MODULE_${index} acmed ${version} permanent ${1 + rng.below(50)} sort=114 \\\n` +
    `\tSUPERSEDE DUP_GROUP=UHD ISSUED=2-OCT-2018 BORROW=720 SN=${rng.below(10_000_000)} \\\n` +
    `\tSIGN=${signature(rng, 3).replaceAll(' ', '')}\n`
  );
}

function signature(rng: Rng, groups: number): string {
  const hex = (): string => rng.below(65_536).toString(16).toUpperCase().padStart(4, '0');
  return Array.from({ length: groups }, hex).join(' ');
}

function hashOf(lines: ReturnType<typeof parseLicenseFile>['lines']): number {
  let hash = lines.length;
  for (const line of lines) {
    hash = (Math.imul(hash, 31) + line.end) | 0;
    if (line.kind === 'feature') hash = (Math.imul(hash, 31) + line.count) | 0;
  }
  return hash >>> 0;
}
