import { dirname } from 'node:path';
import { KnownError } from '../../base/errors.ts';
import { makeFolders } from '../../files/folders.ts';
import { systemReason } from '../../files/system-reasons.ts';
import {
  type Numbered,
  numberedRows,
  type OrderedRows,
  type ParquetColumn,
} from './parquet-columns.ts';
import { type NamedColumn, writeParquet } from './parquet-file.ts';
import type { PartTexts } from './part-texts.ts';
import type { RowField } from './table-part.ts';
import { type ColumnKind, type TableName, tables } from './tables.ts';
import type { Compress } from './zstd.ts';

/** Rows of one table that become a file; plain data, which threads hand to each other. */
export interface PackJob {
  readonly path: string;
  readonly table: TableName;
  readonly size: number;
  /** As a TablePart has them; longer than `size`. */
  readonly fields: readonly RowField[];
}

/** What goes from thread to thread instead of being copied. */
export function roomOf({ fields }: PackJob): readonly ArrayBuffer[] {
  return fields.map(({ buffer }) => buffer);
}

/** Rows lie by feature, in the order in which they came where it is the same one. */
const SORT_BY = 'feature';

/**
 * Writes a part's file. What is in it depends on the rows and their texts only, not on who writes it.
 * @throws KnownError PLAN_STORE
 */
export function packPart(job: PackJob, texts: PartTexts, compress: Compress): void {
  const { path, size } = job;
  try {
    makeFolders(dirname(path));
    writeParquet(path, columnsOf(job, texts), { rows: size, compress });
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).syscall === undefined) throw cause;
    throw unwritablePart(path, cause);
  }
}

/** A file of a store that cannot be written, or put in its place. */
export function unwritablePart(path: string, cause: unknown): KnownError {
  const text = `${path}: expected a file that can be written, got: ${systemReason(cause)}`;
  return new KnownError('PLAN_STORE', text, { path }, { cause });
}

function columnsOf({ table, size, fields }: PackJob, texts: PartTexts): readonly NamedColumn[] {
  const shape = tables[table];
  const [, , sorting] = shape.find(([name]) => name === SORT_BY)!;
  const order = orderBy(fields[sorting]!, size);
  const numbered = new Map<number, Numbered>();
  return shape.map(([name, kind, field]): NamedColumn => {
    const rows = { values: fields[field]!, order };
    if (kind !== 'text') return { name, column: columnOf(kind, rows) };
    const alike = numbered.get(field) ?? numberedRows(rows);
    numbered.set(field, alike);
    return { name, column: { kind, numbered: alike, texts: texts[name] } };
  });
}

/** By counting: the numbers of names are small. */
function orderBy(keys: RowField, size: number): Int32Array {
  let last = 0;
  for (let row = 0; row < size; row++) if (keys[row]! > last) last = keys[row]!;
  const next = new Int32Array(last + 2);
  for (let row = 0; row < size; row++) next[keys[row]! + 1]!++;
  for (let key = 0; key <= last; key++) next[key + 1]! += next[key]!;
  const order = new Int32Array(size);
  for (let row = 0; row < size; row++) order[next[keys[row]!]!++] = row;
  return order;
}

function columnOf(kind: Exclude<ColumnKind, 'text'>, rows: OrderedRows): ParquetColumn {
  return kind === 'nullableTimestamp'
    ? { kind: 'timestamp', rows, isNullable: true }
    : { kind, rows };
}
