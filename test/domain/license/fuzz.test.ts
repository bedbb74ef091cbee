import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { LicenseLine } from '../../../src/domain/license/model.ts';
import { parseLicenseFile } from '../../../src/domain/license/parse.ts';
import {
  type PrintableLine,
  printLicenseFile,
  replaceLine,
} from '../../../src/domain/license/print.ts';
import { corpus, expectWhole, fixtures, fuzzRuns, hostileText, saysOnly } from '../hostile-text.ts';

const files = [
  ...fixtures('licenses', /\.lic$/),
  ...fixtures('lint', /\.lic$/),
  ...corpus('license-files'),
];
const texts = hostileText(files.map(({ bytes }) => bytes));

/** Lines that mean something and can be written from what they mean. */
function isPrintable(line: LicenseLine): line is PrintableLine {
  if (line.kind === 'feature' || line.kind === 'package' || line.kind === 'upgrade') {
    return line.usable;
  }
  return line.kind === 'server' || line.kind === 'vendor' || line.kind === 'useServer';
}

describe('a license file of any content', () => {
  test('parses to lines that are the whole text, and prints as the same characters', () => {
    expect(files.length).toBeGreaterThan(40);
    fc.assert(
      fc.property(texts, (source) => {
        const file = parseLicenseFile(source);
        expectWhole(file);
        expect(printLicenseFile(file)).toBe(source.text);
      }),
      { numRuns: fuzzRuns },
    );
  });

  test('has lines that, written anew from their fields, say the same', () => {
    fc.assert(
      fc.property(texts, fc.nat(), (source, pick) => {
        const file = parseLicenseFile(source);
        const printable = file.lines.flatMap((line, index) => (isPrintable(line) ? [index] : []));
        if (printable.length === 0) return;
        const index = printable[pick % printable.length]!;
        const line = file.lines[index] as PrintableLine;
        const changed = replaceLine(file, index, line);
        const text = printLicenseFile(changed);
        const again = parseLicenseFile({ ...source, text });
        expect(again.lines.length).toBe(file.lines.length);
        expect(saysOnly(again.lines[index]!)).toEqual(saysOnly(line));
        expect(text.startsWith(source.text.slice(0, line.start))).toBe(true);
        expect(text.endsWith(source.text.slice(line.end))).toBe(true);
      }),
      { numRuns: fuzzRuns },
    );
  });

  test('has lines that say in the file what they say alone', () => {
    fc.assert(
      fc.property(texts, fc.nat(), (source, pick) => {
        const { lines } = parseLicenseFile(source);
        const line = lines[pick % Math.max(lines.length, 1)];
        if (!line) return;
        const text = source.text.slice(line.start, line.end);
        // Only at the start of a file is it a byte-order mark.
        if (line.start > 0 && text.startsWith('\ufeff')) return;
        const [alone] = parseLicenseFile({ ...source, text }).lines;
        expect(saysOnly(alone!)).toEqual(saysOnly(line));
      }),
      { numRuns: fuzzRuns },
    );
  });
});
