import { connect, type Socket } from 'node:net';

/**
 * A client for answers by the hundred megabyte: counts messages by type as they come and keeps none. It reads only
 * when told to.
 */
export class BulkClient {
  readonly socket: Socket;
  /** Whole messages by type: a frame's number, or a 147-byte message's letter. */
  readonly counts = new Map<number | string, number>();
  bytes = 0;
  closed = false;
  #kept = Buffer.alloc(0);
  #wake: (() => void) | undefined;

  private constructor(socket: Socket) {
    this.socket = socket;
    socket.pause();
    socket.on('data', (chunk: Buffer) => this.#count(chunk));
    socket.on('error', () => {});
    // Half-open, so that a test may close its side first.
    socket.on('end', () => socket.end());
    socket.on('close', () => {
      this.closed = true;
      this.#wake?.();
    });
  }

  static open(port: number): Promise<BulkClient> {
    return new Promise((resolve, reject) => {
      const socket = connect({ port, host: '127.0.0.1', noDelay: true, allowHalfOpen: true });
      socket.once('error', reject);
      socket.once('connect', () => resolve(new BulkClient(socket)));
    });
  }

  #count(chunk: Buffer): void {
    this.bytes += chunk.length;
    let left = this.#kept.length === 0 ? chunk : Buffer.concat([this.#kept, chunk]);
    while (left.length >= 6) {
      const isFrame = left[0] === 0x2f;
      const size = isFrame ? left.readUInt16BE(4) : 147;
      if (left.length < Math.max(size, 8)) break;
      const type = isFrame ? left.readUInt16BE(6) : String.fromCharCode(left[0]!);
      this.counts.set(type, (this.counts.get(type) ?? 0) + 1);
      left = left.subarray(size);
    }
    this.#kept = Buffer.from(left);
    this.#wake?.();
  }

  /** Sends and resolves when the kernel has taken it. */
  sent(bytes: Uint8Array): Promise<void> {
    return new Promise((done) => this.socket.write(bytes, () => done()));
  }

  /** Messages of a type so far. */
  heard(type: number | string): number {
    return this.counts.get(type) ?? 0;
  }

  /** Reads until so many messages of a type have come, or the server has closed. */
  async until(type: number | string, count: number): Promise<void> {
    this.socket.resume();
    while (this.heard(type) < count && !this.closed) {
      await new Promise<void>((wake) => {
        this.#wake = wake;
      });
    }
  }

  /** Reads until the server closes. */
  untilClosed(): Promise<void> {
    return this.until('never', 1);
  }

  end(): void {
    this.socket.destroy();
  }
}
