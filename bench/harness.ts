/** What every bench shares: alternating rounds, medians with their spread, a line that can be read. */

export type BenchSize = 'small' | 'full';

export interface Spread {
  readonly median: number;
  readonly min: number;
  readonly max: number;
}

/** The middle of the values, and how far they lie apart. At least one value. */
export function spread(values: readonly number[]): Spread {
  const sorted = [...values].sort((a, b) => a - b);
  return {
    median: sorted[Math.floor(sorted.length / 2)]!,
    min: sorted[0]!,
    max: sorted.at(-1)!,
  };
}

/** One row of the table: a ratio, its bar, and the absolute figures it is made of. */
export interface BenchRow {
  readonly name: string;
  /** Median of the rounds' own ratios. */
  readonly ratio: number;
  /** The ratio's bar and on which side of it to be. */
  readonly bar?: { readonly atLeast: number } | { readonly atMost: number };
  readonly detail: string;
  /** Of the work done: the same for the same size, or the work was not. */
  readonly hash: string;
}

/** Runs A and B in turn `rounds` times, A first in even rounds, and gives the spread of A/B and of each. */
export async function alternate(
  rounds: number,
  a: () => Promise<number>,
  b: () => Promise<number>,
): Promise<{ readonly ratio: Spread; readonly a: Spread; readonly b: Spread }> {
  const as: number[] = [];
  const bs: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const order = round % 2 === 0 ? [a, b] : [b, a];
    for (const each of order) (each === a ? as : bs).push(await each());
  }
  const ratios = as.map((value, index) => value / bs[index]!);
  return { ratio: spread(ratios), a: spread(as), b: spread(bs) };
}

export function meets({ ratio, bar }: BenchRow): boolean | undefined {
  if (bar === undefined) return undefined;
  return 'atLeast' in bar ? ratio >= bar.atLeast : ratio <= bar.atMost;
}

/** `name  ratio  bar  verdict  detail`, columns of fixed width. */
export function renderRow(row: BenchRow): string {
  const { bar } = row;
  const wanted =
    bar === undefined ? '' : 'atLeast' in bar ? `>= ${bar.atLeast}` : `<= ${bar.atMost}`;
  const verdict = { true: 'met', false: 'MISSED', undefined: '' }[String(meets(row))];
  const cells = [
    row.name.padEnd(48),
    row.ratio.toFixed(3).padStart(8),
    wanted.padEnd(8),
    verdict!.padEnd(7),
  ];
  return `${cells.join('  ')}${row.detail}  [${row.hash}]`;
}

/** Thousands as `52.3 k`. */
export function perSecond(value: number): string {
  return value >= 1000 ? `${(value / 1000).toFixed(1)} k/s` : `${value.toFixed(0)}/s`;
}
