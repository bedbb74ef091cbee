import type { Clock, EpochMs } from '../base/clock.ts';
import { type LogText, logPrefix, type PrefixStyle } from '../text/debug-log.ts';
import type { LogFile } from './log-file.ts';

/** Where one daemon's debug-log lines go: they get its prefix, computed once a second. */
export class DaemonLog {
  readonly #daemon: string;
  /** The server's log, and a daemon's own if it has one. */
  readonly #common: LogFile | undefined;
  #file: LogFile | undefined;
  readonly #clock: Clock;
  readonly #style: PrefixStyle;
  /** The second that the prefix is of. */
  #from = Number.POSITIVE_INFINITY;
  #prefix = '';
  #prefixBytes: Uint8Array = new Uint8Array();

  constructor(
    daemon: string,
    { file, clock, style }: { file: LogFile | undefined; clock: Clock; style: PrefixStyle },
  ) {
    this.#daemon = daemon;
    this.#common = file;
    this.#file = file;
    this.#clock = clock;
    this.#style = style;
  }

  /** Lines go to this file from now on; to the server's log again with undefined. */
  writeTo(file: LogFile | undefined): void {
    this.#file = file ?? this.#common;
  }

  /** What a log says of lines that it lost. */
  readonly lossLine = (lines: number): string => {
    const prefix = logPrefix(this.#clock.now(), this.#daemon, this.#style);
    return `${prefix}fauxlm: ${lines} lines before this were lost: nobody took them\n`;
  };

  /** False when nobody reads the lines: then they need not be made. */
  get written(): boolean {
    return this.#file !== undefined;
  }

  /** A line as of now, or as of `at`: who knows the time already spares asking for it. */
  line(text: string, at: EpochMs = this.#clock.now()): void {
    this.#file?.write(`${this.#prefixAt(at)}${text}\n`);
  }

  /** The same of a line that is there as bytes, with its line feed. */
  rawLine(line: Uint8Array, at: EpochMs): void {
    if (this.#file === undefined) return;
    this.#prefixAt(at);
    this.#file.writeLine(this.#prefixBytes, line);
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
      this.#prefixBytes = Buffer.from(this.#prefix);
    }
    return this.#prefix;
  }
}
