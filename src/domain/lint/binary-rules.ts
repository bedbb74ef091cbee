import type { LintRule } from './model.ts';
import { spot } from './places.ts';

/** What nobody types: controls but tab, line ends, the end of file of DOS (U+001A) and escape. */
const controls = /[\0-\x08\x0e-\x19\x1c-\x1f\x7f]/g;
/** A twentieth: of bytes by chance, as compressed ones are, it is a tenth; of UTF-16 it is half. */
const CONTROLS_OF = 20;
const LOOKED_AT_CHARACTERS = 64 * 1024;

/** How files begin that are given for license files, read as Latin-1. */
const beginnings: readonly (readonly [string, string])[] = [
  ['\xff\xfe', 'UTF-16: save it as UTF-8'],
  ['\xfe\xff', 'UTF-16: save it as UTF-8'],
  ['\x1f\x8b', 'a gzip archive: unpack it'],
  ['PK\x03\x04', 'a ZIP archive: unpack it'],
  ['\x7fELF', 'a program'],
  ['MZ', 'a program'],
  ['%PDF', 'a PDF'],
];

/** Of a file that is no text at all everything else that might be said is noise. */
export const binaryRules: readonly LintRule[] = [
  {
    id: 'not-text',
    severity: 'error',
    summary: 'a file that is no text',
    why:
      'License and options files are plain text. This one is an archive, a program or another ' +
      'binary file, or text in UTF-16, in which every other byte is 0: nothing in it can be read.',
    fix: 'Give the text file itself: unpack an archive, save UTF-16 as UTF-8.',
    source: 'LAG, "License File Format"',
    alone: true,
    *text(file) {
      const { text } = file.source;
      if (isText(text)) return;
      const known = beginnings.find(([beginning]) => text.startsWith(beginning));
      const got = known?.[1] ?? 'a binary file';
      yield spot(file, { line: 1, column: 1 }, `expected plain text, got ${got}`);
    },
  },
];

function isText(text: string): boolean {
  const looked = text.slice(0, LOOKED_AT_CHARACTERS);
  return (looked.match(controls)?.length ?? 0) * CONTROLS_OF <= looked.length;
}
