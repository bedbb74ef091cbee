/**
 * Text on the wire. The public messages carry bytes of no declared encoding; we write UTF-8 and read UTF-8
 * where it is valid, else Latin-1, so old clients with accented names come out right as well.
 */

/** Text of `bytes[start..end)`: UTF-8 if it is, else Latin-1. */
export function readText(bytes: Buffer, start: number, end: number): string {
  const text = bytes.toString('latin1', start, end);
  return isAscii(text) ? text : readAccented(bytes.subarray(start, end), text);
}

function readAccented(bytes: Buffer, latin1: string): string {
  const text = bytes.toString('utf8');
  // The replacement character stands for broken UTF-8, or for itself.
  const isUtf8 = !text.includes('\ufffd') || Buffer.from(text, 'utf8').equals(bytes);
  return isUtf8 ? text : latin1;
}

function isAscii(text: string): boolean {
  for (let at = 0; at < text.length; at++) if (text.charCodeAt(at) > 0x7f) return false;
  return true;
}

/** The UTF-8 bytes of `text`, at most `bytesMax` of them, never cutting a character in two. */
export function utf8Within(text: string, bytesMax: number): Buffer {
  // A UTF-16 unit makes at least one byte, so more units than this cannot matter.
  const bytes = Buffer.from(text.length > bytesMax ? text.slice(0, bytesMax + 1) : text, 'utf8');
  if (bytes.length <= bytesMax) return bytes;
  let end = bytesMax;
  while (end > 0 && (bytes[end]! & 0xc0) === 0x80) end--;
  return bytes.subarray(0, end);
}
