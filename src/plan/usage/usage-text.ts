import { csvText } from '../csv.ts';
import type { UsageRow } from './usage-report.ts';

const headings = [
  'from',
  'feature',
  'who',
  'starts',
  'users',
  'seat hours',
  'peak',
  'denied',
] as const;

/** A table for people. */
export function usageText(rows: readonly UsageRow[]): string {
  const cells = rows.map((row) => [
    ...[row.from, row.feature, row.who, `${row.starts}`, `${row.users}`, row.seatHours.toFixed(1)],
    ...[`${row.peak}`, `${row.denied}`],
  ]);
  // When all are one there is nobody to tell.
  const isTold = (_: string, column: number): boolean =>
    headings[column] !== 'who' || rows.some(({ who }) => who !== '');
  const widths = headings.map((heading, column) =>
    Math.max(heading.length, ...cells.map((row) => row[column]!.length)),
  );
  return [headings, ...cells]
    .map((row) =>
      row
        .map((cell, column) => aligned(cell, widths[column]!, column))
        .filter(isTold)
        .join('  '),
    )
    .map((line) => `${line.trimEnd()}\n`)
    .join('');
}

function aligned(cell: string, width: number, column: number): string {
  return column < 3 ? cell.padEnd(width) : cell.padStart(width);
}

/** The same for a spreadsheet. */
export function usageCsv(rows: readonly UsageRow[]): string {
  return csvText(
    fields,
    rows.map((row) => fields.map((field) => row[field])),
  );
}

const fields = [
  ...(['from', 'daemon', 'feature', 'who', 'starts'] as const),
  ...(['users', 'seatHours', 'peak', 'denied'] as const),
] as const;
