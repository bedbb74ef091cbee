import { existsSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { KnownError } from '../../base/errors.ts';
import { parquetFiles } from '../store/store-reader.ts';
import { type ColumnKind, tables } from '../store/tables.ts';
import type { DuckDb, DuckDbConnection, DuckDbInstance } from './duckdb-contract.ts';

/** What the folders of a table's files say. */
const partitions = [
  ['site', 'VARCHAR'],
  ['year', 'INTEGER'],
  ['month', 'INTEGER'],
] as const;

const sqlTypes: Readonly<Record<ColumnKind, string>> = {
  timestamp: 'TIMESTAMPTZ',
  nullableTimestamp: 'TIMESTAMPTZ',
  text: 'VARCHAR',
  int32: 'INTEGER',
  int64: 'BIGINT',
};

/** A DuckDB in memory that shows a store's tables and reads no other file. */
export interface StoreDatabase {
  readonly connection: DuckDbConnection;
  close(): void;
}

/**
 * Opens a store with its tables as the views events, sessions and steps. Nothing else may be read or written: the very
 * files are allowed, one by one, for in an allowed folder DuckDB would also write.
 * @throws KnownError PLAN_STORE
 */
export async function openStore(
  duckDb: DuckDb,
  folder: string,
  timeZone: string,
): Promise<StoreDatabase> {
  checkStore(folder);
  const scratch = mkdtempSync(join(tmpdir(), 'fauxlm-query-'));
  let instance: DuckDbInstance | undefined;
  const close = (): void => {
    instance?.closeSync();
    rmSync(scratch, { recursive: true, force: true });
  };
  try {
    const place = plainPath(resolve(folder), scratch);
    instance = await duckDb.DuckDBInstance.create(':memory:', {
      // Questions that need more memory than there is go on in files; else DuckDB makes them in the working directory.
      temp_directory: join(scratch, 'spilled'),
      autoinstall_known_extensions: 'false',
      autoload_known_extensions: 'false',
      allow_community_extensions: 'false',
      allow_persistent_secrets: 'false',
    });
    const connection = await instance.connect();
    const allowed: string[] = [];
    for (const table of Object.keys(tables) as (keyof typeof tables)[]) {
      const files = parquetFiles(join(place, table));
      allowed.push(...files);
      await connection.run(viewOf(table, files));
    }
    await connection.run(`SET TimeZone = ${quoted(timeZone)}`);
    await connection.run(`SET allowed_paths = ${listOf(allowed)}`);
    await connection.run('SET enable_external_access = false');
    await connection.run('SET lock_configuration = true');
    return {
      connection,
      close: () => {
        connection.closeSync();
        close();
      },
    };
  } catch (error) {
    close();
    if (error instanceof KnownError) throw error;
    const [why] = String((error as Error).message).split('\n');
    const text = `${folder}: expected tables that fauxlm ingest wrote, got: ${why}`;
    throw new KnownError('PLAN_STORE', text, { folder }, { cause: error });
  }
}

function checkStore(folder: string): void {
  if (existsSync(join(folder, '_fauxlm'))) return;
  const got = existsSync(folder) ? 'another one' : 'none';
  const text = `${folder}: expected a folder that fauxlm ingest wrote, got ${got}`;
  throw new KnownError('PLAN_STORE', text, { folder });
}

/** A path in which DuckDB sees no pattern and no partition: another way to the folder where its own would be one. */
function plainPath(folder: string, scratch: string): string {
  if (!/[*?[\]{}=]/.test(folder)) return folder;
  const link = join(scratch, 'store');
  // A junction needs no rights on Windows; elsewhere the word means nothing.
  symlinkSync(folder, link, 'junction');
  return link;
}

/** Samples have no events: their table is there, and empty. */
function viewOf(table: keyof typeof tables, files: readonly string[]): string {
  const own = tables[table].map(([name, kind]) => [name, sqlTypes[kind]] as const);
  const columns = [...own, ...partitions];
  if (files.length === 0) {
    const nulls = columns.map(([name, type]) => `NULL::${type} AS "${name}"`);
    return `CREATE VIEW ${table} AS SELECT ${nulls.join(', ')} WHERE false`;
  }
  const names = columns.map(([name]) => `"${name}"`).join(', ');
  const types = partitions.map(([name, type]) => `${name}: ${type}`).join(', ');
  const source = `read_parquet(${listOf(files)}, hive_partitioning = true, hive_types = {${types}})`;
  return `CREATE VIEW ${table} AS SELECT ${names} FROM ${source}`;
}

function listOf(paths: readonly string[]): string {
  return `[${paths.map(quoted).join(', ')}]`;
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
