import type { Cancel, Clock } from '../base/clock.ts';
import type { Notice, NoticeLevel } from '../daemon/server-config.ts';

/** Of one kind of notice so many are told as they come ... */
const TOLD_MAX = 10;
/** ... in such a time from the first; the others are counted, and told as one at its end. */
const WINDOW_MS = 10_000;

interface Window {
  told: number;
  untold: number;
  /** Of the latest that was not told. */
  details: Readonly<Record<string, unknown>>;
  level: NoticeLevel | undefined;
  readonly end: Cancel;
}

/** A client may provoke the same notice a thousand times a second: what reaches the log is bounded. */
export class RepeatedNotices {
  readonly #tell: Notice;
  readonly #clock: Clock;
  readonly #windows = new Map<string, Window>();

  constructor(tell: Notice, clock: Clock) {
    this.#tell = tell;
    this.#clock = clock;
  }

  readonly notice: Notice = (what, details, level) => {
    const window = this.#windows.get(what) ?? this.#open(what);
    if (window.told < TOLD_MAX) {
      window.told++;
      return this.#tell(what, details, level);
    }
    window.untold++;
    window.details = details;
    window.level = level;
  };

  #open(what: string): Window {
    const end = this.#clock.schedule(this.#clock.now() + WINDOW_MS, () => this.#close(what));
    const window: Window = { told: 0, untold: 0, details: {}, level: undefined, end };
    this.#windows.set(what, window);
    return window;
  }

  #close(what: string): void {
    const { untold, details, level, end } = this.#windows.get(what)!;
    end();
    this.#windows.delete(what);
    if (untold > 0) this.#tell(what, { ...details, repeated: untold }, level);
  }

  /** Tells what was counted. */
  close(): void {
    for (const what of [...this.#windows.keys()]) this.#close(what);
  }
}
