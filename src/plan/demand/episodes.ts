import type { EpochMs } from '../../base/clock.ts';
import { sortedOrder } from '../columns.ts';
import type { LogNames } from '../scan/log-names.ts';
import type { DenialColumns, FeatureTrace, SessionColumns } from './trace.ts';

/** One try to get seats that was refused at first: all refusals of one client with no long pause between them. */
export interface Episode {
  readonly client: number;
  readonly from: EpochMs;
  readonly to: EpochMs;
  /** Refusals. */
  readonly attempts: number;
  readonly count: number;
  /** The session that it got in the end, by index; undefined: it went without. */
  readonly session: number | undefined;
}

/** Refusals for want of seats: what more seats would have changed. `''`: the log does not give the reason. */
const CAPACITY_MAJORS = new Set(['-4', '-24', '']);

export function isForWantOfSeats(reason: string): boolean {
  return CAPACITY_MAJORS.has(reason.split(',')[0]!);
}

/**
 * Folds refusals for want of seats into episodes: programs that retry every few seconds make hundreds of lines of one
 * shortage. A client that gets its seats within `windowMs` after a refusal was delayed, else it went without.
 */
export function episodesOf(
  { denials, sessions }: FeatureTrace,
  names: LogNames,
  windowMs: number,
): readonly Episode[] {
  const refused = denialsByClient(denials, names);
  const starts = new StartsByClient(sessions, refused);
  const episodes: Episode[] = [];
  for (const rows of refused.values()) {
    let first = 0;
    for (let index = 1; index <= rows.length; index++) {
      const isLast = index === rows.length;
      const client = denials.client.at(rows[first]!);
      const before = denials.at.at(rows[index - 1]!);
      const next = isLast ? Number.POSITIVE_INFINITY : denials.at.at(rows[index]!);
      // Seats that it got in between end the episode, too.
      const served = starts.next(client, before, Math.min(before + windowMs, next));
      if (!isLast && served === undefined && next - before <= windowMs) continue;
      episodes.push(episodeOf(denials, rows.slice(first, index), served));
      first = index;
    }
  }
  return episodes.sort((a, b) => a.from - b.from);
}

function denialsByClient(denials: DenialColumns, names: LogNames): Map<number, number[]> {
  const rows = new Map<number, number[]>();
  for (const row of sortedOrder(denials.at.values)) {
    if (!isForWantOfSeats(names.reasonText(denials.reason.at(row)))) continue;
    const client = denials.client.at(row);
    const list = rows.get(client);
    if (list) list.push(row);
    else rows.set(client, [row]);
  }
  return rows;
}

function episodeOf(
  denials: DenialColumns,
  rows: readonly number[],
  session: number | undefined,
): Episode {
  return {
    client: denials.client.at(rows[0]!),
    from: denials.at.at(rows[0]!),
    to: denials.at.at(rows.at(-1)!),
    attempts: rows.length,
    count: rows.reduce((most, row) => Math.max(most, denials.count.at(row)), 1),
    session,
  };
}

/** Sessions of clients that were refused, in order of time, each to be found once. */
class StartsByClient {
  readonly #rows = new Map<number, number[]>();
  readonly #since: Float64Array;
  readonly #next = new Map<number, number>();

  constructor({ since, client }: SessionColumns, refused: ReadonlyMap<number, unknown>) {
    this.#since = since.values;
    for (const id of refused.keys()) this.#rows.set(id, []);
    if (refused.size === 0) return;
    for (let row = 0; row < since.size; row++) {
      if (!Number.isNaN(since.at(row))) this.#rows.get(client.at(row))?.push(row);
    }
    for (const rows of this.#rows.values()) {
      rows.sort((a, b) => this.#since[a]! - this.#since[b]! || a - b);
    }
  }

  /** The first session of the client from `from` to `to` that was not found yet. Asked in order of time. */
  next(client: number, from: EpochMs, to: EpochMs): number | undefined {
    const rows = this.#rows.get(client) ?? [];
    let at = this.#next.get(client) ?? 0;
    while (at < rows.length && this.#since[rows[at]!]! < from) at++;
    const row = rows[at];
    const found = row !== undefined && this.#since[row]! <= to;
    this.#next.set(client, found ? at + 1 : at);
    return found ? row : undefined;
  }
}
