import { connect, type Socket } from 'node:net';
import { growthPerSecond } from '../harness.ts';

/**
 * The client of all that answer over a plain socket, ours included: acquire, wait, release, wait, again. It does as
 * little of its own as will do, so that what is compared is who answers.
 */
export interface Dialogue {
  /** Said once, and answered once, before the first pair. */
  readonly opening?: Buffer;
  readonly acquire: Buffer;
  /** What gives back what `answer` has granted. @throws when it is no grant */
  release(answer: Buffer): Buffer;
  /** Looks at the answer to a release. @throws when it is no consent */
  released(answer: Buffer): void;
  /** Bytes of the first answer in `bytes`; 0 when it is not whole. */
  answerBytes(bytes: Buffer): number;
}

export interface DialogueLoad {
  readonly connections: number;
  readonly durationMs: number;
}

/** Pairs a second after a warm-up of a fifth of the time. */
export async function runDialogue(
  port: number,
  dialogue: Dialogue,
  { connections, durationMs }: DialogueLoad,
): Promise<number> {
  const speakers = await Promise.all(
    Array.from({ length: connections }, () => Speaker.open(port, dialogue)),
  );
  const failed = new Promise<never>((_, reject) => {
    for (const each of speakers) each.start(reject);
  });
  const pairs = (): number => speakers.reduce((sum, each) => sum + each.pairs, 0);
  try {
    return await growthPerSecond(pairs, durationMs, failed);
  } finally {
    await Promise.all(speakers.map((each) => each.close()));
  }
}

/** What all connections read into, one after the other: a buffer for each read would cost more than the rest. */
const readBuffer = Buffer.allocUnsafeSlow(64 * 1024);

/** One connection that runs pairs, one request in flight. */
class Speaker {
  pairs = 0;
  readonly #socket: Socket;
  readonly #dialogue: Dialogue;
  #rest: Buffer | undefined;
  #holds = false;
  #closing = false;
  #closed = () => {};
  #opened: (() => void) | undefined;
  #failed: (error: unknown) => void;

  private constructor(socket: Socket, dialogue: Dialogue, failed: (error: unknown) => void) {
    this.#socket = socket;
    this.#dialogue = dialogue;
    this.#failed = failed;
    socket.on('error', (error) => this.#fail(error));
    socket.on('close', () => {
      if (!this.#closing) this.#fail(new Error('the peer closed the connection'));
      this.#closed();
    });
  }

  static open(port: number, dialogue: Dialogue): Promise<Speaker> {
    return new Promise((resolve, reject) => {
      const callback = (length: number): boolean => {
        speaker.#receive(readBuffer.subarray(0, length));
        return true;
      };
      const onread = { buffer: readBuffer, callback };
      const socket = connect({ port, host: '127.0.0.1', noDelay: true, onread });
      const speaker = new Speaker(socket, dialogue, reject);
      socket.once('connect', () => {
        if (dialogue.opening === undefined) return resolve(speaker);
        speaker.#opened = () => resolve(speaker);
        socket.write(dialogue.opening);
      });
    });
  }

  start(failed: (error: unknown) => void): void {
    this.#failed = failed;
    this.#socket.write(this.#dialogue.acquire);
  }

  /** Ends the pair that is on its way, so that no seat stays out. */
  close(): Promise<void> {
    return new Promise((resolve) => {
      this.#closing = true;
      this.#closed = resolve;
      if (this.#socket.destroyed) resolve();
    });
  }

  /** `chunk` is overwritten by the next read. */
  #receive(chunk: Buffer): void {
    const bytes = this.#rest === undefined ? chunk : Buffer.concat([this.#rest, chunk]);
    const size = this.#dialogue.answerBytes(bytes);
    this.#rest = size === bytes.length ? undefined : Buffer.from(bytes);
    if (size === 0) return;
    if (size < bytes.length) return this.#fail(new Error('more than one answer to one request'));
    if (this.#opened !== undefined) {
      this.#opened();
      this.#opened = undefined;
      return;
    }
    try {
      this.#answered(bytes);
    } catch (error) {
      this.#fail(error);
    }
  }

  #fail(error: unknown): void {
    this.#failed(error);
    this.#socket.destroy();
  }

  #answered(answer: Buffer): void {
    this.#holds = !this.#holds;
    if (this.#holds) {
      this.#socket.write(this.#dialogue.release(answer));
      return;
    }
    this.#dialogue.released(answer);
    this.pairs++;
    if (!this.#closing) this.#socket.write(this.#dialogue.acquire);
    else this.#socket.destroy();
  }
}
