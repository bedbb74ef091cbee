import type { Notice } from './server-config.ts';

/** How often the same thing is told again. */
const AGAIN_MS = 60_000;

/**
 * Tells of what may happen ten thousand times a second: the first time at once, then once a minute, how often it
 * has happened since. What is told is one of a few fixed texts.
 */
export class RareNotice {
  readonly #notice: Notice;
  readonly #told = new Map<string, { at: number; since: number }>();

  constructor(notice: Notice) {
    this.#notice = notice;
  }

  tell(what: string, details: Readonly<Record<string, unknown>> = {}): void {
    const now = performance.now();
    const last = this.#told.get(what);
    if (last !== undefined && now - last.at < AGAIN_MS) {
      last.since++;
      return;
    }
    this.#told.set(what, { at: now, since: 0 });
    this.#notice(what, last === undefined ? details : { ...details, times: last.since + 1 });
  }
}
