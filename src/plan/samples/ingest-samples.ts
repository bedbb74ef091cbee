import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { KnownError } from '../../base/errors.ts';
import { lockFile } from '../../files/folder-lock.ts';
import { LogNames } from '../scan/log-names.ts';
import { WallClock } from '../scan/wall-clock.ts';
import { type Ingested, type IngestOptions, ingestLogs, makeFolder } from '../store/ingest.ts';
import { type StoredSource, StoreManifest } from '../store/manifest.ts';
import { Packing } from '../store/packing.ts';
import { StoreWriter } from '../store/store-writer.ts';
import { loadZstd } from '../store/zstd.ts';
import { sumOf } from './poll.ts';
import { type ReadSamples, readSamples } from './read-samples.ts';
import { SampleHistory } from './sample-history.ts';
import type { SourceKind } from './source-kind-names.ts';
import { isStore, type KnownSources, knownSources } from './source-kinds.ts';

export interface SourceIngest extends IngestOptions {
  /** What the sources are; by their beginnings when undefined. */
  readonly kind?: SourceKind;
}

const KEY_LENGTH = 12;

/**
 * Puts logs or samples into a store, whatever they are.
 * @throws KnownError as `knownSources`, `ingestLogs` and `readSamples` do; USAGE for what was ingested already;
 * PLAN_STORE for samples in a site that has logs, and the reverse: what both tell would count twice.
 */
export async function ingestSources(options: SourceIngest): Promise<Ingested> {
  const store = options.logs.find(isStore);
  if (store !== undefined) {
    const got = 'the tables of an ingest: plan, report and query take them';
    throw new KnownError('USAGE', `${store}: expected debug logs or samples, got ${got}`);
  }
  const known = await knownSources(options.logs, options.kind);
  const { folder, site } = options;
  const isLog = known.kind === 'log';
  const other = new StoreManifest(folder, site).sources.find(
    ({ samples }) => (samples === undefined) !== isLog,
  );
  if (other !== undefined) {
    const [own, there] = isLog ? ['samples', 'debug logs'] : ['debug logs', 'samples'];
    const text = `${folder}, site ${site}: expected more ${own}, got ${there}: name another --site`;
    throw new KnownError('PLAN_STORE', text, { folder });
  }
  if (isLog) return ingestLogs({ ...options, logs: known.paths });
  makeFolder(folder);
  const lock = lockFile(join(folder, '_fauxlm', 'ingest'));
  try {
    return await ingestSamples(options, known);
  } finally {
    lock.release();
  }
}

/**
 * Goes on behind the last sample that is in the store; what is not later is passed over. So the same samples may be
 * given again and again, with new ones behind them, and an ingest that was broken off is begun anew.
 */
async function ingestSamples(
  { folder, site, timeZone, report }: SourceIngest,
  known: KnownSources,
): Promise<Ingested> {
  const manifest = new StoreManifest(folder, site);
  const { compress } = await loadZstd();
  const wall = new WallClock(timeZone);
  const names = new LogNames();
  const packing = new Packing(names, compress);
  const writerOf = (key: string): StoreWriter =>
    new StoreWriter({ folder, site, key }, wall, packing);
  const last = manifest.sources.at(-1)?.samples;
  const key = keyOf(`${known.paths[0]} ${last?.resumeAt ?? ''}`);
  const writer = writerOf(key);
  const read = await readSamples(
    known,
    {
      ...{ names, wall, sink: writer },
      ...(last === undefined ? {} : { resume: { at: last.resumeAt, open: last.open } }),
      ...(report === undefined ? {} : { report }),
    },
    { end: false },
  );
  await writer.finish();
  const path = nameOf(known.paths);
  const { logs, ...told } = read.quality;
  const quality = { ...sumOf(logs, path), ...told, logs, passedOver: read.passedOver };
  const isNew = read.resumeAt !== last?.resumeAt;
  if (isNew) manifest.add(sourceOf(read, { path, key, writer, quality }), undefined);
  await writeOpen(manifest, read, names, writerOf(`${key}-open`));
  const state = last === undefined ? 'new' : isNew ? 'grown' : 'unchanged';
  const rows = { ...writer.rows };
  return { folder, site, logs: [{ path, state, rows, quality }], openSessions: read.openCount };
}

function sourceOf(
  { begin, end, resumeAt, open }: ReadSamples,
  {
    path,
    key,
    writer,
    quality,
  }: { path: string; key: string; writer: StoreWriter; quality: object },
): StoredSource {
  return {
    ...{ path, head: key, bytes: 0, begin, end, parts: writer.parts, open: [], quality },
    samples: { resumeAt, open },
  };
}

/** What is out in the last sample is in the store, too, until a further one says how it went on. */
async function writeOpen(
  manifest: StoreManifest,
  { open, end }: ReadSamples,
  names: LogNames,
  writer: StoreWriter,
): Promise<void> {
  const history = new SampleHistory(names, writer);
  history.restore(open, end);
  history.end();
  await writer.finish();
  manifest.replaceOpen(writer.parts);
}

function nameOf(paths: readonly string[]): string {
  const more = paths.length === 1 ? '' : ` and ${paths.length - 1} more`;
  return `${paths[0]}${more}`;
}

function keyOf(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, KEY_LENGTH);
}
