import type { Clock } from '../base/clock.ts';
import { type LogText, logPrefix, type PrefixStyle } from '../text/debug-log.ts';
import type { LogFile } from './log-file.ts';

/** Where one daemon's debug-log lines go: they get its prefix, computed once a second. */
export class DaemonLog {
  readonly #daemon: string;
  readonly #file: LogFile | undefined;
  readonly #clock: Clock;
  readonly #style: PrefixStyle;
  #second = Number.NaN;
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

  line(text: string): void {
    this.#file?.write(`${this.#prefixNow()}${text}\n`);
  }

  lines(texts: readonly LogText[]): void {
    if (this.#file === undefined) return;
    const prefix = this.#prefixNow();
    let all = '';
    for (const text of texts) {
      all += typeof text === 'string' ? `${prefix}${text}\n` : `${text.bare}\n`;
    }
    this.#file.write(all);
  }

  #prefixNow(): string {
    const now = this.#clock.now();
    const second = Math.floor(now / 1000);
    if (second !== this.#second) {
      this.#second = second;
      this.#prefix = logPrefix(now, this.#daemon, this.#style);
    }
    return this.#prefix;
  }
}
