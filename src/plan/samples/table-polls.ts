import type { EpochMs } from '../../base/clock.ts';
import { Floats, sortedOrder } from '../columns.ts';
import { useChanges } from '../demand/peaks.ts';
import { SessionColumns } from '../demand/trace.ts';
import type { HistorySink } from '../scan/history.ts';
import type { LogNames } from '../scan/log-names.ts';
import type { WallClock } from '../scan/wall-clock.ts';
import type { TakePoll } from './lmstat-polls.ts';
import type { PolledFeature, PolledHolder, SampleFile } from './poll.ts';
import { type Cell, readTables, tableCount, tableTime } from './table-rows.ts';

/** What a table of sessions tells of the whole. */
export interface TableSessions {
  readonly first: EpochMs;
  readonly latest: EpochMs;
  /** The last begin of a session. */
  readonly lastStart: EpochMs;
  readonly passedOver: number;
  readonly open: number;
}

const NONE = -1;

/** Rows of both shapes of tables, column by column. */
class TableRows {
  readonly #names: LogNames;
  readonly #wall: WallClock;
  readonly at = new Floats();
  readonly until = new Floats();
  readonly feature = new Floats();
  readonly client = new Floats();
  readonly count = new Floats();
  readonly total = new Floats();

  constructor(names: LogNames, wall: WallClock) {
    this.#names = names;
    this.#wall = wall;
  }

  addSample(cell: Cell): boolean {
    const at = tableTime(cell('time'), this.#wall);
    const used = tableCount(cell('used'));
    const total = cell('total') === '' ? NONE : tableCount(cell('total'));
    if (at === undefined || used === undefined || total === undefined) return false;
    return this.#add(cell, { at, until: at, count: used, total });
  }

  addSession(cell: Cell): boolean {
    const at = tableTime(cell('start'), this.#wall);
    const until = cell('end') === '' ? Number.NaN : tableTime(cell('end'), this.#wall);
    const count = cell('count') === '' ? 1 : tableCount(cell('count'));
    if (at === undefined || until === undefined || until < at || count === undefined) return false;
    return count > 0 && cell('user') !== '' && this.#add(cell, { at, until, count, total: NONE });
  }

  #add(
    cell: Cell,
    { at, until, count, total }: { at: number; until: number; count: number; total: number },
  ): boolean {
    const [feature, user] = [cell('feature'), cell('user')];
    if (feature === '') return false;
    const names = this.#names;
    const daemon = names.daemons.idOfText(cell('daemon') || '-', 0);
    this.at.push(at);
    this.until.push(until);
    this.feature.push(names.features.idOfText(feature, daemon));
    this.client.push(user === '' ? NONE : names.clients.idOfText(`${user}@${cell('host')}`, 0));
    this.count.push(count);
    this.total.push(total);
    return true;
  }

  /** Rows of one time are one sample. */
  tellSamples(take: (poll: Parameters<TakePoll>[0]) => void): void {
    const order = sortedOrder(this.at.values);
    for (let from = 0; from < order.length; ) {
      const at = this.at.at(order[from]!);
      let to = from;
      while (to < order.length && this.at.at(order[to]!) === at) to++;
      const features = this.#featuresOf(order.subarray(from, to));
      take({ at, features, complete: [], failures: 0 });
      from = to;
    }
  }

  #featuresOf(rows: Int32Array): readonly PolledFeature[] {
    const byFeature = new Map<number, number[]>();
    for (const row of rows) {
      const list = byFeature.get(this.feature.at(row));
      if (list) list.push(row);
      else byFeature.set(this.feature.at(row), [row]);
    }
    return [...byFeature].map(([feature, own]) => {
      const total = this.total.at(own.findLast((row) => this.total.at(row) !== NONE) ?? own[0]!);
      return {
        ...this.#names.feature(feature),
        used: own.reduce((sum, row) => sum + this.count.at(row), 0),
        holders: own.flatMap((row) => this.#holderOf(row)),
        ...(total === NONE ? {} : { issued: total }),
      };
    });
  }

  #holderOf(row: number): readonly PolledHolder[] {
    const [client, count] = [this.client.at(row), this.count.at(row)];
    if (client === NONE || count === 0) return [];
    const text = this.#names.clients.textOf(client);
    return [{ client: text, key: text, count }];
  }

  tellSessions(sink: HistorySink, after: EpochMs): TableSessions {
    const latest = this.#latest();
    const features = new Map<number, SessionColumns>();
    let [passedOver, open, lastStart] = [0, 0, after];
    for (const row of sortedOrder(this.at.values)) {
      const [at, feature, client, count] = [this.at, this.feature, this.client, this.count].map(
        (column) => column.at(row),
      ) as [number, number, number, number];
      if (at <= after) {
        passedOver++;
        continue;
      }
      lastStart = at;
      const isOpen = Number.isNaN(this.until.at(row));
      const until = isOpen ? latest : this.until.at(row);
      if (isOpen) open++;
      sink.session(at, until, feature, client, count, isOpen ? 'open' : 'checkin');
      addSession(features, feature, { at, until, client, count });
    }
    for (const [feature, sessions] of features) tellSteps(sink, feature, sessions);
    const first = this.at.values.reduce((low, at) => Math.min(low, at), Number.POSITIVE_INFINITY);
    return { first, latest, lastStart, passedOver, open };
  }

  #latest(): EpochMs {
    let latest = Number.NEGATIVE_INFINITY;
    for (const at of this.at.values) latest = Math.max(latest, at);
    for (const until of this.until.values) if (until > latest) latest = until;
    return latest;
  }
}

function addSession(
  features: Map<number, SessionColumns>,
  feature: number,
  row: { at: number; until: number; client: number; count: number },
): void {
  let sessions = features.get(feature);
  if (sessions === undefined) {
    sessions = new SessionColumns();
    features.set(feature, sessions);
  }
  sessions.since.push(row.at);
  sessions.until.push(row.until);
  sessions.client.push(row.client);
  sessions.count.push(row.count);
}

function tellSteps(sink: HistorySink, feature: number, sessions: SessionColumns): void {
  const { at, change } = useChanges(sessions, 0);
  let out = 0;
  for (let row = 0; row < at.length; row++) {
    out += change[row]!;
    // The last of several changes at one time is told.
    if (at[row + 1] !== at[row]) sink.step(at[row]!, feature, out);
  }
}

/** What tables tell: samples to `take`, or sessions that begin after `after` to `sink`. */
export async function readTableSamples(
  paths: readonly string[],
  { names, wall, sink }: { names: LogNames; wall: WallClock; sink: HistorySink },
  take: TakePoll,
  after: EpochMs,
): Promise<{ readonly files: readonly SampleFile[]; readonly sessions?: TableSessions }> {
  const rows = new TableRows(names, wall);
  const { shape, files } = await readTables(paths, (of, cell) =>
    of === 'samples' ? rows.addSample(cell) : rows.addSession(cell),
  );
  if (shape === 'sessions') return { files, sessions: rows.tellSessions(sink, after) };
  rows.tellSamples((poll) => take(poll, files[0]!));
  return { files };
}
