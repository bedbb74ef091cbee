import { refusalText } from '../base/flexnet-errors.ts';
import type { Refusal } from '../base/refusal.ts';
import { printable } from './wording.ts';

export interface ShortErrorOptions {
  /**
   * Where the operating system's words go: inside the brackets (lmutil), after them, or nowhere.
   */
  readonly systemText?: 'inside' | 'after' | 'none';
}

/**
 * One line: `No such feature exists. (-5,357)`, and with a system error
 * `Cannot connect to license server system. (-15,570:111 "Connection refused")`.
 * Source: End User Guide v10, App. E, "Format 1"; outputs of lmutil.
 */
export function renderShortError(refusal: Refusal, options: ShortErrorOptions = {}): string {
  const where = options.systemText ?? 'inside';
  const words = refusal.sysText === undefined ? '' : printable(refusal.sysText);
  const inside = words !== '' && where === 'inside' ? ` "${words}"` : '';
  const after = words !== '' && where === 'after' ? ` ${words}` : '';
  return `${refusalText(refusal)} (${codes(refusal)}${inside})${after}`;
}

/** `-4,342`, or `-15,570:111` with a system error. */
function codes({ major, minor, sys }: Refusal): string {
  return sys === undefined ? `${major},${minor}` : `${major},${minor}:${sys}`;
}

/**
 * The reason at the end of a DENIED or UNSUPPORTED line, brackets included:
 * `(Licensed number of users already reached. (-4,342))`. With a system error the numbers are
 * followed by a blank even when no words come: `(-4,342:10054 )`, as public logs have it.
 */
export function renderLogReason(refusal: Refusal): string {
  if (refusal.sys === undefined) return `(${refusalText(refusal)} (${codes(refusal)}))`;
  const words = refusal.sysText ? `"${printable(refusal.sysText)}"` : '';
  return `(${refusalText(refusal)} (${codes(refusal)} ${words}))`;
}

export interface LongError {
  readonly refusal: Refusal;
  /** Lines that say more, each indented by one blank. */
  readonly explanation?: readonly string[];
  readonly feature?: string;
  readonly hostid?: string;
  readonly hostname?: string;
  readonly vendor?: string;
  readonly licensePath?: readonly string[];
  /** Between the elements of a license path, and after the last: `:`, on Windows `;`. */
  readonly separator: string;
  /** What the product calls itself; absent: FlexNet. */
  readonly product?: ProductName;
}

/** FLEXlm up to 9, FLEXnet up to 11.6. */
export type ProductName = 'FLEXlm' | 'FLEXnet' | 'FlexNet';

/** Source: error messages that applications of each age show. */
const errorLabels: Readonly<Record<ProductName, string>> = {
  FLEXlm: 'FLEXlm error:',
  FLEXnet: 'FLEXnet Licensing error:',
  FlexNet: 'FlexNet Licensing error:',
};

/** The column, from 0, where the values of a long error start. */
const VALUE_COLUMN = 15;

/**
 * What an application prints when it gets no license: several lines, each ended by a newline.
 * Source: License Administration Guide, "Error Message Format", "Format 2".
 */
export function renderLongError(error: LongError): string {
  const lines = [refusalText(error.refusal)];
  for (const line of error.explanation ?? []) lines.push(` ${printable(line)}`);
  for (const [label, value] of labeledValues(error)) {
    if (value !== undefined) lines.push(label.padEnd(VALUE_COLUMN) + printable(value));
  }
  lines.push(numbersLine(error));
  lines.push(`For further information on this error, run "fauxlm errors ${error.refusal.major}".`);
  return `${lines.join('\n')}\n`;
}

function labeledValues(error: LongError): readonly (readonly [string, string | undefined])[] {
  const path = error.licensePath?.map((element) => `${element}${error.separator}`).join('');
  return [
    ['Feature:', error.feature],
    ['Hostid:', error.hostid],
    ['Hostname:', error.hostname],
    ['Vendor:', error.vendor],
    ['License path:', path],
  ];
}

function numbersLine({ refusal, product = 'FlexNet' }: LongError): string {
  const { major, minor, sys, sysText } = refusal;
  const line = `${errorLabels[product]}${major},${minor}`;
  if (sys === undefined) return line;
  const words = sysText ? ` "${printable(sysText)}"` : '';
  return `${line}.  System Error: ${sys}${words}`;
}
