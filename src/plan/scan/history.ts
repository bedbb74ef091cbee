import type { EpochMs } from '../../base/clock.ts';
import { limits } from '../../base/limits.ts';
import type { LogNames } from './log-names.ts';
import { type CloseSeat, OpenSeats } from './open-seats.ts';
import { logEvent, SEAT_EVENTS_END } from './seat-block.ts';
import type { DatedBlock } from './timeline.ts';
import { instantAtOffset, type WallClock } from './wall-clock.ts';

/** How a session ended. */
export const closings = [
  'checkin',
  'shutdown',
  'inactive',
  'server died',
  /** The daemon was started anew: it ended then at the latest. */
  'restart',
  /** The log ends while it is out. */
  'open',
] as const;

export type Closing = (typeof closings)[number];

/**
 * Who takes what a log tells, in the order of the log. Numbers stand for names (`LogNames`); calls have many values
 * because there are millions of them.
 */
export interface HistorySink {
  event(
    at: EpochMs,
    kind: number,
    feature: number,
    client: number,
    count: number,
    reason: number,
    line: number,
  ): void;
  /** A session that has ended; `since` is undefined for one that was out when the log began. */
  session(
    since: EpochMs | undefined,
    until: EpochMs,
    feature: number,
    client: number,
    count: number,
    closing: Closing,
  ): void;
  /** From `at` on so many seats of the feature are out. */
  step(at: EpochMs, feature: number, inUse: number): void;
}

/** A checkout that is out where a log ends, in words. */
export interface SavedSeat {
  readonly daemon: string;
  readonly feature: string;
  /** `ann@ws1` */
  readonly client: string;
  readonly since: EpochMs;
  readonly count: number;
}

/** A stretch of a log without a line. */
export interface LogGap {
  readonly from: EpochMs;
  readonly to: EpochMs;
  readonly line: number;
}

/** Managers and daemons write a TIMESTAMP line every six hours at least (lmgrd -s): longer silence is no running. */
const SILENCE_MS = 6.5 * 3_600_000;
/** Lines of several programs in one file come in disorder by this at most. */
const DISORDER_MS = 60_000;

/** What a history has seen of one feature. */
interface FeatureUse {
  inUse: number;
  /** What the last step said, and when; `pending` when `inUse` has not been told since. */
  at: EpochMs;
  pending: boolean;
}

/** Pairs what went out with what came back, and counts what is out. Takes dated blocks of one server's logs. */
export class History {
  readonly gaps: LogGap[] = [];
  readonly jumps: LogGap[] = [];
  gapsLeft = 0;
  /** Seats that came back and were never seen to go out. */
  unmatchedIn = 0;
  readonly unmatchedLines: number[] = [];
  /** Checkouts that were out when the last log ended. */
  openAtEnd = 0;
  /** How often a daemon began. */
  starts = 0;
  first: EpochMs | undefined;
  latest: EpochMs = Number.NEGATIVE_INFINITY;
  readonly #open = new OpenSeats();
  readonly #uses: FeatureUse[] = [];
  #events = 0;
  /** By daemon: how many events there were when it began. */
  readonly #eventsAtStart = new Map<number, number>();
  readonly #stoppedAt = new Map<number, EpochMs>();
  readonly #names: LogNames;
  readonly #sink: HistorySink;
  readonly #wall: WallClock;
  #now: EpochMs = Number.NEGATIVE_INFINITY;
  /** Of the check-in that is at work. */
  #closing: Closing = 'checkin';

  constructor(names: LogNames, wall: WallClock, sink: HistorySink) {
    this.#names = names;
    this.#wall = wall;
    this.#sink = sink;
  }

  take({ block, days, zone }: DatedBlock): void {
    const { kind, feature, client, count, reason, second, stretch, line } = block;
    for (let row = 0; row < block.size; row++) {
      const day = days[stretch[row]!]!;
      const at =
        zone === undefined
          ? this.#wall.instant(day, second[row]!, this.#now)
          : instantAtOffset(day, second[row]!, zone);
      this.#pass(at, line[row]!);
      const event = kind[row]!;
      if (event < SEAT_EVENTS_END) {
        this.#seat(event, feature[row]!, client[row]!, count[row]!, reason[row]!, line[row]!);
      } else if (event !== logEvent.seen) this.#mark(event, client[row]!);
    }
  }

