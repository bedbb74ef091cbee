import type { ServerResponse } from 'node:http';
import { KnownError } from '../base/errors.ts';
import { limits } from '../base/limits.ts';

/** Silence that proxies take for the end of a connection lasts longer. */
const KEEP_ALIVE_MS = 15_000;

/** How many streams a control plane sends at a time, of whatever kind. */
export class StreamPlaces {
  #taken = 0;

  /** A place until the response is closed. @throws KnownError CONTROL_BUSY when there are as many as may be */
  take(response: ServerResponse): void {
    if (this.#taken >= limits.httpStreamsMax) {
      const text = `expected at most ${limits.httpStreamsMax} streams at a time, got one more`;
      throw new KnownError('CONTROL_BUSY', text);
    }
    this.#taken++;
    response.once('close', () => {
      this.#taken--;
    });
  }
}

/** An answer of Server-Sent Events, which has no end by itself. A reader that is slow blocks it, and nothing else. */
export class EventResponse {
  readonly #response: ServerResponse;
  readonly #silence: NodeJS.Timeout;
  #isBlocked = false;

  /** `comment` is for people who look; `drained` is called when a reader that was slow can take more. */
  constructor(
    response: ServerResponse,
    how: {
      readonly comment: string;
      readonly drained: () => void;
      readonly keepAliveMs?: number;
    },
  ) {
    this.#response = response;
    response.writeHead(200, {
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
    });
    this.#silence = setTimeout(() => this.#breakSilence(), how.keepAliveMs ?? KEEP_ALIVE_MS);
    this.#silence.unref();
    response.once('close', () => clearTimeout(this.#silence));
    response.on('drain', () => {
      this.#isBlocked = false;
      how.drained();
    });
    this.write(`: ${how.comment}\n\n`);
  }

  /** What is written now would have to be kept until its reader takes it, or for ever. */
  get isBlocked(): boolean {
    return this.#isBlocked || this.#response.destroyed || this.#response.writableEnded;
  }

  /** Whole frames or comments. */
  write(text: string): void {
    if (!this.#response.destroyed) this.#silence.refresh();
    this.#isBlocked = !this.#response.write(text);
  }

  end(): void {
    this.#response.end();
  }

  #breakSilence(): void {
    if (this.isBlocked) this.#silence.refresh();
    else this.write(': still here\n\n');
  }
}

/** JSON has no line break of its own: one line of data is enough. */
export function eventFrame(name: string, json: string, id?: number): string {
  return `${id === undefined ? '' : `id: ${id}\n`}event: ${name}\ndata: ${json}\n\n`;
}
