import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { KnownError } from '../../base/errors.ts';
import { gunzipped, isGzip } from '../../files/gunzip.ts';
import { shownPath, systemReason } from '../../files/system-reasons.ts';

const CHUNK_BYTES = 512 * 1024;

/**
 * Hands the bytes of a log to `take` chunk by chunk, from byte `from` of it on, unpacked when the file is gzipped (as
 * its first bytes say). A chunk is only valid until the next one. `take` says whether it wants more.
 * @throws KnownError FILE_UNREADABLE
 */
export async function readLog(
  path: string,
  take: (chunk: Buffer) => boolean,
  from = 0,
): Promise<void> {
  try {
    if (await isGzipped(path)) await readPacked(path, take, from);
    else await readPlain(path, take, from);
  } catch (cause) {
    if (cause instanceof KnownError || !isSystemError(cause)) throw cause;
    throw unreadable(path, cause);
  }
}

/** How many bytes the log has, unpacked: a gzipped one says so at its end, modulo 2^32. */
export async function contentBytes(path: string): Promise<number> {
  try {
    const packed = await isGzipped(path);
    const file = await open(path);
    try {
      const { size } = await file.stat();
      if (!packed) return size;
      const { buffer } = await file.read(Buffer.alloc(4), 0, 4, Math.max(0, size - 4));
      return buffer.readUInt32LE();
    } finally {
      await file.close();
    }
  } catch (cause) {
    throw isSystemError(cause) ? unreadable(path, cause) : cause;
  }
}

async function isGzipped(path: string): Promise<boolean> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(2), 0, 2, 0);
    return isGzip(buffer.subarray(0, bytesRead));
  } finally {
    await file.close();
  }
}

async function readPlain(
  path: string,
  take: (chunk: Buffer) => boolean,
  from: number,
): Promise<void> {
  const file = await open(path);
  try {
    // One is read while the other is worked on.
    let [buffer, next] = [Buffer.allocUnsafeSlow(CHUNK_BYTES), Buffer.allocUnsafeSlow(CHUNK_BYTES)];
    let { bytesRead } = await file.read(buffer, 0, CHUNK_BYTES, from);
    for (let position = from + bytesRead; bytesRead > 0; position += bytesRead) {
      const reading = file.read(next, 0, CHUNK_BYTES, position);
      // It is not waited for when nobody wants it.
      reading.catch(() => {});
      if (!take(buffer.subarray(0, bytesRead))) return;
      ({ bytesRead } = await reading);
      [buffer, next] = [next, buffer];
    }
  } finally {
    await file.close();
  }
}

async function readPacked(
  path: string,
  take: (chunk: Buffer) => boolean,
  from: number,
): Promise<void> {
  const packed = createReadStream(path, { highWaterMark: CHUNK_BYTES });
  let skip = from;
  for await (const chunk of gunzipped(packed, CHUNK_BYTES)) {
    const rest = chunk.subarray(Math.min(skip, chunk.length));
    skip -= chunk.length - rest.length;
    if (rest.length > 0 && !take(rest)) return;
  }
}

function isSystemError(cause: unknown): cause is NodeJS.ErrnoException {
  return cause instanceof Error && 'code' in cause;
}

function unreadable(path: string, cause: unknown): KnownError {
  const text = `${shownPath(path)}: expected a readable log, got: ${systemReason(cause)}`;
  return new KnownError('FILE_UNREADABLE', text, { path }, { cause });
}
