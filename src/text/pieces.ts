/** What a pipe takes at once: a longer text is written in pieces of about this length. */
export const PIECE_CHARACTERS = 65_536;

/**
 * Gathers small texts (lines, mostly) into pieces of at least PIECE_CHARACTERS, the last one
 * shorter. A piece is longer by less than the text that filled it. Nothing is kept once it was
 * given out, so a list of any length costs one piece of memory.
 */
export function* gatherPieces(texts: Iterable<string>): Generator<string, void, undefined> {
  let piece = '';
  for (const text of texts) {
    piece += text;
    if (piece.length < PIECE_CHARACTERS) continue;
    yield piece;
    piece = '';
  }
  if (piece !== '') yield piece;
}
