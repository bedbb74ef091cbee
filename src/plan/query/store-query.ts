import { KnownError } from '../../base/errors.ts';
import type { DuckDb, DuckDbConnection, DuckDbResult } from './duckdb-contract.ts';
import { findDuckDb } from './find-duckdb.ts';
import { QueryValues } from './query-values.ts';
import { openStore } from './store-views.ts';

export interface StoreQuestion {
  /** What `fauxlm ingest` wrote. */
  readonly folder: string;
  readonly sql: string;
  /** An IANA name: of it are hours and days in the question, and times in the answer. */
  readonly timeZone: string;
  /** Where DuckDB may be installed, besides where fauxlm is. */
  readonly project: string;
  readonly interrupted?: AbortSignal;
}

export interface QueryColumn {
  readonly name: string;
  readonly isNumber: boolean;
}

/** An answer, a batch of rows at a time as they come. */
export interface QueryAnswer {
  readonly columns: readonly QueryColumn[];
  readonly values: QueryValues;
  readonly batches: AsyncIterable<readonly (readonly unknown[])[]>;
}

/** Integers and what is counted and measured: set right in a table. */
const numbers = /^(?:U?(?:TINY|SMALL|BIG|HUGE)?INT(?:EGER)?|FLOAT|DOUBLE|DECIMAL\b.*|BIGNUM)$/;

/**
 * Asks a store in SQL, by DuckDB, and hands the answer to `take`, until which all is open.
 * @throws KnownError QUERY_DUCKDB, QUERY_SQL, PLAN_STORE; whatever `take` throws.
 */
export async function queryStore(
  question: StoreQuestion,
  take: (answer: QueryAnswer) => Promise<void>,
): Promise<void> {
  const { folder, sql, timeZone, project, interrupted } = question;
  const duckDb = await findDuckDb(project);
  const database = await openStore(duckDb, folder, timeZone);
  const { connection } = database;
  const interrupt = (): void => connection.interrupt();
  interrupted?.addEventListener('abort', interrupt);
  try {
    const result = await asked(() => answerTo(duckDb, connection, sql));
    await take(answerOf(duckDb, result, timeZone));
  } finally {
    interrupted?.removeEventListener('abort', interrupt);
    database.close();
  }
}

/** Views, tables and macros of the question's own are made in memory; behind them stands what is asked. */
async function answerTo(
  { StatementType }: DuckDb,
  connection: DuckDbConnection,
  sql: string,
): Promise<DuckDbResult> {
  // What is empty or only a comment DuckDB fails on without a word.
  if (sql.replaceAll(/\/\*[\s\S]*?\*\/|--.*$|[\s;]/gm, '') === '') throw expected('nothing');
  const statements = await connection.extractStatements(sql);
  const last = statements.count - 1;
  for (let index = 0; ; index++) {
    const statement = await statements.prepare(index);
    // EXPLAIN ANALYZE would carry out whatever stands behind it.
    const wanted = index === last ? 'SELECT' : 'CREATE';
    const got = StatementType[statement.statementType] ?? 'another statement';
    if (got !== wanted) throw expected(`${got}${index === last ? '' : ' and more'}`);
    if (index === last) return statement.stream();
    await statement.run();
  }
}

function expected(got: string): KnownError {
  const wanted = 'one SELECT (or WITH, FROM, DESCRIBE, SUMMARIZE), at most CREATE before it';
  return new KnownError('QUERY_SQL', `SQL: expected ${wanted}, got ${got}`);
}

function answerOf(duckDb: DuckDb, result: DuckDbResult, timeZone: string): QueryAnswer {
  const types = result.columnTypes().map(String);
  const columns = result.deduplicatedColumnNames().map((name, index) => ({
    name,
    isNumber: numbers.test(types[index]!),
  }));
  return { columns, values: new QueryValues(duckDb, timeZone), batches: batchesOf(result) };
}

async function* batchesOf(result: DuckDbResult): AsyncGenerator<readonly (readonly unknown[])[]> {
  for (;;) {
    const chunk = await asked(() => result.fetchChunk());
    if (chunk === null || chunk.rowCount === 0) return;
    yield chunk.getRows();
  }
}

/** What DuckDB has against it, in its words: they show the place. */
async function asked<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    if (cause instanceof KnownError) throw cause;
    throw refusalOf(cause as Error);
  }
}

/** @param cause what DuckDB threw */
export function refusalOf(cause: Error): KnownError {
  const said = cause.message.trimEnd().replace(/^Failed to extract statements: /, '');
  // A file that an ingest has replaced meanwhile, or that is none of Parquet.
  const isFile = /^(?:IO Error|Invalid Input Error: .*(?:parquet|magic bytes))/i.test(said);
  const wanted = isFile ? 'tables that fauxlm ingest wrote' : 'a question that DuckDB can answer';
  const where = isFile ? 'the store' : 'SQL';
  const text = `${where}: expected ${wanted}, got: ${said}`;
  return new KnownError(isFile ? 'PLAN_STORE' : 'QUERY_SQL', text, {}, { cause });
}
