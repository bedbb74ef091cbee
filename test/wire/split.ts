import { MessageSplitter, type WireFault } from '../../src/wire/splitter.ts';

/** What a splitter told its sink. */
export type Told =
  | { readonly frame: number; readonly hex: string }
  | { readonly legacy: number; readonly hex: string }
  | { readonly fault: WireFault };

/** Pushes pieces into one splitter; every piece is overwritten afterwards, as a socket's buffer may be. */
export function split(...pieces: readonly Uint8Array[]): readonly Told[] {
  return splitBy(new MessageSplitter(), pieces);
}

export function splitBy(splitter: MessageSplitter, pieces: readonly Uint8Array[]): readonly Told[] {
  const told: Told[] = [];
  const hex = (bytes: Buffer, start: number, end: number): string =>
    bytes.toString('hex', start, end);
  for (const piece of pieces) {
    const chunk = Buffer.from(piece);
    splitter.push(chunk, {
      frame: (type, bytes, start, end) => told.push({ frame: type, hex: hex(bytes, start, end) }),
      legacy: (kind, bytes, start) =>
        told.push({ legacy: kind, hex: hex(bytes, start, start + 147) }),
      fault: (fault) => told.push({ fault }),
    });
    chunk.fill(0xff);
  }
  return told;
}
