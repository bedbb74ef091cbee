import { readSync } from 'node:fs';
import { KnownError } from '../base/errors.ts';
import { limits } from '../base/limits.ts';

const CHUNK_BYTES = 64 * 1024;
/** How long to wait for a writer that has nothing to say yet. */
const WAIT_MS = 20;
const STANDARD_INPUT = 0;

/**
 * All that comes on standard input, to its end.
 * @throws KnownError FILE_TOO_LARGE over `limits.fileBytesMax`, FILE_UNREADABLE if it is closed.
 */
export function readStandardInput(): Uint8Array {
  const chunks: Buffer[] = [];
  let total = 0;
  for (;;) {
    const chunk = Buffer.allocUnsafe(CHUNK_BYTES);
    const count = readSome(chunk);
    if (count === 0) return Buffer.concat(chunks, total);
    chunks.push(chunk.subarray(0, count));
    total += count;
    if (total > limits.fileBytesMax) {
      const text = `standard input: expected at most ${limits.fileBytesMax} bytes, got more`;
      throw new KnownError('FILE_TOO_LARGE', text);
    }
  }
}

/** 0 at the end. */
function readSome(chunk: Buffer): number {
  for (;;) {
    try {
      return readSync(STANDARD_INPUT, chunk);
    } catch (cause) {
      const { code } = cause as NodeJS.ErrnoException;
      // Windows ends a pipe so.
      if (code === 'EOF') return 0;
      if (code !== 'EAGAIN') {
        const text = `standard input: expected bytes, got: ${code ?? String(cause)}`;
        throw new KnownError('FILE_UNREADABLE', text, {}, { cause });
      }
      // A pipe that another program has made non-blocking.
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, WAIT_MS);
    }
  }
}
