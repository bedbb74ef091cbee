import type { LicenseLine } from './model.ts';
import { type PrintableLine, printLine } from './print.ts';

/** A line's sum is a byte, as `ck=` values are. */
const MODULUS = 256;

/** What a line comes to by `lineSum`, and what its `ck=` says. */
export interface CheckedLine {
  readonly line: LicenseLine;
  readonly sum: number;
  readonly expected?: number;
}

/**
 * The sum of each line that has a signed part, and of all of them. Only what a licensee may not edit
 * counts: host ids of SERVER lines, names of VENDOR lines, and of the others everything but the
 * attributes in lower case. Letter case is aside unless `caseSensitive` (lmcksum -k) regards it.
 * Source: old manuals, "lmcksum" (which fields count). unverified: the arithmetic. FlexNet's is not
 * public; ours is the sum of the characters' codes without blanks and quotes, modulo 256, so a `ck=`
 * that a vendor wrote does not agree but by chance.
 */
export function checkLines(
  lines: readonly LicenseLine[],
  { caseSensitive = false }: { readonly caseSensitive?: boolean } = {},
): { readonly lines: readonly CheckedLine[]; readonly total: number } {
  const checked: CheckedLine[] = [];
  let total = 0;
  for (const line of lines) {
    const signed = signedText(line);
    if (signed === undefined) continue;
    const sum = sumOf(caseSensitive ? signed : signed.toUpperCase());
    const expected = expectedSum(line);
    checked.push({ line, sum, ...(expected === undefined ? {} : { expected }) });
    total = (total + sum) % MODULUS;
  }
  return { lines: checked, total };
}

function signedText(line: LicenseLine): string | undefined {
  switch (line.kind) {
    case 'server':
      return line.hostids.join('');
    case 'vendor':
      return line.vendor;
    case 'feature':
    case 'package':
    case 'upgrade':
      return signedWords(line).join('');
    default:
      return undefined;
  }
}

/** The words of the line but its attributes in lower case, as they are printed, without quotes. */
function signedWords(line: PrintableLine): readonly string[] {
  const words = printLine(line).match(/(?:"[^"]*"|[^\s"\\])+/g) ?? [];
  return words.filter((word) => !/^[a-z]\w*=/.test(word)).map((word) => word.replaceAll('"', ''));
}

function expectedSum(line: LicenseLine): number | undefined {
  const checksum = 'attributes' in line ? line.attributes.checksum : undefined;
  return checksum !== undefined && /^\d{1,9}$/.test(checksum) ? Number(checksum) : undefined;
}

function sumOf(text: string): number {
  let sum = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code > 0x20) sum = (sum + code) % MODULUS;
  }
  return sum;
}
