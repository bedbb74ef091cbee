/** Somebody with more to do than was good to do at once. */
export interface Turn {
  /** Does some of it, and asks for another turn if there is more. */
  turn(): void;
}

/** Somebody with answers to send. */
export interface Answered {
  sendAnswers(): void;
}

/** How long everybody's turns of one round may take together: a new client waits for one round at most. */
const ROUND_MS = 4;

/**
 * What is left for the end of a turn of the event loop. First the answers of everybody who was heard in it: all writes
 * together wake a client on the same machine once, where a write after each read has the server interrupted by every
 * one of them (a sixth of its time). Then who has more to say than one turn allows, in the order they asked: between
 * two rounds everybody else is served, however many long answers are on their way.
 */
export class Rounds {
  readonly #waiting = new Set<Turn>();
  /** As many of them as `#count` says; a list that is emptied and filled again would grow anew each turn. */
  readonly #answered: (Answered | undefined)[] = [];
  #count = 0;
  #arranged = false;
  #heardLast: Answered | undefined;

  /** Gives `who` a turn in the next round; asking twice is asking once. */
  add(who: Turn): void {
    this.#waiting.add(who);
    this.#arrange();
  }

  delete(who: Turn & Answered): void {
    this.#waiting.delete(who);
    if (this.#heardLast === who) this.#heardLast = undefined;
  }

  /** Has `who` send its answers once everything that has come by now is answered. Who asks twice is asked twice. */
  send(who: Answered): void {
    this.#answered[this.#count++] = who;
    this.#arrange();
  }

  /**
   * Whether nobody else was heard since `who` was last: then it may send at once, as there is nobody to wait for. At
   * the end of each turn a client that has the server for itself had three answers where it has four now.
   */
  isAlone(who: Answered): boolean {
    const isAlone = this.#heardLast === who;
    this.#heardLast = who;
    return isAlone;
  }

  #arrange(): void {
    if (this.#arranged) return;
    this.#arranged = true;
    setImmediate(() => this.#round());
  }

  #round(): void {
    this.#arranged = false;
    // One that is asked may have others ask: they belong to this round.
    for (let at = 0; at < this.#count; at++) {
      const who = this.#answered[at]!;
      this.#answered[at] = undefined;
      who.sendAnswers();
    }
    this.#count = 0;
    if (this.#waiting.size === 0) return;
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
