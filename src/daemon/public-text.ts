import { limits } from '../base/limits.ts';
import { messages } from '../wire/messages/index.ts';
import { HEADER_BYTES } from '../wire/outbox.ts';
import type { Peer } from './peer.ts';

/** Room for text in one reply: the rest of the frame is header and fixed fields. */
const TEXT_BYTES_MAX = limits.frameBytesMax - HEADER_BYTES - 8;

/** Text for one public reply, which has a 16-bit length. */
export interface PublicText {
  /** The text and a NUL. */
  readonly bytes: Buffer;
  /** False when some items did not fit. */
  readonly complete: boolean;
}

/** Joins as many whole items as fit one reply. */
export function fitting(items: Iterable<string>, separator: string): PublicText {
  const kept: string[] = [];
  let size = 0;
  let complete = true;
  for (const item of items) {
    size += Buffer.byteLength(item, 'utf8') + separator.length;
    if (size > TEXT_BYTES_MAX) {
      complete = false;
      break;
    }
    kept.push(item);
  }
  return { bytes: Buffer.from(`${kept.join(separator)}\0`, 'utf8'), complete };
}

/** A reader takes the first NUL for the end of a text. */
export function withoutNul(text: string): string {
  return text.includes('\0') ? text.replaceAll('\0', '') : text;
}

/** Answers with text that ends in a NUL, as commands and feature lists are answered; `time` in Unix seconds. */
export function writeText(peer: Peer, text: Buffer, time: number): void {
  messages.textAnswer.write(peer.out, { unknown: 0, textBytes: text.length, text }, time);
}
