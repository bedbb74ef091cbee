import { decimalLine } from './lines.ts';
import type { FeatureLine, LicenseFile, LicenseLine } from './model.ts';
import { type PrintableLine, printLine } from './print.ts';

/** What a format of license files has and lacks. Formats are called after FlexLM's versions. */
export interface LicenseFormat {
  readonly name: string;
  /** VENDOR lines are called so. */
  readonly vendorKeyword: 'VENDOR' | 'DAEMON';
  /** `permanent`; otherwise a year of 0 stands for it. */
  readonly permanent: boolean;
  /** `uncounted`; otherwise 0. */
  readonly uncounted: boolean;
  /** SIGN=; otherwise lines need the key behind their count. */
  readonly signatures: boolean;
  /** `NAME=value`; otherwise only vendor string and host id, behind the key. */
  readonly attributes: boolean;
}

const current = {
  vendorKeyword: 'VENDOR',
  permanent: true,
  uncounted: true,
  signatures: true,
  attributes: true,
} as const;

const old = {
  ...current,
  vendorKeyword: 'DAEMON',
  permanent: false,
  uncounted: false,
  signatures: false,
} as const;

/**
 * Those lminstall writes. Sources: LAG, "lminstall" (their names); End User Guide v10, App. B: VENDOR,
 * `permanent` and `uncounted` since 6, SIGN= since 7.1; old manuals: no attributes in 2.
 */
export const licenseFormats: readonly LicenseFormat[] = [
  { ...old, name: '2', attributes: false },
  { ...old, name: '3' },
  { ...old, name: '4' },
  { ...old, name: '5' },
  { ...old, name: '5.1' },
  { ...current, name: '6', signatures: false },
  { ...current, name: '7.1' },
  { ...current, name: '8' },
];

/** A line that a format cannot say, and why. */
export interface Unconvertible {
  readonly line: number;
  readonly reason: 'keyMissing' | 'decimal';
}

/**
 * A license file in another format, its lines broken before column `columnsMax`; comments and what is
 * not understood stay as they are. A format without SIGN= needs keys, and none is made here: a line
 * that has no key makes the file unconvertible. So does one in decimal, which is recognized and not read.
 */
export function convertLicenseFile(
  { lines, source: { text } }: LicenseFile,
  format: LicenseFormat | undefined,
  columnsMax: number,
): string | Unconvertible {
  const converted: string[] = [];
  for (const line of lines) {
    const words = isPrintable(line) ? wordsOf(line, format) : undefined;
    if (words === 'keyMissing') return { line: line.line, reason: words };
    if (line.kind === 'unknown' && decimalLine.test(line.firstWord)) {
      return { line: line.line, reason: 'decimal' };
    }
    const asItWas = text.slice(line.start, line.end).replace(/\r?\n$/, '');
    converted.push(words === undefined ? asItWas : wrap(words, columnsMax));
  }
  return converted.map((line) => `${line}\n`).join('');
}

function isPrintable(line: LicenseLine): line is PrintableLine {
  return ['server', 'vendor', 'useServer', 'feature', 'package', 'upgrade'].includes(line.kind);
}

function wordsOf(
  line: PrintableLine,
  format: LicenseFormat | undefined,
): readonly string[] | 'keyMissing' {
  if (format === undefined) return printedWords(line);
  if (line.kind === 'vendor') return printedWords({ ...line, keyword: format.vendorKeyword });
  if (line.kind !== 'feature' && line.kind !== 'upgrade' && line.kind !== 'package') {
    return printedWords(line);
  }
  if (!format.signatures && line.key === undefined) return 'keyMissing';
  const { sign, sign2, ...others } = line.attributes;
  const attributes = format.signatures ? line.attributes : others;
  if (line.kind === 'feature' && !format.attributes) return positionalWords(line);
  const words = printedWords({ ...line, attributes });
  return line.kind === 'package' ? words : dated(words, line, format);
}

/** Expiry and count in an older format's words; they stand behind name, vendor and versions. */
function dated(
  words: readonly string[],
  { kind, expiry, count }: Extract<PrintableLine, { kind: 'feature' | 'upgrade' }>,
  { permanent, uncounted }: LicenseFormat,
): readonly string[] {
  const at = kind === 'upgrade' ? 5 : 4;
  const day = !permanent && expiry.kind === 'permanent' ? '1-jan-0' : words[at]!;
  const number = !uncounted && count === 0 ? '0' : words[at + 1]!;
  return [...words.slice(0, at), day, number, ...words.slice(at + 2)];
}

/** FEATURE name daemon version date count key "vendor string" hostid: all that format 2 knows. */
function positionalWords(line: FeatureLine): readonly string[] {
  const { vendorString = '', hostids = [] } = line.attributes;
  const bare = printedWords({ ...line, keyword: 'FEATURE', attributes: {} });
  const words = dated(bare, line, licenseFormats[0]!);
  return [...words, `"${vendorString}"`, ...hostids.slice(0, 1)];
}

function printedWords(line: PrintableLine): readonly string[] {
  return printLine(line).match(/(?:"[^"]*"|[^\s"\\])+/g) ?? [];
}

function wrap([first = '', ...words]: readonly string[], columnsMax: number): string {
  let printed = first;
  let column = first.length;
  for (const word of words) {
    // Two columns are for the blank and the backslash.
    const fits = column + 1 + word.length + 2 <= columnsMax;
    printed += fits ? ` ${word}` : ` \\\n\t${word}`;
    column = fits ? column + 1 + word.length : word.length + 1;
  }
  return printed;
}
