import type { EpochMs, MovableClock } from '../base/clock.ts';
import type { LogFiles } from './log-files.ts';
import type { Traffic } from './traffic.ts';

/** Moments without traffic between two looks at the sockets: 100,000 deadlines must not deafen a server. */
const MOMENTS_MAX = 1_000;
/** Characters of the log that may wait; a year's lines must not be lost for want of memory. */
const LOG_PENDING_MAX = 1024 * 1024;

/**
 * Moves the clock of one process. After each moment at which something fell due it waits for what follows at once:
 * answers and notices that go out, and what clients in this process say to them. A moment at which only the server's
 * own appointments fall due, and that moves no byte and tells no listener, costs no turn of the event loop.
 */
export class ClockMover {
  readonly #clock: MovableClock;
  readonly #traffic: Traffic;
  readonly #logs: LogFiles;

  constructor(clock: MovableClock, parts: { traffic: Traffic; logs: LogFiles }) {
    this.#clock = clock;
    this.#traffic = parts.traffic;
    this.#logs = parts.logs;
  }

  get next(): EpochMs | undefined {
    return this.#clock.next;
  }

  /**
   * What came before the move happens before it: connections that were closed, requests that were sent. Resolves
   * when all that follows has happened and the log has it. Ends at the moment it has come to when it is aborted.
   * @throws what a task threw; why it was aborted
   */
  async moveTo(
    target: EpochMs,
    { aborted }: { readonly aborted?: AbortSignal | undefined } = {},
  ): Promise<void> {
    await this.#traffic.settled();
    let moments = 0;
    try {
      let own = this.#traffic.ownTasks;
      for (const tasks of this.#clock.moments(target)) {
        aborted?.throwIfAborted();
        const foreign = tasks - (this.#traffic.ownTasks - own);
        own = this.#traffic.ownTasks;
        if (foreign > 0 || this.#traffic.stirred) await this.#traffic.settled();
        else if (++moments % MOMENTS_MAX === 0) await new Promise((turn) => setImmediate(turn));
        if (this.#logs.pending > LOG_PENDING_MAX) await this.#logs.flushed();
      }
    } finally {
      await this.#traffic.settled();
      await this.#logs.flushed();
    }
  }
}
