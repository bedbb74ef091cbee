import fc from 'fast-check';

/** Any text a user, a file or a peer may bring: plain, of any script, with NULs and broken surrogates. */
export const anyText: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom('', 'solver', '2026.0', 'ansyslmd', 'Müller', 'ソルバー', '\0', 'a\0b', '\ufffd'),
  fc.string({ maxLength: 40 }),
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.array(fc.nat(0xffff), { maxLength: 20 }).map((units) => String.fromCharCode(...units)),
  fc.integer({ min: 1_000, max: 5_000 }).map((length) => 'é'.repeat(length)),
);

export const anyU8 = fc.nat(0xff);
export const anyU16 = fc.nat(0xffff);
export const anyU32 = fc.nat(0xffff_ffff);

/** What arrives of a text that went out as UTF-8: halves of surrogate pairs become U+FFFD. */
export function arriving(text: string): string {
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(new TextEncoder().encode(text));
}
