import { KnownError } from '../../base/errors.ts';
import { limits } from '../../base/limits.ts';
import type { OptionsRule } from './model.ts';

/**
 * Counts the pools that options lines name: a line may name a package of many components, and a file has room for
 * many lines.
 */
export class PairBudget {
  readonly #file: string;
  #pairs = 0;

  /** `file` names the options file in the error. */
  constructor(file: string) {
    this.#file = file;
  }

  /**
   * Takes note of a line that names so many pools.
   * @throws KnownError OPTIONS_SYNTAX when lines and pools make more pairs than a daemon keeps.
   */
  spend(pools: number, { at }: OptionsRule): void {
    this.#pairs += pools;
    if (this.#pairs <= limits.optionPairsMax) return;
    throw new KnownError(
      'OPTIONS_SYNTAX',
      `${this.#file}:${at.line}: expected lines that name at most ${limits.optionPairsMax} pools ` +
        'together, got more with this one',
      { line: at.line },
    );
  }
}
