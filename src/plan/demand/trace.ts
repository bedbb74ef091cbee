import type { EpochMs } from '../../base/clock.ts';
import { Floats } from '../columns.ts';
import type { Closing, HistorySink } from '../scan/history.ts';
import type { LogNames } from '../scan/log-names.ts';
import { logEvent } from '../scan/seat-block.ts';

/** Sessions of one feature, column by column. */
export class SessionColumns {
  /** NaN for one that was out when the log began. */
  readonly since = new Floats();
  readonly until = new Floats();
  readonly client = new Floats();
  readonly count = new Floats();
  /** Those that were still out when the log ended, by index. */
  readonly open = new Set<number>();

  get size(): number {
    return this.since.size;
  }
}

/** Requests for one feature that were refused. */
export class DenialColumns {
  readonly at = new Floats();
  readonly client = new Floats();
  readonly count = new Floats();
  readonly reason = new Floats();

  get size(): number {
    return this.at.size;
  }
}

/** What a log says of one feature of one daemon. */
export interface FeatureTrace {
  readonly id: number;
  readonly daemon: string;
  readonly feature: string;
  readonly sessions: SessionColumns;
  readonly denials: DenialColumns;
}

/** Keeps the sessions and denials of the features that are asked for. */
export class TraceCollector implements HistorySink {
  readonly #names: () => LogNames;
  readonly #isWanted: (feature: string) => boolean;
  readonly #traces: (FeatureTrace | null)[] = [];

  constructor(names: () => LogNames, isWanted: (feature: string) => boolean) {
    this.#names = names;
    this.#isWanted = isWanted;
  }

  get traces(): readonly FeatureTrace[] {
    return this.#traces.filter((trace) => trace !== null && trace !== undefined);
  }

  event(
    at: EpochMs,
    kind: number,
    feature: number,
    client: number,
    count: number,
    reason: number,
  ): void {
    if (kind !== logEvent.denied) return;
    const denials = this.#traceOf(feature)?.denials;
    if (denials === undefined) return;
    denials.at.push(at);
    denials.client.push(client);
    denials.count.push(count);
    denials.reason.push(reason);
  }

  session(
    since: EpochMs | undefined,
    until: EpochMs,
    feature: number,
    client: number,
    count: number,
    closing: Closing,
  ): void {
    const sessions = this.#traceOf(feature)?.sessions;
    if (sessions === undefined) return;
    if (closing === 'open') sessions.open.add(sessions.size);
    sessions.since.push(since ?? Number.NaN);
    sessions.until.push(until);
    sessions.client.push(client);
    sessions.count.push(count);
  }

  step(): void {}

  #traceOf(id: number): FeatureTrace | null {
    const known = this.#traces[id];
    if (known !== undefined) return known;
    const { daemon, feature } = this.#names().feature(id);
    const trace = this.#isWanted(feature)
      ? { id, daemon, feature, sessions: new SessionColumns(), denials: new DenialColumns() }
      : null;
    this.#traces[id] = trace;
    return trace;
  }
}
