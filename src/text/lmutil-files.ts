import { renderBanner } from './banner.ts';
import { printable } from './wording.ts';

/** The license path of one vendor, or, without a vendor, of everybody else. */
export interface ShownPath {
  readonly vendor?: string;
  /** Elements in their order; a directory stands as its license files. */
  readonly elements: readonly string[];
}

/**
 * lmpath -status: a line a vendor, then the path of all others. Source: LAG, "lmpath" (two lists, a
 * directory shown as its files); unverified: the exact layout.
 */
export function renderPaths(
  program: string,
  vendors: readonly ShownPath[],
  others: ShownPath,
  separator: ':' | ';',
): string {
  const joined = ({ elements }: ShownPath): string => printable(elements.join(separator));
  const rows = vendors.map((path) => `${printable(path.vendor ?? '')}: ${joined(path)}\n`);
  return [
    renderBanner(program),
    'Known Vendors:\n_____________\n\n',
    ...rows,
    '\nOther Vendors:\n_____________\n\n',
    `${joined(others)}\n`,
  ].join('');
}

/** One license line that lmcksum summed up. */
export interface LineSum {
  readonly sum: number;
  /** What `ck=` says, where the line has one. */
  readonly expected?: number;
  /** The line's beginning, as many words as tell it from others. */
  readonly line: string;
}

/** A file's sums, and that of them all. */
export interface FileSums {
  readonly name: string;
  readonly lines: readonly LineSum[];
  readonly total: number;
}

/**
 * lmcksum: each line behind its sum, marked where `ck=` says what it should be; the whole file's sum
 * last. Source: old manuals (line by line, an overall sum, bad lines are told); the layout is ours.
 */
export function renderSums(program: string, files: readonly FileSums[]): string {
  const blocks = files.map(({ name, lines, total }) => {
    const rows = lines.map(({ sum, expected, line }) => {
      const mark = expected === undefined ? '' : expected === sum ? 'OK: ' : 'BAD: ';
      return `${mark}${sum}: ${printable(line)}\n`;
    });
    return `lmcksum: using license file "${printable(name)}"\n\n${rows.join('')}\n${total}: (overall file checksum)\n`;
  });
  return renderBanner(program) + blocks.join('\n');
}
