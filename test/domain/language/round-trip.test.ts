import { describe, expect, test } from 'vitest';
import { KnownError } from '../../../src/base/errors.ts';
import { decodeText, encodeText } from '../../../src/domain/text-encoding.ts';
import {
  corpusIsHere,
  fixtures,
  languageNames,
  languages,
  meaningOf,
  type Reading,
  realFiles,
  type Sample,
  titleOfRealFiles,
} from './make.ts';

/** What a hand could type and no generator does, in each language's own words. */
const nasties: readonly (readonly [what: string, bytes: string | readonly number[]])[] = [
  ['nothing at all', ''],
  ['one line end', '\n'],
  ['one character', 'F'],
  ['a byte-order mark alone', '\ufeff'],
  ['a byte-order mark before a statement', '\ufeffSERVER a 1\nGROUP g a\n'],
  ['a byte-order mark where none belongs', 'SERVER a 1\n\ufeffGROUP g a\n'],
  ['CRLF', 'SERVER a 1\r\nGROUP g a\r\n'],
  ['both kinds of line end', 'SERVER a 1\r\nGROUP g a\nSERVER b 2\n\r\n\r'],
  ['lone carriage returns', 'SERVER a 1\rGROUP g a\r\r\n'],
  ['no final line end', 'SERVER a 1\nGROUP g a'],
  ['form feeds and vertical tabs', '\fSERVER\va\f1\v\nGROUP\fg\va\n'],
  ['tabs', '\tSERVER\ta\t\t1\t\nGROUP\tg\ta\t\n'],
  ['NULs', 'SERVER\0a 1\n\0\nGROUP g\0 a\n'],
  ['a continuation', 'SERVER a \\\n 1\nGROUP g \\\n a\n'],
  ['a continuation with blanks behind it', 'SERVER a \\ \t \n 1\nGROUP g \\ \r\n a\n'],
  ['a continuation with a comment behind it', 'SERVER a \\ # why\n 1\nGROUP g \\ #\n a\n'],
  ['a continuation at the end of the text', 'SERVER a 1 \\'],
  ['a continuation at the end of the last line', 'SERVER a 1 \\\n'],
  ['continuations of nothing', '\\\n\\\n\\\nSERVER a 1\n'],
  ['a continuation that swallows a statement', 'SERVER a 1 \\\nGROUP g a\n'],
  ['a continuation inside quotes', 'PACKAGE p v COMPONENTS="a \\\n\tb"\nGROUP "g \\\n h" a\n'],
  ['a continuation glued to a word', 'SERVER a\\\n1\nGROUP g\\\na\n'],
  ['a comment behind a statement', 'SERVER a 1 # why\nGROUP g a #why\n'],
  ['a comment that ends in a backslash', '# why \\\nSERVER a 1\n#\\\nGROUP g a\n'],
  ['quotes in the middle of a value', 'FEATURE f v 1 permanent 1 N=p="a b"c\nGROUP g a"b c"d\n'],
  ['quotes that are not closed', 'FEATURE f v 1 permanent 1 N="a b\nGROUP g "a b\n'],
  ['braces that are not closed', 'FEATURE f v 1 permanent 1 AUTH={ a={ b }\nGROUP g X={a\n'],
  ['backslashes that continue nothing', 'VENDOR v C:\\v\\d OPTIONS=\\x\nDEBUGLOG C:\\x\\ y\n'],
  ['Latin-1 bytes', [...Buffer.from('GROUP g J'), 0xfc, 0x72, 0x67, 0x0a, 0xff, 0x80, 0x0a]],
  ['half of a UTF-8 sequence at the end', [...Buffer.from('SERVER a 1\n# '), 0xe2, 0x80]],
  ['UTF-8 of every length', 'SERVER é 1\n# \u201c€\u201d 𝄞\nGROUP g\u00a0 a\u3000b\n'],
];

const bytesOf = (content: string | readonly number[]): Buffer =>
  typeof content === 'string' ? Buffer.from(content) : Buffer.from(content);

const handMade: readonly Sample[] = nasties.flatMap(([name, content]) =>
  languageNames.map((language) => ({ language, name, bytes: bytesOf(content) })),
);

