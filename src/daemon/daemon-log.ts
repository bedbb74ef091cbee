import type { Clock, EpochMs } from '../base/clock.ts';
import { type LogText, logPrefix, type PrefixStyle } from '../text/debug-log.ts';
import type { LogFile } from './log-file.ts';

/** Where one daemon's debug-log lines go: they get its prefix, computed once a second. */
export class DaemonLog {
  readonly #daemon: string;
  readonly #file: LogFile | undefined;
  readonly #clock: Clock;
  readonly #style: PrefixStyle;
  /** The second that the prefix is of. */
  #from = Number.POSITIVE_INFINITY;
  #prefix = '';

  constructor(
    daemon: string,
    { file, clock, style }: { file: LogFile | undefined; clock: Clock; style: PrefixStyle },
  ) {
    this.#daemon = daemon;
    this.#file = file;
    this.#clock = clock;
    this.#style = style;
  }

  /** False when nobody reads the lines: then they need not be made. */
  get written(): boolean {
    return this.#file !== undefined;
  }

  /** A line as of now, or as of `at`: who knows the time already spares asking for it. */
  line(text: string, at: EpochMs = this.#clock.now()): void {
    this.#file?.write(`${this.#prefixAt(at)}${text}\n`);
  }

  lines(texts: readonly LogText[]): void {
    if (this.#file === undefined) return;
    const prefix = this.#prefixAt(this.#clock.now());
    let all = '';
    for (const text of texts) {
      all += typeof text === 'string' ? `${prefix}${text}\n` : `${text.bare}\n`;
    }
    this.#file.write(all);
  }

  #prefixAt(at: EpochMs): string {
    if (at < this.#from || at >= this.#from + 1000) {
      this.#from = Math.floor(at / 1000) * 1000;
      this.#prefix = logPrefix(at, this.#daemon, this.#style);
    }
    return this.#prefix;
  }
}
