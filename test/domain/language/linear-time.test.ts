import { expect, test } from 'vitest';
import { type LanguageName, languageNames, languages, makeSource } from './make.ts';

/**
 * Eight times the text may take eight times as long; a square law would take 64 times as long. Both sizes
 * are measured in turn, and the best time of each counts, so that a busy machine does no harm.
 */
const TIMES = 8;
const RATIO_MAX = 28;
const ROUNDS_MIN = 3;
const ROUNDS_MAX = 12;

/** Long lines grow to just under limits.lineCharactersMax: beyond it they are not read. */
const LINE_CHARACTERS = 7_900;
/** Files of many lines, far from any limit. */
const FILE_CHARACTERS = 16_000;

const feature = 'FEATURE f acmed 1.0 permanent 1 ';

/** Texts made to be slow, of about `size` characters; `much` of a piece makes them so. */
const texts: readonly (readonly [what: string, size: number, make: (much: Much) => string])[] = [
  ['continuations of nothing', FILE_CHARACTERS, (much) => much('\\\n')],
  ['continuations with blanks behind them', FILE_CHARACTERS, (much) => much('\\ \t \r\n')],
  ['a continued line of words', LINE_CHARACTERS, (much) => feature + much('a\\\n')],
  ['a finding on each continued line', LINE_CHARACTERS, (much) => feature + much('AB=1 \\\n')],
  [
    'a finding on each continued line of a SERVER',
    LINE_CHARACTERS,
    (much) => `SERVER h ANY ${much('q \\\n')}`,
  ],
  [
    'a finding on each continued line of a USE_SERVER',
    LINE_CHARACTERS,
    (much) => `USE_SERVER ${much('q\\\n')}`,
  ],
  ['a finding on each line', FILE_CHARACTERS, (much) => much('nonsense\n')],
  ['continuations inside quotes', LINE_CHARACTERS, (much) => `${feature}NOTICE="${much(' \\\n')}"`],
  ['quotes glued to each other', LINE_CHARACTERS, (much) => feature + much('"a"')],
  [
    'quotes and continuations glued to each other',
    LINE_CHARACTERS,
    (much) => `${feature}A=${much('"\\\n"')}`,
  ],
  ['quotes that do not close', FILE_CHARACTERS, (much) => much('"\n')],
  ['one quote that does not close', FILE_CHARACTERS, (much) => `"${much('\\\n')}`],
  ['blanks', FILE_CHARACTERS, (much) => much(' ')],
  ['backslashes', LINE_CHARACTERS, (much) => much('\\')],
  ['backslashes between blanks', LINE_CHARACTERS, (much) => much('\\  ')],
  ['open braces', LINE_CHARACTERS, (much) => `${feature}AUTH=${much('{')}`],
  ['braces in one word', LINE_CHARACTERS, (much) => `${feature}AUTH={${much('{"}"}')}}`],
  ['equals signs', LINE_CHARACTERS, (much) => feature + much('=')],
  ['number signs', LINE_CHARACTERS, (much) => feature + much('#1 ')],
  ['one long word', LINE_CHARACTERS, (much) => feature + much('A')],
  ['a long decimal line', LINE_CHARACTERS, (much) => `a-f${much('-12345')}x`],
  ['a long version', LINE_CHARACTERS, (much) => `FEATURE f acmed 1.${much('0')}x permanent 1`],
  [
    'a long list of components',
    LINE_CHARACTERS,
    (much) => `PACKAGE p acmed COMPONENTS="${much('a:1.0:2 ')}"`,
  ],
  ['the same attribute again and again', LINE_CHARACTERS, (much) => feature + much('SN=1 ')],
  ['the members of a group', LINE_CHARACTERS, (much) => `GROUP g ${much('\\\nann ')}`],
  ['a long selector', LINE_CHARACTERS, (much) => `TIMEOUT "f ${much(': ')}K=1" 900`],
  ['carriage returns', FILE_CHARACTERS, (much) => much('\r')],
  ['characters beyond Latin-1', LINE_CHARACTERS, (much) => feature + much('\u2003')],
  ['one line beyond the longest', FILE_CHARACTERS * 5, (much) => feature + much('a \\\n')],
];

type Much = (piece: string) => string;

const cases = languageNames.flatMap((language) =>
  texts.map(([what, size, make]) => [language, what, size, make] as const),
);

test.each(cases)(
  'reading %s files takes time in proportion to %s',
  (language, _what, size, make) => {
    const much =
      (characters: number): Much =>
      (piece) =>
        piece.repeat(Math.ceil(characters / piece.length));
    const ratio = ratioOf(language, make(much(size)), make(much(size * TIMES)));
    expect(ratio).toBeLessThan(RATIO_MAX);
  },
);

/** How many times as long the larger text takes; no more rounds than it takes to see that it is few. */
function ratioOf(language: LanguageName, small: string, large: string): number {
  let least = Number.POSITIVE_INFINITY;
  let most = Number.POSITIVE_INFINITY;
  for (let round = 0; round < ROUNDS_MAX; round++) {
    if (round >= ROUNDS_MIN && most / least < RATIO_MAX) break;
    // Several readings of the small text, so that both times are long enough to be measured.
    least = Math.min(least, millisecondsOf(language, small, TIMES) / TIMES);
    most = Math.min(most, millisecondsOf(language, large, 1));
  }
  return most / least;
}

function millisecondsOf(language: LanguageName, text: string, times: number): number {
  const source = makeSource(text);
  const started = performance.now();
  for (let i = 0; i < times; i++) languages[language](source);
  return performance.now() - started;
}
