import { pipeline, type Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';

/** Whether what begins with these bytes is gzipped. */
export function isGzip([first, second]: Uint8Array): boolean {
  return first === 0x1f && second === 0x8b;
}

/** What was packed, chunk by chunk. Throws what reading or unpacking throws, but for an end that came too early. */
export async function* gunzipped(packed: Readable, chunkSize = 16 * 1024): AsyncGenerator<Buffer> {
  const unzip = createGunzip({ chunkSize });
  // Errors of both are those of the iteration.
  pipeline(packed, unzip, () => {});
  try {
    yield* unzip as AsyncIterable<Buffer>;
  } catch (cause) {
    // A log that was cut while it was packed, or is being packed, tells what it has.
    if ((cause as NodeJS.ErrnoException).code !== 'Z_BUF_ERROR') throw cause;
  } finally {
    packed.destroy();
  }
}
