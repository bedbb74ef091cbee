import { csvText } from '../csv.ts';
import { inMarkdown, markdownTable } from '../markdown.ts';
import type { ComplianceRow } from './compliance.ts';
import type { UsageRow } from './usage-report.ts';

/** A report as a table: for people, for a spreadsheet, for a page of text. Rows of objects, a column a field. */
export interface ReportTable<Row> {
  /** Fields, and what people call them; in their order. */
  readonly columns: readonly (readonly [field: keyof Row & string, heading: string])[];
  /** Columns of words, set left; the first ones. */
  readonly words: number;
  /** What a person reads in a cell. */
  readonly cell: (row: Row, field: keyof Row & string) => string;
  /** Columns that people are not shown. */
  readonly hidden: (rows: readonly Row[], field: keyof Row & string) => boolean;
}

export const usageTable: ReportTable<UsageRow> = {
  columns: [
    ...([
      ['from', 'from'],
      ['daemon', 'daemon'],
      ['feature', 'feature'],
      ['who', 'who'],
    ] as const),
    ...([
      ['starts', 'starts'],
      ['users', 'users'],
      ['seatHours', 'seat hours'],
      ['peak', 'peak'],
      ['denied', 'denied'],
    ] as const),
  ],
  words: 4,
  cell: (row, field) => (field === 'seatHours' ? row.seatHours.toFixed(1) : `${row[field] ?? '?'}`),
  // When all are one there is nobody to tell.
  hidden: (rows, field) =>
    field === 'daemon' || (field === 'who' && rows.every(({ who }) => who === '')),
};

export const complianceTable: ReportTable<ComplianceRow> = {
  columns: [
    ...([
      ['from', 'from'],
      ['daemon', 'daemon'],
      ['feature', 'feature'],
      ['state', 'state'],
      ['source', 'seats by'],
    ] as const),
    ...([
      ['seats', 'seats'],
      ['overdraft', 'overdraft'],
      ['peak', 'peak'],
      ['hoursOver', 'hours over'],
      ['overdraftSeatHours', 'overdraft seat hours'],
      ['beyondSeatHours', 'beyond seat hours'],
    ] as const),
  ],
  words: 5,
  cell: (row, field) => {
    if (field === 'seats' && row.seats === null) return row.source === null ? '?' : 'uncounted';
    return `${row[field] ?? '?'}`;
  },
  hidden: (_, field) => field === 'daemon',
};

function shownColumns<Row>(
  { columns, hidden }: ReportTable<Row>,
  rows: readonly Row[],
): ReportTable<Row>['columns'] {
  return columns.filter(([field]) => !hidden(rows, field));
}

/** A table for people. */
export function tableText<Row>(table: ReportTable<Row>, rows: readonly Row[]): string {
  const shown = shownColumns(table, rows);
  const left = table.columns.slice(0, table.words);
  const lines = [
    shown.map(([, heading]) => heading),
    ...rows.map((row) => shown.map(([field]) => table.cell(row, field))),
  ];
  const widths = shown.map((_, column) => Math.max(...lines.map((cells) => cells[column]!.length)));
  return lines
    .map((cells) =>
      cells.map((cell, column) => {
        const width = widths[column]!;
        return left.includes(shown[column]!) ? cell.padEnd(width) : cell.padStart(width);
      }),
    )
    .map((cells) => `${cells.join('  ').trimEnd()}\n`)
    .concat(rows.length === 0 ? ['(nothing was used)\n'] : [])
    .join('');
}

/** The same for a spreadsheet, with all its columns; what is not known is empty. */
export function tableCsv<Row>({ columns }: ReportTable<Row>, rows: readonly Row[]): string {
  return csvText(
    columns.map(([field]) => field),
    rows.map((row) => columns.map(([field]) => (row[field] ?? '') as string | number)),
  );
}

/** The same to paste. */
export function tableMarkdown<Row>(table: ReportTable<Row>, rows: readonly Row[]): string {
  const shown = shownColumns(table, rows);
  const cells = rows.map((row) => shown.map(([field]) => inMarkdown(table.cell(row, field))));
  return `${markdownTable(
    shown.map(([, heading]) => heading),
    cells,
  )}\n`;
}
