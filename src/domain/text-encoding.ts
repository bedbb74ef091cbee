import { KnownError } from '../base/errors.ts';
import type { Encoding, SourceText } from './source.ts';

/**
 * Reads a file's bytes as text so that `encodeText` gives the same bytes back: UTF-8 where they are
 * valid UTF-8 (a byte-order mark stays in the text), else one character a byte, U+0000 to U+00FF.
 * Old license files hold 8-bit Latin characters (End User Guide v10, ch. 2), never a declared
 * encoding.
 */
export function decodeText(name: string, bytes: Uint8Array): SourceText {
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    return { name, text, encoding: 'utf-8' };
  } catch {
    // Buffer's latin1 is the identity; TextDecoder's 'latin1' is windows-1252 and would lose bytes.
    const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    return { name, text: view.toString('latin1'), encoding: 'latin1' };
  }
}

/**
 * The bytes of a text.
 * @throws KnownError LICENSE_SYNTAX if a character does not fit the encoding: above U+00FF in
 * latin1.
 */
export function encodeText(text: string, encoding: Encoding): Uint8Array {
  if (encoding === 'utf-8') return Buffer.from(text, 'utf8');
  for (let i = 0; i < text.length; i++) {
    if (text.charCodeAt(i) > 0xff) {
      const character = String.fromCodePoint(text.codePointAt(i) ?? 0);
      throw new KnownError(
        'LICENSE_SYNTAX',
        `character ${i + 1}: expected Latin-1, as the rest of the file is, got "${character}"`,
        { offset: i },
      );
    }
  }
  return Buffer.from(text, 'latin1');
}
