import { isDeepStrictEqual } from 'node:util';
import { expect, test } from 'vitest';
import { KnownError } from '../../../src/base/errors.ts';
import { limits } from '../../../src/base/limits.ts';
import type { Finding } from '../../../src/domain/source.ts';
import { decodeText, encodeText } from '../../../src/domain/text-encoding.ts';
import { caseTotalOf } from '../../fuzz-cases.ts';
import { everyText } from '../seeded-texts.ts';
import {
  type LanguageName,
  languageNames,
  languages,
  makeSource,
  meaningOf,
  type Reading,
} from './make.ts';

/** Texts, each read in both languages; FAUXLM_FUZZ=1000000 as CI has it. */
const total = caseTotalOf(2_000);
/** Reading each line anew costs a parse a line, so not each text is so tried. */
const each = 8;
const timeout = 120_000 + total * 5;

test('whatever a file holds, it is read, and prints back byte for byte', { timeout }, () => {
  let findingTotal = 0;
  const done = everyText({ total }, (bytes) => {
    const source = decodeText('f', bytes);
    for (const language of languageNames) {
      const read = languages[language](source);
      const printed = encodeText(read.printed, source.encoding);
      findingTotal += read.findings.length;
      if (bytes.compare(printed) !== 0) return `${language}: prints other bytes`;
      const problem =
        tilingProblem(read, source.text) ?? findingProblem(read.findings, source.text);
      if (problem !== undefined) return `${language}: ${problem}`;
    }
    return undefined;
  });
  // The texts are as odd as they should be.
  expect(findingTotal).toBeGreaterThan(done);
});

/** Lines that do not follow each other, or that begin in the middle of a physical line. */
function tilingProblem({ lines }: Reading, text: string): string | undefined {
  let start = 0;
  let line = 1;
  for (const each of lines) {
    if (each.start !== start || each.end <= start) return `line ${line} is not where it should be`;
    if (each.line !== line) return `line ${line} has the number ${each.line}`;
    if (start > 0 && text[start - 1] !== '\n') return `line ${line} begins in the middle`;
    start = each.end;
    line += each.lineCount;
  }
  if (start !== text.length) return 'characters behind the last line';
  const total = physicalLines(text).length;
  return line - 1 === total ? undefined : `${line - 1} lines instead of ${total}`;
}

function physicalLines(text: string): readonly string[] {
  return text === '' ? [] : text.replace(/\n$/, '').split('\n');
}

/** Findings without bound, out of order, or outside the text. */
function findingProblem(findings: readonly Finding[], text: string): string | undefined {
  if (findings.length > limits.findingsPerFileMax) return `${findings.length} findings`;
  if (findings.length === 0) return undefined;
  // Editors do not count a byte-order mark.
  const physical = physicalLines(text.replace(/^\ufeff/, ''));
  let before: Finding | undefined;
  for (const finding of findings) {
    const { rule, line, column, endColumn = column + 1 } = finding;
    const place = `${rule} at ${line}:${column}-${endColumn}`;
    const length = physical[line - 1]?.length ?? -1;
    if (column < 1 || column > length + 1) return `${place} is outside the text`;
    if (endColumn <= column || (finding.endColumn !== undefined && endColumn > length + 1)) {
      return `${place} ends outside the text`;
    }
    if (before && (before.line - line || before.column - column) > 0)
      return `${place} out of order`;
    before = finding;
  }
  return undefined;
}

test('whatever a line says, it says the same when printed from its fields', { timeout }, () => {
  let reprintTotal = 0;
  const done = everyText({ total, each }, (bytes) => {
    const source = decodeText('f', bytes);
    for (const language of languageNames) {
      const read = languages[language](source);
      for (let index = 0; index < read.lines.length; index++) {
        const problem = reprintProblem(language, read, index);
        if (problem === undefined) reprintTotal++;
        else if (problem !== 'not printable') {
          return `${language} line ${read.lines[index]?.line}: ${problem}`;
        }
      }
    }
    return undefined;
  });
  expect(reprintTotal).toBeGreaterThan(done);
});

function reprintProblem(language: LanguageName, read: Reading, index: number): string | undefined {
  const line = read.lines[index]!;
  if ('usable' in line && !line.usable) return 'not printable';
  let printed: string | undefined;
  try {
    printed = read.reprinted(index);
  } catch (error) {
    const open = read.findings.some(
      (finding) =>
        finding.rule === 'unterminated-quote' &&
        finding.line >= line.line &&
        finding.line < line.line + line.lineCount,
    );
    // What does not close cannot be printed; all else can.
    if (error instanceof KnownError && open) return 'not printable';
    return String(error);
  }
  if (printed === undefined) return 'not printable';
  const again = languages[language]({ name: 'again', text: printed, encoding: 'utf-8' });
  if (again.lines.length !== read.lines.length) return `prints ${JSON.stringify(printed)}`;
  const meaning = meaningOf(again.lines[index]);
  if (isDeepStrictEqual(meaning, meaningOf(line))) return undefined;
  return `${JSON.stringify(meaningOf(line))} prints as ${JSON.stringify(meaning)}`;
}

test('a line says in a file what it says alone', { timeout }, () => {
  everyText({ total, each }, (bytes) => {
    const source = decodeText('f', bytes);
    for (const language of languageNames) {
      for (const line of languages[language](source).lines) {
        const text = source.text.slice(line.start, line.end);
        // Only at the start of a file is it a byte-order mark.
        if (line.start > 0 && text.startsWith('\ufeff')) continue;
        const [alone] = languages[language]({ ...source, text }).lines;
        if (isDeepStrictEqual(meaningOf(alone), meaningOf(line))) continue;
        return `${language} line ${line.line}: ${JSON.stringify(meaningOf(alone))}`;
      }
    }
    return undefined;
  });
});

test('a text that no bytes give, with half of a surrogate pair, is read like others', () => {
  everyText({ total: 200 }, (bytes, rng) => {
    const { text } = decodeText('f', bytes);
    const at = rng.below(text.length + 1);
    const source = makeSource(`${text.slice(0, at)}\ud800${text.slice(at)}`);
    for (const language of languageNames) {
      const read = languages[language](source);
      if (read.printed !== source.text) return `${language}: prints other characters`;
      const problem =
        tilingProblem(read, source.text) ?? findingProblem(read.findings, source.text);
      if (problem !== undefined) return `${language}: ${problem}`;
    }
    return undefined;
  });
});
