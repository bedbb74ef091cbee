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

export type Bar =
  | { readonly atLeast: number }
  | { readonly atMost: number }
  | { readonly exactly: number };

/** One row of the table: a ratio, its bar, and the absolute figures it is made of. */
export interface BenchRow {
  readonly name: string;
  /** Median of the rounds' own ratios. */
  readonly ratio: number;
  /** The ratio's bar and on which side of it to be. */
  readonly bar?: Bar;
  readonly detail: string;
  /** Of the work done: the same for the same size, or the work was not. */
  readonly hash: string;
}

/** A row whose other side cannot be had here. */
export interface SkippedRow {
  readonly name: string;
  readonly skipped: string;
}

export type TableRow = BenchRow | SkippedRow;

/** What was measured alternately: the rounds' own ratios, and each side. */
export interface Measured {
  readonly ratio: Spread;
  readonly a: Spread;
  readonly b: Spread;
}

/** Runs A and B in turn `rounds` times, A first in even rounds, and gives the spread of A/B and of each. */
export async function alternate(
  rounds: number,
  a: () => Promise<number>,
  b: () => Promise<number>,
): Promise<Measured> {
  const as: number[] = [];
  const bs: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const order = round % 2 === 0 ? [a, b] : [b, a];
    for (const each of order) (each === a ? as : bs).push(await each());
  }
  return measuredOf(as, bs);
}

/** The spread of A/B and of each, of what rounds have measured. */
export function measuredOf(as: readonly number[], bs: readonly number[]): Measured {
  const ratios = as.map((value, index) => value / bs[index]!);
  return { ratio: spread(ratios), a: spread(as), b: spread(bs) };
}

/** Whether a row meets its bar; undefined of a row that was skipped or has none. */
export function meets(row: TableRow): boolean | undefined {
  if ('skipped' in row) return undefined;
  const { ratio, bar } = row;
  if (bar === undefined) return undefined;
  if ('exactly' in bar) return ratio === bar.exactly;
  return 'atLeast' in bar ? ratio >= bar.atLeast : ratio <= bar.atMost;
}

/** A row of ours, or of `own`, against `other`: ratio and spread of the rounds, medians of both sides in `unit`. */
export function measuredRow(
  row: Pick<BenchRow, 'name' | 'bar' | 'hash'> & { readonly other: string; readonly own?: string },
  { ratio, a, b }: Measured,
  unit: (value: number) => string,
): BenchRow {
  const { other, own = 'ours', ...rest } = row;
  const sides = `${own} ${unit(a.median)}, ${other} ${unit(b.median)}`;
  const detail = `${sides}, ratio ${short(ratio.min)}-${short(ratio.max)}`;
  return { ...rest, ratio: ratio.median, detail };
}

function short(value: number): string {
  return value >= 100 ? value.toFixed(0) : value.toFixed(2);
}

const NAME_WIDTH = 62;

/**
 * `name  ratio  bar  verdict  detail`, columns of fixed width; `before` is the row's ratio in the run before.
 */
export function renderRow(row: TableRow, before?: number): string {
  if ('skipped' in row) return `${row.name.padEnd(NAME_WIDTH)}   skipped: ${row.skipped}`;
  const { bar } = row;
  const wanted = bar === undefined ? '' : wordsOf(bar);
  const verdict = { true: 'met', false: 'MISSED', undefined: '' }[String(meets(row))];
  const cells = [
    row.name.padEnd(NAME_WIDTH),
    row.ratio.toFixed(3).padStart(8),
    wanted.padEnd(8),
    verdict!.padEnd(7),
  ];
  const earlier = before === undefined ? '' : `, before ${before.toFixed(3)}`;
  return `${cells.join('  ')}${row.detail}${earlier}  [${row.hash}]`;
}

function wordsOf(bar: Bar): string {
  if ('exactly' in bar) return `= ${bar.exactly}`;
  return 'atLeast' in bar ? `>= ${bar.atLeast}` : `<= ${bar.atMost}`;
}

/** FNV-1a of what a bench counted: the same for the same work. */
export function hashOf(...words: readonly (string | number)[]): string {
  let state = 0x811c9dc5;
  for (const unit of Buffer.from(words.join('\n'))) {
    state = Math.imul(state ^ unit, 0x01000193) >>> 0;
  }
  return state.toString(16).padStart(8, '0');
}

/** On the machine's clock. */
export function delay(ms: number): Promise<void> {
  return new Promise((done) => setTimeout(done, ms));
}

/** How many `count` says a second more, over so long after a warm-up of a fifth of that. @throws what `failed` does */
export async function growthPerSecond(
  count: () => number,
  durationMs: number,
  failed: Promise<never>,
): Promise<number> {
  await Promise.race([failed, delay(durationMs / 5)]);
  const before = count();
  const from = performance.now();
  await Promise.race([failed, delay(durationMs)]);
  return (count() - before) / ((performance.now() - from) / 1000);
}

/** Milliseconds as `1.25 ms`. */
export function milliseconds(value: number): string {
  return `${value.toFixed(2)} ms`;
}

/** Thousands as `52.3 k`. */
export function perSecond(value: number): string {
  return value >= 1000 ? `${(value / 1000).toFixed(1)} k/s` : `${value.toFixed(0)}/s`;
}
