/** How many cases a fuzz test has: `usual`, or as many as FAUXLM_FUZZ says. */
export function caseTotalOf(usual: number): number {
  return Number(process.env['FAUXLM_FUZZ'] ?? usual);
}

/**
 * The cases of a fuzz test, by number; none begins once FAUXLM_FUZZ_SECONDS
 * are over, so that a slow machine ends in time. A case is made again by its number alone, whatever the machine.
 */
export class FuzzCases implements Iterable<number> {
  /** As many as are wanted. */
  readonly total: number;
  /** Those that have begun. */
  done = 0;

  constructor(total: number) {
    this.total = total;
  }

  *[Symbol.iterator](): Generator<number> {
    const until = performance.now() + (budgetMs ?? Number.POSITIVE_INFINITY);
    for (this.done = 0; this.done < this.total && performance.now() < until; ) yield this.done++;
    if (this.done < this.total) console.log(`${this.done} of ${this.total}: the time was over`);
  }
}

/** What one fuzz test may take, in milliseconds; undefined without FAUXLM_FUZZ_SECONDS. */
export const budgetMs = secondsOf(process.env['FAUXLM_FUZZ_SECONDS']);

function secondsOf(text: string | undefined): number | undefined {
  return text === undefined ? undefined : Number(text) * 1000;
}
