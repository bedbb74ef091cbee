import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { OptionsRule } from '../../../src/domain/options/model.ts';
import { parseOptionsFile } from '../../../src/domain/options/parse.ts';
import { printOptionsFile, replaceRule } from '../../../src/domain/options/print.ts';
import { corpus, expectWhole, fixtures, fuzzRuns, hostileText, saysOnly } from '../hostile-text.ts';

const files = [
  ...fixtures('options', /\.opt$/),
  ...fixtures('lint', /\.opt$/),
  ...corpus('options-files'),
];
const texts = hostileText(files.map(({ bytes }) => bytes));

describe('an options file of any content', () => {
  test('parses to lines that are the whole text, and prints as the same characters', () => {
    expect(files.length).toBeGreaterThan(30);
    fc.assert(
      fc.property(texts, (source) => {
        const file = parseOptionsFile(source);
        expectWhole(file);
        expect(printOptionsFile(file)).toBe(source.text);
      }),
      { numRuns: fuzzRuns },
    );
  });

  test('has rules that, written anew from their fields, say the same', () => {
    fc.assert(
      fc.property(texts, fc.nat(), (source, pick) => {
        const file = parseOptionsFile(source);
        const rules = file.lines.flatMap((line, index) => (line.kind === 'rule' ? [index] : []));
        if (rules.length === 0) return;
        const index = rules[pick % rules.length]!;
        const line = file.lines[index] as OptionsRule;
        const text = printOptionsFile(replaceRule(file, index, line.rule));
        const again = parseOptionsFile({ ...source, text });
        expect(again.lines.length).toBe(file.lines.length);
        expect(saysOnly(again.lines[index]!)).toEqual(saysOnly(line));
      }),
      { numRuns: fuzzRuns },
    );
  });
});
