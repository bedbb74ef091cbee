import type { ParquetColumn } from './parquet-columns.ts';

/** How a table's column is kept until it is written. */
export type ColumnKind = Exclude<ParquetColumn['kind'], 'text'> | 'nullableTimestamp' | 'text';

/** The columns of a table, in order: what they are called, what they are, and which number of a row they show. */
export type TableShape = readonly (readonly [name: string, kind: ColumnKind, field: number])[];

/** The tables of a store. Their columns are documented in docs/scale.md. */
export const tables = {
  events: [
    ['at', 'timestamp', 0],
    ['kind', 'text', 1],
    ['daemon', 'text', 2],
    ['feature', 'text', 2],
    ['user', 'text', 3],
    ['host', 'text', 3],
    ['count', 'int32', 4],
    ['reason', 'text', 5],
    ['line', 'int64', 6],
  ],
  sessions: [
    ['started_at', 'nullableTimestamp', 0],
    ['ended_at', 'timestamp', 1],
    ['daemon', 'text', 2],
    ['feature', 'text', 2],
    ['user', 'text', 3],
    ['host', 'text', 3],
    ['count', 'int32', 4],
    ['closing', 'text', 5],
  ],
  steps: [
    ['at', 'timestamp', 0],
    ['daemon', 'text', 1],
    ['feature', 'text', 1],
    ['in_use', 'int32', 2],
  ],
} as const satisfies Readonly<Record<string, TableShape>>;

export type TableName = keyof typeof tables;
