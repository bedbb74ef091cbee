import type { Socket } from 'node:net';
import { limits } from '../base/limits.ts';
import { farewellsMax } from './descriptors.ts';

/**
 * Last words to connections that are not taken. Closing at once on a client whose hello is on its way would break
 * the connection before it reads them: each waits a little for its client to close, and reads what comes.
 */
export class Farewells {
  readonly #waiting = new Set<Socket>();

  say(socket: Socket, words: Buffer): void {
    for (const oldest of this.#waiting) {
      if (this.#waiting.size < farewellsMax) break;
      this.#waiting.delete(oldest);
      oldest.destroy();
    }
    this.#waiting.add(socket);
    const timer = setTimeout(() => socket.destroy(), limits.closingMs);
    socket.on('error', () => {});
    socket.on('close', () => {
      clearTimeout(timer);
      this.#waiting.delete(socket);
    });
    socket.resume();
    socket.end(words);
  }

  /** Waits for nobody any more. */
  stop(): void {
    for (const socket of this.#waiting) socket.destroy();
  }
}
