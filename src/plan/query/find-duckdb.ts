import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { KnownError } from '../../base/errors.ts';
import type { DuckDb } from './duckdb-contract.ts';

const PACKAGE = '@duckdb/node-api';

/**
 * DuckDB is an optional peer of 70 MB. It is looked for beside fauxlm, then in the project around `folder`: a fauxlm
 * that is installed for the whole machine, or run by npx, does not see what a project has.
 * @throws KnownError QUERY_DUCKDB when it is in neither, or is not for this machine.
 */
export async function findDuckDb(folder: string): Promise<DuckDb> {
  let failure: unknown;
  for (const from of [import.meta.url, join(folder, 'package.json')]) {
    const path = pathFrom(from);
    if (path === undefined) continue;
    try {
      // The name is no literal: a bundler would look for the package when fauxlm is built.
      const loaded = (await import(pathToFileURL(path).href)) as { readonly default?: unknown };
      const found = (loaded.default ?? loaded) as Partial<DuckDb>;
      if (found.DuckDBInstance !== undefined) return found as DuckDb;
      failure = new Error(`${path}: it has no DuckDBInstance`);
    } catch (cause) {
      failure = cause;
    }
  }
  const where = `expected the package ${PACKAGE} beside fauxlm or in ${folder}`;
  if (failure === undefined) throw new KnownError('QUERY_DUCKDB', `${where}, got none`);
  const [why] = String((failure as Error).message).split('\n');
  const text = `${where} to load, got: ${why}`;
  throw new KnownError('QUERY_DUCKDB', text, {}, { cause: failure });
}

function pathFrom(file: string): string | undefined {
  try {
    return createRequire(file).resolve(PACKAGE);
  } catch {
    return undefined;
  }
}
