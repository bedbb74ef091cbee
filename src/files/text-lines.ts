import { createReadStream } from 'node:fs';
import { Readable } from 'node:stream';
import { KnownError } from '../base/errors.ts';
import { limits } from '../base/limits.ts';
import { decodeText } from '../domain/text-encoding.ts';
import { gunzipped, isGzip } from './gunzip.ts';
import { shownPath, systemReason } from './system-reasons.ts';

const NEWLINE = 10;

/**
 * The lines of a file, or of standard input without a path, one by one: a file of any size takes the memory of a
 * chunk. What is gzipped, as its first bytes say, is unpacked. A line longer than `limits.lineCharactersMax` bytes is
 * cut off there. Each is UTF-8 where it can be, else Latin-1.
 * @throws KnownError FILE_UNREADABLE
 */
export async function* textLines(path: string | undefined): AsyncGenerator<string> {
  const name = path === undefined ? 'standard input' : shownPath(path);
  const stream = path === undefined ? process.stdin : createReadStream(path);
  const line = new PartLine();
  try {
    for await (const chunk of unpacked(stream as AsyncIterable<Buffer>)) {
      let start = 0;
      for (let end = chunk.indexOf(NEWLINE); end >= 0; end = chunk.indexOf(NEWLINE, start)) {
        line.add(chunk.subarray(start, end));
        yield line.take();
        start = end + 1;
      }
      line.add(chunk.subarray(start));
    }
  } catch (cause) {
    const text = `${name}: expected a readable file, got: ${systemReason(cause)}`;
    throw new KnownError('FILE_UNREADABLE', text, { path }, { cause });
  }
  if (line.size > 0) yield line.take();
}

async function* unpacked(bytes: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const chunks = bytes[Symbol.asyncIterator]();
  const first = await chunks.next();
  if (first.done) return;
  const all = followed(first.value, { [Symbol.asyncIterator]: () => chunks });
  yield* isGzip(first.value) ? gunzipped(Readable.from(all)) : all;
}

async function* followed(first: Buffer, rest: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  yield first;
  yield* rest;
}

/** A line that comes in pieces. */
class PartLine {
  #pieces: Buffer[] = [];
  size = 0;

  add(piece: Buffer): void {
    const room = limits.lineCharactersMax - this.size;
    if (room <= 0 || piece.length === 0) return;
    const kept = piece.length > room ? piece.subarray(0, room) : piece;
    this.#pieces.push(kept);
    this.size += kept.length;
  }

  take(): string {
    const bytes = this.#pieces.length === 1 ? this.#pieces[0]! : Buffer.concat(this.#pieces);
    this.#pieces = [];
    this.size = 0;
    return decodeText('', bytes).text.replace(/\r$/, '');
  }
}
