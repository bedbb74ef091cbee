import type { WriteStream } from 'node:tty';
import type { Progress } from '../load/load-run.ts';

/** On a terminal the line is written over; elsewhere a line is said so often. */
const TERMINAL_MS = 500;
const LOG_MS = 10_000;

/** One line about a run that goes on. */
export class LoadProgress {
  readonly #stream: WriteStream;
  readonly #isTerminal: boolean;
  #toldAt = performance.now();
  #last = { atMs: 0, started: 0, granted: 0 };
  #isOpen = false;

  constructor(stream: WriteStream) {
    this.#stream = stream;
    this.#isTerminal = Boolean(stream.isTTY) && process.env['CI'] === undefined;
  }

  tell(progress: Progress): void {
    const everyMs = this.#isTerminal ? TERMINAL_MS : LOG_MS;
    if (performance.now() - this.#toldAt < everyMs || progress.atMs <= 0) return;
    this.#toldAt = performance.now();
    const line = this.#lineOf(progress);
    // Who reads slowly gets fewer lines, not a queue of them.
    if (this.#stream.writableLength > 0) return;
    this.#stream.write(this.#isTerminal ? `\r\x1b[K${line}` : `${line}\n`);
    this.#isOpen = this.#isTerminal;
  }

  end(): void {
    if (this.#isOpen) this.#stream.write('\r\x1b[K');
    this.#isOpen = false;
  }

  #lineOf({ atMs, durationMs, record, active }: Progress): string {
    const { counters, timings } = record;
    const seconds = Math.max((atMs - this.#last.atMs) / 1000, 0.001);
    const offered = (counters.arrivals - this.#last.started) / seconds;
    const accepted = (counters.granted - this.#last.granted) / seconds;
    this.#last = { atMs, started: counters.arrivals, granted: counters.granted };
    const p99 = timings.response.quantileMs(0.99);
    return [
      `${Math.round(atMs / 1000)}/${Math.round(durationMs / 1000)} s`,
      `offered ${offered.toFixed(0)}/s`,
      `granted ${accepted.toFixed(0)}/s`,
      `in use ${active}`,
      `denied ${counters.denied}`,
      ...(counters.failed > 0 ? [`failed ${counters.failed}`] : []),
      `p99 ${p99 === undefined ? '-' : `${p99.toFixed(2)} ms`}`,
      ...(counters.late > 0 ? [`late ${counters.late}`] : []),
    ].join(', ');
  }
}