  /** The log is over at `at` or with its last event: what is out stays open. */
  end(): void {
    const until = this.latest;
    this.openAtEnd = this.#open.size;
    this.#open.takeAll(
      () => true,
      (feature, client, since, count) =>
        this.#close(feature, client, since, count, until, 'open', false),
    );
    this.settle();
  }

  /** Tells what has not been told yet; what is out stays out. */
  settle(): void {
    for (let feature = 0; feature < this.#uses.length; feature++) this.#tellStep(feature);
  }

  /** What is out now, to be restored where the next log begins. */
  save(): readonly SavedSeat[] {
    const saved: SavedSeat[] = [];
    for (const { feature, client, since, count } of this.#open.seats()) {
      const text = this.#names.clients.textOf(client);
      saved.push({ ...this.#names.feature(feature), client: text, since, count });
    }
    return saved;
  }

  /** What was out when the log before ended is out. */
  restore(saved: readonly SavedSeat[]): void {
    const names = this.#names;
    for (const seat of saved) {
      const daemon = names.daemons.idOfText(seat.daemon, 0);
      const feature = names.features.idOfText(seat.feature, daemon);
      const client = names.clients.idOfText(seat.client, 0);
      this.#open.add(feature, client, seat.since, seat.count);
      this.#useOf(feature).inUse += seat.count;
    }
  }

  /** Time goes on to `at`, or is set back. */
  #pass(at: EpochMs, line: number): void {
    const step = at - this.#now;
    if (step >= 0 && step <= SILENCE_MS) {
      this.#now = at;
    } else if (step < 0 && step >= -DISORDER_MS) {
      return;
    } else {
      if (this.first === undefined) this.first = at;
      else this.#note(step < 0 ? this.jumps : this.gaps, at, line);
      this.#now = at;
    }
    if (at > this.latest) this.latest = at;
  }

  #note(list: LogGap[], at: EpochMs, line: number): void {
    if (list.length < limits.logNotesMax) list.push({ from: this.#now, to: at, line });
    else this.gapsLeft++;
  }

  #mark(event: number, daemon: number): void {
    if (event === logEvent.stopped) {
      this.#stoppedAt.set(daemon, this.#now);
      return;
    }
    const until = this.#stoppedAt.get(daemon) ?? this.#now;
    this.#stoppedAt.delete(daemon);
    // The manager and the daemon both say that it begins.
    if (this.#eventsAtStart.get(daemon) !== this.#events) this.starts++;
    this.#eventsAtStart.set(daemon, this.#events);
    this.#open.takeAll(
      (feature) => this.#names.features.tagOf(feature) === daemon,
      (feature, client, since, count) =>
        this.#close(feature, client, since, count, until, 'restart', true),
    );
  }

  #seat(
    event: number,
    feature: number,
    client: number,
    count: number,
    reason: number,
    line: number,
  ): void {
    const at = this.#now;
    this.#events++;
    this.#sink.event(at, event, feature, client, count, reason, line);
    if (event === logEvent.out) {
      this.#open.add(feature, client, at, count);
      this.#use(feature, count);
    } else if (event === logEvent.in) this.#checkin(feature, client, count, reason, line);
  }

  #checkin(feature: number, client: number, count: number, reason: number, line: number): void {
    const at = this.#now;
    this.#closing = reason === 0 ? 'checkin' : closingOf(this.#names.reasonText(reason));
    const left = this.#open.take(feature, client, count, this.#comeBack);
    if (left === 0) return;
    this.unmatchedIn += left;
    if (this.unmatchedLines.length < limits.logNotesMax) this.unmatchedLines.push(line);
    this.#sink.session(undefined, at, feature, client, left, this.#closing);
  }

  /** One function for all check-ins. */
  readonly #comeBack: CloseSeat = (feature, client, since, count) =>
    this.#close(feature, client, since, count, this.#now, this.#closing, true);

  #close(
    feature: number,
    client: number,
    since: EpochMs,
    count: number,
    until: EpochMs,
    closing: Closing,
    back: boolean,
  ): void {
    const end = Math.max(until, since);
    this.#sink.session(since, end, feature, client, count, closing);
    if (back) this.#use(feature, -count);
  }

  /** The last of several changes in one second is told. */
  #use(feature: number, change: number): void {
    const use = this.#useOf(feature);
    if (use.at !== this.#now) {
      this.#tellStep(feature);
      use.at = this.#now;
    }
    use.inUse += change;
    use.pending = true;
  }

  #useOf(feature: number): FeatureUse {
    let use = this.#uses[feature];
    if (use === undefined) {
      use = { inUse: 0, at: this.#now, pending: false };
      this.#uses[feature] = use;
    }
    return use;
  }

  #tellStep(feature: number): void {
    const use = this.#uses[feature];
    if (!use?.pending) return;
    this.#sink.step(use.at, feature, use.inUse);
    use.pending = false;
  }
}

const closingsByReason: Readonly<Record<string, Closing>> = {
  SHUTDOWN: 'shutdown',
  INACTIVE: 'inactive',
  'SERVER DIED': 'server died',
};

function closingOf(reason: string): Closing {
  return closingsByReason[reason] ?? 'checkin';
}
