import type { Comparison, Difference } from './differences.ts';

/** Differences that are printed one by one; with more the files are of another server. */
export const DIFFERENCES_SHOWN_MAX = 1_000;
/** A column is no wider, unless it is the last. */
const COLUMN_MAX = 60;

const heading: Difference = { vendor: '', what: 'what', theirs: 'theirs', ours: 'ours' };

/** A table for people: what differs, theirs, ours; and a line with the sum. */
export function renderComparison({ differences, compared }: Comparison): string {
  const { vendors, features, lines, users } = compared;
  const parts = [
    counted(vendors, 'vendor daemon'),
    counted(features, 'feature'),
    ...(lines === 0 ? [] : [counted(lines, 'license line')]),
    ...(users === 0 ? [] : [counted(users, 'user')]),
  ];
  const seen = parts.join(', ');
  if (differences.length === 0) return `the same: ${seen}\n`;
  const left = differences.length - DIFFERENCES_SHOWN_MAX;
  const more = left > 0 ? `... and ${left} more\n` : '';
  const table = tableOf([heading, ...differences.slice(0, DIFFERENCES_SHOWN_MAX)]);
  return `${table}${more}\n${counted(differences.length, 'difference')} in ${seen}\n`;
}

function tableOf(rows: readonly Difference[]): string {
  const cells = rows.map((row) => [placeOf(row), row.theirs, row.ours]);
  const widths = [0, 1].map((column) =>
    Math.min(COLUMN_MAX, Math.max(...cells.map((row) => row[column]!.length))),
  );
  return cells
    .map(([place = '', theirs = '', ours = '']) => {
      return `${place.padEnd(widths[0]!)}  ${theirs.padEnd(widths[1]!)}  ${ours}\n`;
    })
    .join('');
}

/** `acmed solve: licenses issued` */
function placeOf({ vendor, feature, what }: Difference): string {
  if (vendor === '') return what;
  return `${[vendor, feature].filter((word) => word !== undefined).join(' ')}: ${what}`;
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
