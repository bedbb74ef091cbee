import type { Rng } from '../../base/rng.ts';
import { anotherLike } from '../clients.ts';
import { sortedOrder } from '../columns.ts';
import { type Demand, rowsAt } from '../demand/demand.ts';
import { DAY_MS, type WallClock } from '../scan/wall-clock.ts';
import type { DemandChange } from './what-if.ts';

const HOUR_MS = 3_600_000;
/** Sessions that a scheduler could move: jobs of an hour or more that begin in working hours. */
const JOB_MS = HOUR_MS;
const DAY_BEGINS_HOUR = 7;
const DAY_ENDS_HOUR = 19;
/** They begin from eight in the evening on, spread over four hours. */
const NIGHT_HOUR = 20;
const NIGHT_SPREAD_MS = 4 * HOUR_MS;
/** A start that growth adds is like another one, at another moment of about the same time of day. */
const JITTER_MS = HOUR_MS;

/** One start of a demand. */
interface Row {
  readonly at: number;
  readonly holdMs: number;
  readonly client: number;
  readonly count: number;
  readonly isInitial: number;
}

type RowChange = (row: Row, rng: Rng) => readonly Row[];

/** A demand after a change. `elsewhere`: that of another license server, where the change asks for it. */
export function changedDemand(
  demand: Demand,
  change: DemandChange,
  { wall, rng, elsewhere }: { wall: WallClock; rng: Rng; elsewhere?: Demand | undefined },
): Demand {
  const changeRow = changeOf(change, wall);
  const rows: Row[] = [];
  for (const row of rowsOf(demand)) rows.push(...changeRow(row, rng));
  if (elsewhere !== undefined) rows.push(...rowsOf(elsewhere));
  return withRows(demand, rows);
}

/** The starts of those for whom `isIn` says so. */
export function partOfDemand(demand: Demand, isIn: (client: number) => boolean): Demand {
  const rows = [...demand.client.keys()].filter((row) => isIn(demand.client[row]!));
  return { ...demand, ...rowsAt(demand, rows) };
}

function changeOf(change: DemandChange, wall: WallClock): RowChange {
  switch (change.kind) {
    case 'growth':
      return (row, rng) => grown(row, change.factor, rng);
    case 'night':
      return (row, rng) => [moved(row, change.share, wall, rng)];
    case 'timeout': {
      const most = change.workedMs + change.afterMs;
      return (row) => [row.holdMs > most ? { ...row, holdMs: most } : row];
    }
    case 'merge':
      return (row) => [row];
  }
}

/** The start itself and its likes, as many as the factor says on average. */
function grown(row: Row, factor: number, rng: Rng): readonly Row[] {
  const whole = Math.floor(factor);
  const copies = whole + (rng.unit() < factor - whole ? 1 : 0);
  return Array.from({ length: copies }, (_, index) => {
    if (index === 0) return row;
    const at = Math.round(row.at + (2 * rng.unit() - 1) * JITTER_MS);
    return { ...row, at, client: anotherLike(row.client) };
  });
}

function moved(row: Row, share: number, wall: WallClock, rng: Rng): Row {
  const [chance, spread] = [rng.unit(), rng.unit()];
  const shown = wall.wallAt(row.at);
  const sinceMidnight = shown - Math.floor(shown / DAY_MS) * DAY_MS;
  const hour = sinceMidnight / HOUR_MS;
  const isJob = row.isInitial === 0 && row.holdMs >= JOB_MS;
  if (!isJob || hour < DAY_BEGINS_HOUR || hour >= DAY_ENDS_HOUR || chance >= share) return row;
  const later = NIGHT_HOUR * HOUR_MS - sinceMidnight + Math.round(spread * NIGHT_SPREAD_MS);
  return { ...row, at: row.at + later };
}

function* rowsOf({ at, holdMs, client, count, isInitial }: Demand): Generator<Row> {
  for (let row = 0; row < at.length; row++) {
    yield {
      ...{ at: at[row]!, holdMs: holdMs[row]!, client: client[row]!, count: count[row]! },
      isInitial: isInitial[row]!,
    };
  }
}

function withRows(demand: Demand, rows: readonly Row[]): Demand {
  const order = sortedOrder(Float64Array.from(rows, ({ at }) => at));
  const inOrder = Array.from(order, (index) => rows[index]!);
  return {
    ...demand,
    at: Float64Array.from(inOrder, ({ at }) => at),
    holdMs: Float64Array.from(inOrder, ({ holdMs }) => holdMs),
    client: Int32Array.from(inOrder, ({ client }) => client),
    count: Int32Array.from(inOrder, ({ count }) => count),
    isInitial: Uint8Array.from(inOrder, ({ isInitial }) => isInitial),
  };
}
