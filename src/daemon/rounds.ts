/** Somebody with more to do than was good to do at once. */
export interface Turn {
  /** Does some of it, and asks for another turn if there is more. */
  turn(): void;
}

/** How long everybody's turns of one round may take together: a new client waits for one round at most. */
const ROUND_MS = 4;

/**
 * Who has more to say than one turn allows, in the order they asked. Between two rounds everybody else is
 * served, however many long answers are on their way.
 */
export class Rounds {
  readonly #waiting = new Set<Turn>();
  #arranged = false;

  /** Gives `who` a turn in the next round; asking twice is asking once. */
  add(who: Turn): void {
    this.#waiting.add(who);
    this.#arrange();
  }

  delete(who: Turn): void {
    this.#waiting.delete(who);
  }

  #arrange(): void {
    if (this.#arranged) return;
    this.#arranged = true;
    setImmediate(() => this.#round());
  }

  #round(): void {
    this.#arranged = false;
    const until = performance.now() + ROUND_MS;
    let due = this.#waiting.size;
    for (const who of this.#waiting) {
      this.#waiting.delete(who);
      who.turn();
      if (--due === 0 || performance.now() > until) break;
    }
    if (this.#waiting.size > 0) this.#arrange();
  }
}
