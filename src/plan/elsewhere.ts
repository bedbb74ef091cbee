import type { EpochMs } from '../base/clock.ts';
import { Rng } from '../base/rng.ts';
import { type Demand, demandOf, rowsAt } from './demand/demand.ts';
import type { LogNames } from './scan/log-names.ts';
import { readTraces, type SourceTraces } from './sources.ts';
import type { WhatIf } from './what-if/what-if.ts';

interface Reading {
  readonly windowMs: number;
  readonly seed: string;
  readonly timeZone?: string;
}

/** What other license servers' logs ask for, told by the numbers of names of the first one. */
export class ElsewhereDemands {
  readonly #sources: ReadonlyMap<string, SourceTraces>;
  readonly #options: Reading;
  readonly #names: LogNames;
  readonly #begin: EpochMs;
  readonly #end: EpochMs;
  readonly #told = new Map<string, Demand | undefined>();

  constructor(sources: ReadonlyMap<string, SourceTraces>, options: Reading, home: SourceTraces) {
    this.#sources = sources;
    this.#options = options;
    this.#names = home.names;
    this.#begin = home.begin;
    this.#end = home.end;
  }

  /** Reads those that are to be merged. @throws KnownError as `readTraces` does. */
  static async read(
    whatIfs: readonly WhatIf[],
    options: Reading,
    home: SourceTraces,
  ): Promise<ElsewhereDemands> {
    const wanted = whatIfs.flatMap(({ demand }) =>
      demand.flatMap((change) => (change.kind === 'merge' ? [change.source] : [])),
    );
    const sources = new Map<string, SourceTraces>();
    const { timeZone } = options;
    for (const source of new Set(wanted)) {
      const reading = { sources: [source], ...(timeZone === undefined ? {} : { timeZone }) };
      sources.set(source, await readTraces(reading));
    }
    return new ElsewhereDemands(sources, options, home);
  }

  /** The demand for a feature while the first server's logs last; undefined without any. */
  of(source: string, feature: string): Demand | undefined {
    const key = JSON.stringify([source, feature]);
    if (!this.#told.has(key)) this.#told.set(key, this.#demandOf(source, feature));
    return this.#told.get(key);
  }

  #demandOf(source: string, feature: string): Demand | undefined {
    const read = this.#sources.get(source);
    const trace = read?.traces.find((each) => each.feature.toLowerCase() === feature.toLowerCase());
    if (read === undefined || trace === undefined) return undefined;
    const { windowMs, seed } = this.#options;
    const rng = new Rng(`${seed}/elsewhere/${source}/${feature}`);
    const demand = demandOf(trace, read.names, { begin: read.begin, windowMs, rng });
    return this.#atHome(demand, read.names);
  }

  #atHome(demand: Demand, names: LogNames): Demand | undefined {
    const ids = new Map<number, number>();
    const homeId = (client: number): number => {
      let id = ids.get(client);
      if (id === undefined) {
        id = this.#names.clients.idOfText(names.clients.textOf(client), 0);
        ids.set(client, id);
      }
      return id;
    };
    const rows = Array.from(demand.at, (_, row) => row).filter(
      (row) => demand.at[row]! >= this.#begin && demand.at[row]! <= this.#end,
    );
    if (rows.length === 0) return undefined;
    const meanwhile = rowsAt(demand, rows);
    return { ...demand, ...meanwhile, client: meanwhile.client.map(homeId) };
  }
}
