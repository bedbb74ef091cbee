import { appendFileSync, mkdirSync, readFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { type BenchSize, hashOf, type TableRow } from './harness.ts';

/** One run: a line of the history. */
export interface HistoryEntry {
  readonly at: string;
  readonly size: BenchSize;
  readonly node: string;
  readonly processor: string;
  readonly cores: number;
  /** Of all the work that was done. */
  readonly hash: string;
  readonly rows: readonly TableRow[];
}

/** A run as it is kept: what ran where, and its rows. */
export function entryOf(size: BenchSize, rows: readonly TableRow[], at: Date): HistoryEntry {
  return {
    at: at.toISOString(),
    size,
    node: process.versions.node,
    processor: cpus()[0]?.model ?? 'unknown',
    cores: cpus().length,
    hash: hashOf(...rows.flatMap((row) => ('hash' in row ? [row.name, row.hash] : []))),
    rows,
  };
}

/** The runs of earlier days, one JSON document a line, kept beside the benches and in no repository. */
export class History {
  readonly #folder: string;

  constructor(folder = 'bench/results') {
    this.#folder = folder;
  }

  get path(): string {
    return join(this.#folder, 'history.ndjson');
  }

  add(entry: HistoryEntry): void {
    mkdirSync(this.#folder, { recursive: true });
    appendFileSync(this.path, `${JSON.stringify(entry)}\n`);
  }

  /** The ratio that each row had in the latest run of this size that has it. */
  latest(size: BenchSize): ReadonlyMap<string, number> {
    const ratios = new Map<string, number>();
    for (const entry of this.#entries()) {
      if (entry.size !== size) continue;
      for (const row of entry.rows) if ('ratio' in row) ratios.set(row.name, row.ratio);
    }
    return ratios;
  }

  #entries(): readonly HistoryEntry[] {
    let text: string;
    try {
      text = readFileSync(this.path, 'utf8');
    } catch {
      return [];
    }
    return text.split('\n').flatMap((line) => {
      try {
        return [JSON.parse(line) as HistoryEntry];
      } catch {
        // The empty end, or a line that was cut short by a full disk.
        return [];
      }
    });
  }
}
