import { existsSync, readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect } from 'vitest';
import { limits } from '../../src/base/limits.ts';
import type { Finding, SourceText } from '../../src/domain/source.ts';
import { decodeText } from '../../src/domain/text-encoding.ts';

/** How many texts each property test makes: 2,000, or as many as FAUXLM_FUZZ says. */
export const fuzzRuns = Number(process.env['FAUXLM_FUZZ'] ?? 2_000);

const root = new URL('../../', import.meta.url);

function filesIn(folder: URL, ending: RegExp): readonly { name: string; bytes: Uint8Array }[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => ending.test(name))
    .sort()
    .map((name) => ({ name, bytes: readFileSync(new URL(name, folder)) }));
}

export function fixtures(folder: string, ending: RegExp) {
  return filesIn(new URL(`fixtures/${folder}/`, root), ending);
}

/** Real files, where the repository has its corpus beside it; none elsewhere. */
export function corpus(folder: string) {
  return filesIn(new URL(`../shared/corpus/${folder}/`, root), /./);
}

/** What the languages give a meaning to, and some things that only look so. */
const pieces = [
  'SERVER this_host ANY 27000',
  'VENDOR acmed PORT=1',
  'FEATURE a acmed 1.0 permanent 1',
  'INCREMENT b acmed 2.0 1-jan-2031 5 ',
  'PACKAGE p acmed 1.0 COMPONENTS="a b:1.0:2"',
  'UPGRADE a acmed 1.0 2.0 permanent 1',
  'USE_SERVER',
  'DUP_GROUP=UH ',
  'AUTH={ a="x" b=(c)}',
  'NOTICE=x="y z"',
  'RESERVE 1 a USER x',
  'GROUP g a b',
  'DEBUGLOG +x OBF_ADDMARK AUTO_ROLLOVER 3',
  'INCLUDE "a:b K=v" HOST h',
  ' ',
  '\t',
  '\n',
  '\r\n',
  '\\\n',
  '\\ \r\n',
  '\\ # c\n',
  '\\',
  '"',
  '{',
  '}',
  '=',
  '#',
  '#12',
  ':',
  '+',
  '\u00a0',
  '\ufeff',
  '\u20ac',
  '\ud800',
  '\0',
];

/** A file with some of its bytes replaced, removed or doubled. */
function mutated(files: readonly Uint8Array[]): fc.Arbitrary<Uint8Array> {
  const cut = fc.record({
    at: fc.double({ min: 0, max: 1, noNaN: true }),
    length: fc.nat({ max: 12 }),
    put: fc.oneof(fc.constantFrom(...pieces), fc.string({ maxLength: 3 }), fc.constant('')),
    twice: fc.boolean(),
  });
  return fc
    .tuple(fc.constantFrom(...files), fc.array(cut, { minLength: 1, maxLength: 6 }))
    .map(([bytes, cuts]) =>
      cuts.reduce<Uint8Array>((now, { at, length, put, twice }) => {
        const from = Math.floor(at * now.length);
        const piece = Buffer.from(put, 'latin1');
        const again = twice ? now.subarray(from, from + length * 20) : Buffer.alloc(0);
        return Buffer.concat([now.subarray(0, from), piece, again, now.subarray(from + length)]);
      }, bytes),
    );
}

/** Random bytes, random pieces of the languages, and mutated real files, as texts. */
export function hostileText(files: readonly Uint8Array[]): fc.Arbitrary<SourceText> {
  const bytes: fc.Arbitrary<Uint8Array> = fc.oneof(
    { weight: 1, arbitrary: fc.uint8Array({ maxLength: 300 }) },
    {
      weight: 2,
      arbitrary: fc
        .array(fc.constantFrom(...pieces), { maxLength: 40 })
        .map((list) => Buffer.from(list.join(''), 'utf8')),
    },
    { weight: 4, arbitrary: mutated(files) },
  );
  const decoded = bytes.map((each) => decodeText('hostile', each));
  // Texts that no bytes give: unpaired surrogates.
  const texts = fc
    .array(fc.constantFrom(...pieces), { maxLength: 30 })
    .map((list): SourceText => ({ name: 'hostile', text: list.join(''), encoding: 'utf-8' }));
  return fc.oneof({ weight: 7, arbitrary: decoded }, { weight: 1, arbitrary: texts });
}

interface Extent {
  readonly start: number;
  readonly end: number;
  readonly line: number;
  readonly lineCount: number;
}

interface Parsed {
  readonly source: SourceText;
  readonly lines: readonly Extent[];
  readonly findings: readonly Finding[];
}

/**
 * Every character is in one line, every physical line is counted once, findings are in order and
 * inside.
 */
export function expectWhole(file: Parsed): void {
  // One assertion: a million runs would spend their time in a million times ten.
  expect([...extentFaults(file), ...findingFaults(file)]).toEqual([]);
}

function* extentFaults({ source, lines }: Parsed): Iterable<string> {
  let end = 0;
  let line = 1;
  for (const each of lines) {
    if (each.start !== end || each.end <= each.start) yield `line ${each.line} starts elsewhere`;
    if (each.line !== line) yield `line ${each.line} is line ${line}`;
    end = each.end;
    line += each.lineCount;
  }
  if (end !== source.text.length) yield `${source.text.length - end} characters are left`;
  if (line - 1 !== physicalLines(source).length) yield `${line - 1} lines are counted`;
}

function* findingFaults({ source, findings }: Parsed): Iterable<string> {
  if (findings.length > limits.findingsPerFileMax) yield `${findings.length} findings`;
  const physical = physicalLines(source);
  let before = { line: 1, column: 0 };
  for (const { rule, file, line, column, endColumn } of findings) {
    const last = (physical[line - 1]?.length ?? -1) + 1;
    if (file !== source.name) yield `${rule} is of ${file}`;
    if (column < 1 || column > last) yield `${rule} is at ${line}:${column}`;
    if (endColumn !== undefined && (endColumn <= column || endColumn > last)) {
      yield `${rule} ends at ${line}:${endColumn}`;
    }
    const inOrder = line > before.line || (line === before.line && column >= before.column);
    if (!inOrder) yield `${rule} is behind ${before.line}:${before.column}`;
    before = { line, column };
  }
}

function physicalLines({ text }: SourceText): readonly string[] {
  const lines = text.split('\n');
  return lines.at(-1) === '' ? lines.slice(0, -1) : lines;
}

/** A line without its place in the file: what it says. */
export function saysOnly<T extends Extent>(line: T): Partial<T> {
  const { start: _, end: __, line: ___, lineCount: ____, ...rest } = line;
  delete (rest as { at?: unknown }).at;
  delete (rest as { changed?: unknown }).changed;
  return rest as Partial<T>;
}
