/** Steps taken one after another, in the order they were asked for: a step begins when the one before has ended. */
export class Turns {
  #last: Promise<unknown> = Promise.resolve();

  /** Gives what `step` gives, when its turn has come; that one step fails is no matter of the next. */
  take<T>(step: () => Promise<T>): Promise<T> {
    const turn = this.#last.then(step);
    this.#last = turn.catch(() => {});
    return turn;
  }
}
