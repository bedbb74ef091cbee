/**
 * What we use of DuckDB's package for Node, `@duckdb/node-api`: the rest of fauxlm knows DuckDB by this alone, and is
 * built without the package.
 */
export interface DuckDb {
  readonly DuckDBInstance: {
    create(path: string, settings: Readonly<Record<string, string>>): Promise<DuckDbInstance>;
  };
  /** Names of kinds of statements, such as SELECT, by their numbers. */
  readonly StatementType: Readonly<Record<number, string>>;
  readonly DuckDBTimestampTZValue: ValueClass<{ readonly micros: bigint }>;
  readonly DuckDBDecimalValue: ValueClass<object>;
  readonly DuckDBListValue: ValueClass<{ readonly items: readonly unknown[] }>;
  readonly DuckDBArrayValue: ValueClass<{ readonly items: readonly unknown[] }>;
  readonly DuckDBStructValue: ValueClass<{ readonly entries: Readonly<Record<string, unknown>> }>;
  readonly DuckDBMapValue: ValueClass<{
    readonly entries: readonly { readonly key: unknown; readonly value: unknown }[];
  }>;
}

/** Values that are no plain ones of JavaScript; `String` of any is what DuckDB writes. */
type ValueClass<T> = abstract new (...values: never[]) => T;

export interface DuckDbInstance {
  connect(): Promise<DuckDbConnection>;
  closeSync(): void;
}

export interface DuckDbConnection {
  run(sql: string): Promise<unknown>;
  extractStatements(sql: string): Promise<DuckDbStatements>;
  interrupt(): void;
  closeSync(): void;
}

export interface DuckDbStatements {
  readonly count: number;
  prepare(index: number): Promise<DuckDbStatement>;
}

export interface DuckDbStatement {
  readonly statementType: number;
  run(): Promise<unknown>;
  /** Rows are made as they are fetched. */
  stream(): Promise<DuckDbResult>;
}

export interface DuckDbResult {
  /** Where names come twice, the second has a number behind it. */
  deduplicatedColumnNames(): readonly string[];
  /** `String` of one is its name in SQL. */
  columnTypes(): readonly unknown[];
  /** No chunk, or one without rows, at the end. */
  fetchChunk(): Promise<DuckDbChunk | null>;
}

export interface DuckDbChunk {
  readonly rowCount: number;
  getRows(): readonly (readonly unknown[])[];
}