function readSample({ language, name, bytes }: Sample): { readonly text: string } & Reading {
  const source = decodeText(name, bytes);
  return { text: source.text, ...languages[language](source) };
}

function printsBack(sample: Sample): void {
  const source = decodeText(sample.name, sample.bytes);
  const printed = encodeText(languages[sample.language](source).printed, source.encoding);
  expect(Buffer.compare(Buffer.from(printed), sample.bytes)).toBe(0);
}

/** Every character belongs to one line, every physical line to one line, in order. */
function tiles(sample: Sample): void {
  const { text, lines } = readSample(sample);
  let start = 0;
  let line = 1;
  for (const each of lines) {
    expect([each.start, each.line]).toEqual([start, line]);
    expect(each.end).toBeGreaterThan(start);
    expect(each.lineCount).toBe(text.slice(start, each.end).replace(/\n$/, '').split('\n').length);
    start = each.end;
    line += each.lineCount;
  }
  expect(start).toBe(text.length);
}

/** Replaces each line by itself: printed anew, all else stays, and it says what it said. */
function reprints(sample: Sample): number {
  const { text, lines, reprinted } = readSample(sample);
  let changed = 0;
  lines.forEach((line, index) => {
    if ('usable' in line && !line.usable) return;
    const printed = reprinted(index);
    if (printed === undefined) return;
    changed++;
    expect(printed.startsWith(text.slice(0, line.start)), `before line ${line.line}`).toBe(true);
    expect(printed.endsWith(text.slice(line.end)), `behind line ${line.line}`).toBe(true);
    const again = languages[sample.language]({ name: 'again', text: printed, encoding: 'utf-8' });
    expect(again.lines).toHaveLength(lines.length);
    expect(meaningOf(again.lines[index])).toEqual(meaningOf(line));
    expect(again.reprinted(index), 'a printed line is in its last form').toBe(printed);
  });
  return changed;
}

const titled = (samples: readonly Sample[]): readonly [string, Sample][] =>
  samples.map((sample) => [`${sample.language}: ${sample.name}`, sample]);

describe.each([
  ['a fixture', fixtures],
  ['a text with', handMade],
] as const)('%s', (_what, samples) => {
  test.each(titled(samples))('%s, prints back byte for byte', (_name, sample) => {
    printsBack(sample);
    tiles(sample);
  });
});

describe.skipIf(!corpusIsHere)(titleOfRealFiles('a real file'), () => {
  test.each(titled(realFiles))('%s, prints back byte for byte', (_name, sample) => {
    printsBack(sample);
    tiles(sample);
  });

  test.each(titled(realFiles))(
    '%s, says the same when its lines are printed anew',
    (_n, sample) => {
      reprints(sample);
    },
  );
});

test('each line of a fixture, printed from its fields, says what it said and leaves the rest alone', () => {
  const changed = fixtures.map(reprints);
  expect(changed.reduce((sum, count) => sum + count)).toBeGreaterThan(400);
});

test('bytes that are UTF-8 are read as UTF-8, all others one character a byte', () => {
  expect(decodeText('a', Buffer.from('\ufeffé𝄞'))).toEqual({
    name: 'a',
    text: '\ufeffé𝄞',
    encoding: 'utf-8',
  });
  expect(decodeText('a', Buffer.from([0x80, 0x93, 0xc3, 0xa9, 0xff]))).toEqual({
    name: 'a',
    text: '\x80\x93\xc3\xa9\xff',
    encoding: 'latin1',
  });
});

test('every byte there is comes back from a file in Latin-1', () => {
  const bytes = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte));
  const { text, encoding } = decodeText('all', bytes);
  expect(Buffer.from(encodeText(text, encoding))).toEqual(bytes);
});

test('a character that a file in Latin-1 cannot hold is refused, with its place', () => {
  expect(() => encodeText('für 5 €', 'latin1')).toThrow(
    new KnownError(
      'LICENSE_SYNTAX',
      'character 7: expected Latin-1, as the rest of the file is, got "€"',
      { offset: 6 },
    ),
  );
  expect(Buffer.from(encodeText('für 5 €', 'utf-8'))).toEqual(Buffer.from('für 5 €'));
});
