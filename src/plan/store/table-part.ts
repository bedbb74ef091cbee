import { mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { ParquetColumn } from './parquet-columns.ts';
import type { NamedColumn } from './parquet-file.ts';
import { writeParquet } from './parquet-file.ts';
import type { Compress } from './zstd.ts';

/** How a table's column is kept until it is written. */
export type ColumnKind = Exclude<ParquetColumn['kind'], 'text'> | 'nullableTimestamp' | 'text';

/** The columns of a table, in order: what they are called and what they are. */
export type TableShape = readonly (readonly [name: string, kind: ColumnKind])[];

/** Rows of a file: a million events of a site are four files a table. */
export const PART_ROWS_MAX = 1 << 18;

/** Rows of one table and month that wait to be written. */
export class TablePart {
  readonly #shape: TableShape;
  readonly #columns: Float64Array[];
  #size = 0;

  constructor(shape: TableShape) {
    this.#shape = shape;
    this.#columns = shape.map(() => new Float64Array(1024));
  }

  get size(): number {
    return this.#size;
  }

  get isFull(): boolean {
    return this.#size === PART_ROWS_MAX;
  }

  /** Adds a row of numbers; a text is told by its number. */
  add(...row: readonly number[]): void {
    if (this.#size === this.#columns[0]!.length) this.#grow();
    for (let column = 0; column < row.length; column++) {
      this.#columns[column]![this.#size] = row[column]!;
    }
    this.#size++;
  }

  #grow(): void {
    for (const [index, column] of this.#columns.entries()) {
      const grown = new Float64Array(2 * column.length);
      grown.set(column);
      this.#columns[index] = grown;
    }
  }

  /** Writes the rows sorted by the column `sortBy`, in the order in which they came where it is equal. */
  write(
    path: string,
    sortBy: string,
    texts: Readonly<Record<string, (id: number) => string>>,
    compress: Compress,
  ): number {
    const at = this.#shape.findIndex(([name]) => name === sortBy);
    const order = orderBy(this.#columns[at]!, this.#size);
    const columns = this.#shape.map(([name, kind], index): NamedColumn => {
      const values = this.#columns[index]!;
      return { name, column: columnOf(kind, values, order, texts[name]) };
    });
    mkdirSync(dirname(path), { recursive: true });
    return writeParquet(path, columns, { rows: this.#size, compress });
  }
}

/** By counting: the numbers of names are small. */
function orderBy(keys: Float64Array, size: number): Int32Array {
  let last = 0;
  for (let row = 0; row < size; row++) last = Math.max(last, keys[row]!);
  const next = new Int32Array(last + 2);
  for (let row = 0; row < size; row++) next[keys[row]! + 1]!++;
  for (let key = 0; key <= last; key++) next[key + 1]! += next[key]!;
  const order = new Int32Array(size);
  for (let row = 0; row < size; row++) order[next[keys[row]!]!++] = row;
  return order;
}

function columnOf(
  kind: ColumnKind,
  values: Float64Array,
  order: Int32Array,
  texts: ((id: number) => string) | undefined,
): ParquetColumn {
  if (kind === 'text' || kind === 'int32') {
    const sorted = new Int32Array(order.length);
    for (let row = 0; row < order.length; row++) sorted[row] = values[order[row]!]!;
    return kind === 'int32' ? { kind, values: sorted } : { kind, ids: sorted, texts: texts! };
  }
  const sorted = new Float64Array(order.length);
  for (let row = 0; row < order.length; row++) sorted[row] = values[order[row]!]!;
  if (kind === 'nullableTimestamp') return { kind: 'timestamp', values: sorted, isNullable: true };
  return { kind, values: sorted };
}

/** `events/site=lab/year=2026/month=03` */
export function partitionFolder(table: string, site: string, wallMs: number): string {
  const date = new Date(wallMs);
  const month = `${date.getUTCMonth() + 1}`.padStart(2, '0');
  return join(table, `site=${site}`, `year=${date.getUTCFullYear()}`, `month=${month}`);
}
