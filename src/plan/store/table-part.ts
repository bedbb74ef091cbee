import { dirname, join } from 'node:path';
import { makeFolders } from '../../files/folders.ts';
import { type Numbered, numberedRows, type ParquetColumn } from './parquet-columns.ts';
import type { NamedColumn } from './parquet-file.ts';
import { writeParquet } from './parquet-file.ts';
import type { Compress } from './zstd.ts';

/** How a table's column is kept until it is written. */
export type ColumnKind = Exclude<ParquetColumn['kind'], 'text'> | 'nullableTimestamp' | 'text';

/** The columns of a table, in order: what they are called, what they are, and which number of a row they show. */
export type TableShape = readonly (readonly [name: string, kind: ColumnKind, field: number])[];

/** Rows of a file: a million events of a site are four files a table. */
export const PART_ROWS_MAX = 1 << 18;

/** Rows of one table and month that wait to be written. */
export class TablePart {
  readonly #shape: TableShape;
  /** The numbers of the rows, first all first ones; to be looked at anew behind `newRow`. */
  readonly fields: Float64Array[];
  #size = 0;

  constructor(shape: TableShape) {
    this.#shape = shape;
    const fields = Math.max(...shape.map(([, , field]) => field)) + 1;
    this.fields = Array.from({ length: fields }, () => new Float64Array(1024));
  }

  get size(): number {
    return this.#size;
  }

  get isFull(): boolean {
    return this.#size === PART_ROWS_MAX;
  }

  /** Forgets its rows and keeps their room: to make and clear it anew took longer than to fill it. */
  clear(): void {
    this.#size = 0;
  }

  /** Adds a row, whose numbers are to be put into `fields`; a text is told by its number. */
  newRow(): number {
    if (this.#size === this.fields[0]!.length) this.#grow();
    return this.#size++;
  }

  #grow(): void {
    for (const [index, field] of this.fields.entries()) {
      const grown = new Float64Array(2 * field.length);
      grown.set(field);
      this.fields[index] = grown;
    }
  }

  /** Writes the rows sorted by the column `sortBy`, in the order in which they came where it is equal. */
  write(
    path: string,
    sortBy: string,
    texts: Readonly<Record<string, (id: number) => string>>,
    compress: Compress,
  ): number {
    const [, , sorting] = this.#shape.find(([name]) => name === sortBy)!;
    const order = orderBy(this.fields[sorting]!, this.#size);
    const numbered = new Map<number, Numbered>();
    const columns = this.#shape.map(([name, kind, field]): NamedColumn => {
      const values = this.fields[field]!;
      if (kind !== 'text') return { name, column: columnOf(kind, values, order) };
      const rows = numbered.get(field) ?? numberedRows(intsOf(values, order));
      numbered.set(field, rows);
      return { name, column: { kind, numbered: rows, texts: texts[name]! } };
    });
    makeFolders(dirname(path));
    return writeParquet(path, columns, { rows: this.#size, compress });
  }
}

/** By counting: the numbers of names are small. */
function orderBy(keys: Float64Array, size: number): Int32Array {
  let last = 0;
  for (let row = 0; row < size; row++) if (keys[row]! > last) last = keys[row]!;
  const next = new Int32Array(last + 2);
  for (let row = 0; row < size; row++) next[keys[row]! + 1]!++;
  for (let key = 0; key <= last; key++) next[key + 1]! += next[key]!;
  const order = new Int32Array(size);
  for (let row = 0; row < size; row++) order[next[keys[row]!]!++] = row;
  return order;
}

function columnOf(
  kind: Exclude<ColumnKind, 'text'>,
  values: Float64Array,
  order: Int32Array,
): ParquetColumn {
  if (kind === 'int32') return { kind, values: intsOf(values, order) };
  const sorted = new Float64Array(order.length);
  for (let row = 0; row < order.length; row++) sorted[row] = values[order[row]!]!;
  if (kind === 'nullableTimestamp') return { kind: 'timestamp', values: sorted, isNullable: true };
  return { kind, values: sorted };
}

function intsOf(values: Float64Array, order: Int32Array): Int32Array {
  const sorted = new Int32Array(order.length);
  for (let row = 0; row < order.length; row++) sorted[row] = values[order[row]!]!;
  return sorted;
}

/** `events/site=lab/year=2026/month=03` */
export function partitionFolder(table: string, site: string, wallMs: number): string {
  const date = new Date(wallMs);
  const month = `${date.getUTCMonth() + 1}`.padStart(2, '0');
  return join(table, `site=${site}`, `year=${date.getUTCFullYear()}`, `month=${month}`);
}
