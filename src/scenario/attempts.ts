import type { Traffic } from '../daemon/traffic.ts';

/** Turns of the event loop in which clients that lose their connections at the same time come to hear of it. */
const HEARING_TURNS = 4;
/** An attempt that takes longer, on the machine's clock, holds up nobody else: its server may be frozen. */
const ATTEMPT_MS_MAX = 1_000;

interface Attempt {
  readonly rank: number;
  readonly make: () => Promise<void>;
  readonly done: () => void;
}

/**
 * Attempts of several clients to get back what they lost at the same moment, made one after another in an order of
 * their own: who is first at a socket would be chance, and whoever gets the last license with it.
 */
export class Attempts {
  readonly #traffic: Traffic;
  readonly #held: boolean;
  readonly #waiting: Attempt[] = [];
  #running = false;

  /** `held`: none is made before `make` is called, for who knows when all have heard. */
  constructor(traffic: Traffic, held: boolean) {
    this.#traffic = traffic;
    this.#held = held;
  }

  /** Resolves when it was made, or takes too long. */
  take(rank: number, make: () => Promise<void>): Promise<void> {
    const made = new Promise<void>((done) => this.#waiting.push({ rank, make, done }));
    if (!this.#held) void this.make();
    return made;
  }

  /** Makes those that wait; resolves when they are made. */
  async make(): Promise<void> {
    if (this.#running || this.#waiting.length === 0) return;
    await this.#traffic.during(this.#run());
  }

  async #run(): Promise<void> {
    this.#running = true;
    for (let turn = 0; turn < HEARING_TURNS; turn++)
      await new Promise((next) => setImmediate(next));
    for (;;) {
      const [next] = this.#waiting.sort((a, b) => a.rank - b.rank).splice(0, 1);
      if (next === undefined) break;
      await inTime(next.make());
      next.done();
    }
    this.#running = false;
  }
}

async function inTime(attempt: Promise<void>): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ATTEMPT_MS_MAX);
  });
  await Promise.race([attempt, late]);
  clearTimeout(timer);
}
