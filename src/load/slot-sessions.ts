import type { Session } from './session.ts';

/**
 * The sessions over one connection. Mostly it is one, which comes and goes tens of thousands of times a second: a set
 * that is emptied and filled again makes its table anew each time.
 */
export class SlotSessions {
  #one: Session | undefined;
  readonly #others = new Set<Session>();

  add(session: Session): void {
    if (this.#one === undefined && this.#others.size === 0) this.#one = session;
    else if (this.#one !== session) this.#others.add(session);
  }

  delete(session: Session): void {
    if (this.#one === session) this.#one = undefined;
    else this.#others.delete(session);
  }

  /** Those that there are now, in the order in which they came. */
  all(): readonly Session[] {
    return this.#one === undefined ? [...this.#others] : [this.#one, ...this.#others];
  }
}
