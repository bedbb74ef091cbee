import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { asyncBufferFromFile, parquetMetadataAsync, parquetRead } from 'hyparquet';
import type { EpochMs } from '../../base/clock.ts';
import { KnownError } from '../../base/errors.ts';
import { TraceCollector } from '../demand/trace.ts';
import { type SampledSource, sampledSource } from '../samples/sampled-source.ts';
import type { Closing } from '../scan/history.ts';
import { LogNames } from '../scan/log-names.ts';
import { logEvent } from '../scan/seat-block.ts';
import { StoreManifest } from './manifest.ts';
import { loadZstd } from './zstd.ts';

export interface StoredTraces {
  readonly names: LogNames;
  readonly collector: TraceCollector;
  readonly begin: EpochMs;
  readonly end: EpochMs;
  readonly quality: object;
  /** When what is stored are samples. */
  readonly samples?: SampledSource;
}

type Row = readonly unknown[];

const sessionColumns = [
  'started_at',
  'ended_at',
  'daemon',
  'feature',
  'user',
  'host',
  'count',
  'closing',
];
const denialColumns = ['at', 'kind', 'daemon', 'feature', 'user', 'host', 'count', 'reason'];

/**
 * Reads the sessions and denials of one site's store.
 * @throws KnownError PLAN_STORE when the folder is none, or of several sites and none is named.
 */
export async function readStore(
  folder: string,
  isWanted: (feature: string) => boolean,
  site?: string,
): Promise<StoredTraces> {
  const chosen = siteOf(folder, site);
  const { sources } = new StoreManifest(folder, chosen);
  const names = new LogNames();
  const collector = new TraceCollector(() => names, isWanted);
  const tables = (table: string): string => join(folder, table, `site=${chosen}`);
  for (const path of parquetFiles(tables('sessions'))) {
    await readRows(path, sessionColumns, (row) => addSession(row, names, collector));
  }
  for (const path of parquetFiles(tables('events'))) {
    await readRows(path, denialColumns, (row) => addDenial(row, names, collector));
  }
  const samples = sampledSource(sources.map(({ quality }) => quality));
  return {
    ...{ names, collector },
    ...(samples && { samples }),
    begin: sources.reduce((first, { begin }) => Math.min(first, begin), Number.POSITIVE_INFINITY),
    end: sources.reduce((last, { end }) => Math.max(last, end), Number.NEGATIVE_INFINITY),
    quality: { logs: sources.map(({ path, quality }) => ({ path, ...quality })) },
  };
}

function siteOf(folder: string, site: string | undefined): string {
  const manifests = join(folder, '_fauxlm');
  const found = existsSync(manifests) ? readdirSync(manifests) : [];
  const sites = found.flatMap((name) => /^site=(.*)\.json$/.exec(name)?.[1] ?? []);
  const [only, other] = sites;
  if (site !== undefined && sites.includes(site)) return site;
  if (only !== undefined && site === undefined && other === undefined) return only;
  const wanted = site === undefined ? 'one site, or one named by --site' : `the site ${site}`;
  const got = sites.length === 0 ? 'none' : sites.join(', ');
  const text = `${folder}: expected what fauxlm ingest wrote of ${wanted}, got ${got}`;
  throw new KnownError('PLAN_STORE', text, { folder });
}

/** A table's files, or those of one of its sites: what readers are to see of a folder. */
export function parquetFiles(folder: string): readonly string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.parquet') && !/(?:^|[\\/])[._]/.test(name))
    .sort()
    .map((name) => join(folder, name));
}

async function readRows(
  path: string,
  columns: readonly string[],
  take: (row: Row) => void,
): Promise<void> {
  const { decompress } = await loadZstd();
  try {
    const file = await asyncBufferFromFile(path);
    const metadata = await parquetMetadataAsync(file);
    await parquetRead({
      ...{ file, metadata, columns: [...columns], compressors: { ZSTD: decompress } },
      parsers: { timestampFromMilliseconds: Number },
      onComplete: (rows) => {
        for (const row of rows) take(row);
      },
    });
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    const text = `${path}: expected a table that fauxlm ingest wrote, got: ${why}`;
    throw new KnownError('PLAN_STORE', text, { path }, { cause });
  }
}

function featureId(row: Row, names: LogNames): number {
  const daemon = names.daemons.idOfText(String(row[2]), 0);
  return names.features.idOfText(String(row[3]), daemon);
}

function clientId(row: Row, names: LogNames): number {
  return names.clients.idOfText(`${row[4]}@${row[5]}`, 0);
}

function addSession(row: Row, names: LogNames, collector: TraceCollector): void {
  const since = row[0] === null || row[0] === undefined ? undefined : Number(row[0]);
  const feature = featureId(row, names);
  const closing = String(row[7]) as Closing;
  collector.session(since, Number(row[1]), feature, clientId(row, names), Number(row[6]), closing);
}

function addDenial(row: Row, names: LogNames, collector: TraceCollector): void {
  if (row[1] !== 'denied') return;
  const [at, count] = [Number(row[0]), Number(row[6])];
  const reason = names.reasonId(String(row[7]));
  const feature = featureId(row, names);
  collector.event(at, logEvent.denied, feature, clientId(row, names), count, reason);
}
