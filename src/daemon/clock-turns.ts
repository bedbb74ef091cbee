import { KnownError } from '../base/errors.ts';
import { limits } from '../base/limits.ts';

interface Waiting {
  readonly begin: () => Promise<void>;
  readonly giveUp: (why: KnownError) => void;
}

/**
 * Moves of a clock, made one after another in the order they were asked for, and what must not wait for them: a reset
 * takes the place of those that wait, and ends the one under way.
 */
export class ClockTurns {
  readonly #moves: Waiting[] = [];
  readonly #resets: Waiting[] = [];
  #underWay: AbortController | undefined;
  #isBusy = false;

  /**
   * Makes a move when its turn has come. It is to end soon when its signal is aborted, by throwing the reason.
   * @throws KnownError CONTROL_BUSY when too many wait, CLOCK_RESET when a reset came before its end; as `move` does
   */
  take<T>(move: (aborted: AbortSignal) => Promise<T>): Promise<T> {
    if (this.#moves.length >= limits.clockMovesMax) {
      const text = `clock: expected at most ${limits.clockMovesMax} moves to wait, got more`;
      return Promise.reject(new KnownError('CONTROL_BUSY', text));
    }
    return this.#arrange(this.#moves, move);
  }

  /** Takes a step before all moves that wait, which are given up, as is the one under way. */
  interrupt<T>(step: () => Promise<T>): Promise<T> {
    const why = interrupted();
    for (const move of this.#moves.splice(0)) move.giveUp(why);
    this.#underWay?.abort(why);
    return this.#arrange(this.#resets, step);
  }

  #arrange<T>(line: Waiting[], step: (aborted: AbortSignal) => Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      const begin = async (): Promise<void> => {
        const aborter = new AbortController();
        // A reset is broken off by nobody.
        this.#underWay = line === this.#moves ? aborter : undefined;
        try {
          resolve(await step(aborter.signal));
        } catch (error) {
          reject(error);
        }
      };
      line.push({ begin, giveUp: reject });
      if (!this.#isBusy) void this.#run();
    });
  }

  async #run(): Promise<void> {
    this.#isBusy = true;
    for (;;) {
      const next = this.#resets.shift() ?? this.#moves.shift();
      if (next === undefined) break;
      await next.begin();
    }
    this.#underWay = undefined;
    this.#isBusy = false;
  }
}

function interrupted(): KnownError {
  return new KnownError(
    'CLOCK_RESET',
    'clock: expected to be moved, got a reset of the server before that',
  );
}
