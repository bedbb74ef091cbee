import type { EpochMs } from '../../base/clock.ts';
import type { Rng } from '../../base/rng.ts';
import { sortedOrder } from '../columns.ts';
import type { LogNames } from '../scan/log-names.ts';
import { type Episode, episodesOf } from './episodes.ts';
import type { FeatureTrace } from './trace.ts';

/** Starts, a column of each thing to be known of them. */
export interface DemandRows {
  readonly at: Float64Array;
  readonly holdMs: Float64Array;
  readonly client: Int32Array;
  readonly count: Int32Array;
  /** 1 for a session that was out when the log began: it is no start. */
  readonly isInitial: Uint8Array;
}

/**
 * What users wanted, had there been seats for all: each start at the time of its first attempt, with the time it was
 * held. In order of time.
 */
export interface Demand extends DemandRows {
  readonly episodes: readonly Episode[];
  /** Refused lines of the log, for whatever reason. */
  readonly deniedLines: number;
  /** Starts that were refused for good; their holding times are guesses. */
  readonly lost: number;
  readonly delayed: number;
}

export interface DemandOptions {
  /** When the log begins. */
  readonly begin: EpochMs;
  /** Refusals of a client with shorter pauses are one episode. */
  readonly windowMs: number;
  readonly rng: Rng;
}

/** Sessions of a client from which the length of one it did not get is guessed; with fewer, those of all are. */
const OWN_SESSIONS_MIN = 3;

/**
 * The demand behind a trace: sessions, those delayed moved to their first refusal, and one session for each episode
 * that went without, as long as one of the client's others, drawn at random.
 */
export function demandOf(trace: FeatureTrace, names: LogNames, options: DemandOptions): Demand {
  const { sessions, denials } = trace;
  const episodes = episodesOf(trace, names, options.windowMs);
  const delayedBy = new Map(
    episodes.flatMap(({ session, from }) =>
      session === undefined ? [] : [[session, from] as const],
    ),
  );
  const lost = episodes.filter(({ session }) => session === undefined);
  const size = sessions.size + lost.length;
  const rows = emptyRows(size);
  for (let row = 0; row < sessions.size; row++) {
    const since = sessions.since.at(row);
    const isInitial = Number.isNaN(since);
    const start = isInitial ? options.begin : since;
    rows.at[row] = delayedBy.get(row) ?? start;
    rows.holdMs[row] = Math.max(0, sessions.until.at(row) - start);
    rows.client[row] = sessions.client.at(row);
    rows.count[row] = sessions.count.at(row);
    rows.isInitial[row] = isInitial ? 1 : 0;
  }
  const holds = new HoldDraws(trace, lost, options.rng);
  lost.forEach((episode, index) => {
    const row = sessions.size + index;
    rows.at[row] = episode.from;
    rows.holdMs[row] = holds.draw(episode.client);
    rows.client[row] = episode.client;
    rows.count[row] = episode.count;
  });
  return {
    ...rowsAt(rows, sortedOrder(rows.at)),
    ...{ episodes, deniedLines: denials.size, lost: lost.length, delayed: delayedBy.size },
  };
}

export function emptyRows(size: number): DemandRows {
  return {
    at: new Float64Array(size),
    holdMs: new Float64Array(size),
    client: new Int32Array(size),
    count: new Int32Array(size),
    isInitial: new Uint8Array(size),
  };
}

/** The starts at these indices, in their order. */
export function rowsAt(rows: DemandRows, indices: ArrayLike<number>): DemandRows {
  const taken = emptyRows(indices.length);
  for (let index = 0; index < indices.length; index++) {
    const row = indices[index]!;
    taken.at[index] = rows.at[row]!;
    taken.holdMs[index] = rows.holdMs[row]!;
    taken.client[index] = rows.client[row]!;
    taken.count[index] = rows.count[row]!;
    taken.isInitial[index] = rows.isInitial[row]!;
  }
  return taken;
}

/** Lengths of sessions that did not come to be. */
class HoldDraws {
  readonly #all: number[] = [];
  /** Of the clients that went without. */
  readonly #own = new Map<number, number[]>();
  readonly #rng: Rng;

  constructor({ sessions }: FeatureTrace, lost: readonly Episode[], rng: Rng) {
    this.#rng = rng;
    for (const { client } of lost) this.#own.set(client, []);
    if (lost.length === 0) return;
    for (let row = 0; row < sessions.size; row++) {
      // How long those were held that were out at the log's begin or end is not known.
      if (Number.isNaN(sessions.since.at(row)) || sessions.open.has(row)) continue;
      const hold = Math.max(0, sessions.until.at(row) - sessions.since.at(row));
      this.#all.push(hold);
      this.#own.get(sessions.client.at(row))?.push(hold);
    }
  }

  draw(client: number): number {
    const own = this.#own.get(client) ?? [];
    const from = own.length >= OWN_SESSIONS_MIN ? own : this.#all;
    return from.length === 0 ? 0 : this.#rng.pick(from);
  }
}
