import { join } from 'node:path';
import { type ColumnKind, type TableName, type TableShape, tables } from './tables.ts';

/** Rows of a file: a million events of a site are four files a table. */
export const PART_ROWS_MAX = 1 << 18;

const ROWS_AT_FIRST = 1 << 10;

/** One number of each row: instants and lines need more than 32 bits, names and counts do not. */
export type RowField = Float64Array<ArrayBuffer> | Int32Array<ArrayBuffer>;

const isWide: Readonly<Record<ColumnKind, boolean>> = {
  ...{ timestamp: true, nullableTimestamp: true, int64: true },
  ...{ int32: false, text: false },
};

/** Rows of one table and month that wait to be written. */
export class TablePart {
  readonly table: TableName;
  /** The numbers of the rows, first all first ones; to be looked at anew behind `newRow`. */
  readonly fields: RowField[];
  #size = 0;

  /** `room`: fields of a part that is written, to be used again: to make them took longer than to fill them. */
  constructor(table: TableName, room: readonly RowField[] = emptyFields(tables[table])) {
    this.table = table;
    this.fields = [...room];
  }

  get size(): number {
    return this.#size;
  }

  get isFull(): boolean {
    return this.#size === PART_ROWS_MAX;
  }

  /** Adds a row, whose numbers are to be put into `fields`; a text is told by its number. */
  newRow(): number {
    if (this.#size === this.fields[0]!.length) this.#grow();
    return this.#size++;
  }

  #grow(): void {
    for (const [index, field] of this.fields.entries()) {
      const grown = newField(field instanceof Float64Array, 2 * field.length);
      grown.set(field);
      this.fields[index] = grown;
    }
  }
}

function emptyFields(shape: TableShape): readonly RowField[] {
  const fields: RowField[] = [];
  for (const [, kind, field] of shape) fields[field] ??= newField(isWide[kind], ROWS_AT_FIRST);
  return fields;
}

function newField(wide: boolean, rows: number): RowField {
  return wide ? new Float64Array(rows) : new Int32Array(rows);
}

/** `events/site=lab/year=2026/month=03` */
export function partitionFolder(table: string, site: string, wallMs: number): string {
  const date = new Date(wallMs);
  const month = `${date.getUTCMonth() + 1}`.padStart(2, '0');
  return join(table, `site=${site}`, `year=${date.getUTCFullYear()}`, `month=${month}`);
}
