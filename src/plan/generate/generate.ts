import type { EpochMs } from '../../base/clock.ts';
import { Rng } from '../../base/rng.ts';
import type { LedgerEvent } from '../../domain/ledger/events.ts';
import { perform } from '../../domain/ledger/performance.ts';
import { drawn, exponential } from '../../domain/workload/distributions.ts';
import {
  deniedLine,
  inLine,
  outLine,
  renderLogLines,
  timestampLine,
} from '../../text/debug-log.ts';
import { clientNamed } from '../clients.ts';
import { PlanLicenses } from '../feature-license.ts';
import { DAY_MS } from '../scan/wall-clock.ts';
import { TimeHeap } from '../time-heap.ts';
import { BUSIEST, busyness, type CalendarName } from './calendar.ts';
import { type HeldSeat, statusText } from './status-text.ts';

export interface Generated {
  readonly calendar: CalendarName;
  readonly feature: string;
  readonly daemon: string;
  readonly host: string;
  readonly seats: number;
  readonly users: number;
  /** Sessions that a usual working hour brings. */
  readonly perHour: number;
  /** Median of the sessions' lengths; some are ten times as long. */
  readonly holdMs: number;
  readonly start: EpochMs;
  readonly days: number;
  /** Times that the daemon dies, and loses what is out. */
  readonly restarts: number;
  /** Times that the whole server is away, for up to an hour: who comes then is nowhere told. */
  readonly outages?: number;
  /** How often lmstat is asked; never when undefined. */
  readonly pollMs?: number;
  readonly seed: string;
}

/** A piece of the debug log, or an output of lmstat. */
export interface GeneratedPiece {
  readonly form: 'log' | 'lmstat';
  readonly text: string;
}

const HOUR_MS = 3_600_000;
/** lmgrd writes the date so often. */
const STAMP_MS = 6 * HOUR_MS;
const SPREAD = 1.1;
const RETRIES_MAX = 4;
/** How long an outage lasts. */
const OUTAGE_MIN_MS = 10 * 60_000;
const OUTAGE_MAX_MS = HOUR_MS;

interface Outage {
  readonly from: EpochMs;
  readonly to: EpochMs;
}

/** Who is out: a seat's end, or another try after a denial. */
interface Pending {
  readonly session: number;
  readonly user: number;
  readonly tries: number;
  readonly handle?: number;
}

/**
 * The debug log of a license server that never was, piece by piece: sessions by the calendar, users of whom few have
 * most of them, denials by the ledger when seats are out, and tries again. Between its pieces stand, in order of time,
 * the outputs of lmstat that somebody has asked for meanwhile; the log is the same with them and without.
 */
export function* generatedHistory(wanted: Generated): Generator<GeneratedPiece, void, undefined> {
  yield* new HistoryWriter(wanted).pieces();
}

/** The debug log of it alone. */
export function* generatedLog(wanted: Generated): Generator<string, void, undefined> {
  for (const { form, text } of generatedHistory(wanted)) if (form === 'log') yield text;
}

class HistoryWriter {
  readonly #wanted: Generated;
  readonly #arrivals: Rng;
  readonly #choices: Rng;
  readonly #pending: Pending[] = [];
  readonly #free: number[] = [];
  readonly #heap = new TimeHeap();
  readonly #held = new Map<number, HeldSeat>();
  readonly #restarts: readonly EpochMs[];
  readonly #outages: readonly Outage[];
  #isDown = false;
  #ledger;
  #session = 0;
  #text = '';

  constructor(wanted: Generated) {
    this.#wanted = wanted;
    const rng = new Rng(wanted.seed);
    this.#arrivals = rng.fork('arrivals');
    this.#choices = rng.fork('choices');
    this.#ledger = this.#newLedger(wanted.start);
    const faults = rng.fork('restarts');
    this.#restarts = Array.from({ length: wanted.restarts }, () => this.#someTime(faults)).sort(
      (a, b) => a - b,
    );
    this.#outages = this.#drawOutages(rng.fork('outages'));
  }

  #someTime(rng: Rng): EpochMs {
    const { start, days } = this.#wanted;
    return Math.round(start + rng.unit() * days * DAY_MS);
  }

  /** In order of time; one that would begin before the last one is over is left out. */
  #drawOutages(rng: Rng): readonly Outage[] {
    const all = Array.from({ length: this.#wanted.outages ?? 0 }, () => {
      const from = this.#someTime(rng);
      return { from, to: from + OUTAGE_MIN_MS + rng.unit() * (OUTAGE_MAX_MS - OUTAGE_MIN_MS) };
    }).sort((a, b) => a.from - b.from);
    const kept: Outage[] = [];
    for (const outage of all) if (outage.from > (kept.at(-1)?.to ?? 0)) kept.push(outage);
    return kept;
  }

  *pieces(): Generator<GeneratedPiece, void, undefined> {
    const { start, days, pollMs } = this.#wanted;
    const end = start + days * DAY_MS;
    const never = Number.POSITIVE_INFINITY;
    let arrival = this.#nextArrival(start);
    let stamp = start;
    let restart = 0;
    let outage = 0;
    let poll = pollMs === undefined ? never : start + pollMs;
    this.#begin(start);
    for (;;) {
      const ends = this.#heap.size > 0 ? this.#heap.firstAt : never;
      const fault = this.#restarts[restart] ?? never;
      const { from, to } = this.#outages[outage] ?? { from: never, to: never };
      const turn = this.#isDown ? to : from;
      const now = Math.min(arrival, ends, stamp, fault, turn, poll);
      if (now >= end) break;
      if (now === poll) {
        yield { form: 'lmstat', text: this.#status(now) };
        poll += pollMs!;
      } else if (now === turn) {
        if (this.#isDown) outage++;
        this.#turn(now);
      } else if (now === stamp) {
        if (!this.#isDown) this.#lines(now, 'lmgrd', [timestampLine(now)]);
        stamp += STAMP_MS;
        yield { form: 'log', text: this.#taken() };
      } else if (now === fault) {
        restart++;
        if (!this.#isDown) this.#die(now);
      } else if (now === ends) this.#resume(this.#heap.pop(), now);
      else {
        const user = this.#user();
        this.#session++;
        if (!this.#isDown) this.#ask({ session: this.#session, user, tries: 0 }, now);
        arrival = this.#nextArrival(now);
      }
    }
    yield { form: 'log', text: this.#taken() };
  }

  #status(now: EpochMs): string {
    return statusText(now, this.#wanted, this.#isDown ? undefined : this.#held);
  }

  /** The machine goes down without a word, or is back. */
  #turn(now: EpochMs): void {
    this.#isDown = !this.#isDown;
    if (this.#isDown) this.#loseAll(now);
    else this.#begin(now);
  }

  #newLedger(now: EpochMs) {
    const { feature, daemon, seats } = this.#wanted;
    const licenses = new PlanLicenses({ licenses: [], options: {} }, now);
    return licenses.of(feature, daemon).newLedger(seats, now);
  }

  /** By thinning: those that a quieter hour does not bring are left out. Whole seconds, as logs have them. */
  #nextArrival(after: EpochMs): EpochMs {
    const { perHour, calendar } = this.#wanted;
    let at = after;
    for (let tries = 0; tries < 1_000_000; tries++) {
      at += (exponential(this.#arrivals) * HOUR_MS) / (perHour * BUSIEST);
      if (this.#arrivals.unit() * BUSIEST < busyness(calendar, new Date(at))) break;
    }
    return Math.ceil(at / 1000) * 1000;
  }

  /** The square makes few users have most sessions. */
  #user(): number {
    return Math.floor(this.#choices.unit() ** 2 * this.#wanted.users);
  }

  #ask(pending: Pending, now: EpochMs): void {
    const { feature, daemon, holdMs } = this.#wanted;
    const seat = this.#seatOf(pending.user);
    const [user = '', host = ''] = seat.client.split('@');
    const asked = {
      session: pending.session,
      client: clientNamed({ user, host }),
      feature,
    } as const;
    const command = { kind: 'checkout', version: '0.0', count: 1, data: '', ...asked } as const;
    const event = perform(this.#ledger, command, now, () => {}).at(-1) as LedgerEvent;
    if (event.kind === 'seatTaken') {
      this.#lines(now, daemon, [outLine(seat)]);
      this.#held.set(event.handle, { user, host, since: now });
      const hold = drawn({ kind: 'lognormal', medianMs: holdMs, sigma: SPREAD }, this.#choices);
      this.#later({ ...pending, handle: event.handle }, now + hold);
    } else if (event.kind === 'checkoutDenied') {
      this.#lines(now, daemon, [deniedLine(seat, event.refusal)]);
      const tries = pending.tries + 1;
      const again = this.#choices.unit() < 0.7 && tries < RETRIES_MAX;
      if (again)
        this.#later({ ...pending, tries }, now + 60_000 * (0.5 + 3 * this.#choices.unit()));
    }
  }

  #later(pending: Pending, at: EpochMs): void {
    const slot = this.#free.pop() ?? this.#pending.length;
    this.#pending[slot] = pending;
    this.#heap.push(Math.ceil(at / 1000) * 1000, slot);
  }

  #resume(slot: number, now: EpochMs): void {
    const pending = this.#pending[slot]!;
    this.#free.push(slot);
    const { handle, session, user } = pending;
    if (handle === undefined) return this.#ask(pending, now);
    perform(this.#ledger, { kind: 'checkin', session, handle }, now, () => {});
    this.#held.delete(handle);
    this.#lines(now, this.#wanted.daemon, [inLine(this.#seatOf(user))]);
  }

  #seatOf(user: number) {
    const client = `user${user + 1}@ws${(user % Math.ceil(this.#wanted.users / 2)) + 1}`;
    return { feature: this.#wanted.feature, client, count: 1 };
  }

  /** The daemon is gone with all that is out, and lmgrd starts it anew. */
  #die(now: EpochMs): void {
    this.#loseAll(now);
    this.#begin(now);
  }

  #loseAll(now: EpochMs): void {
    while (this.#heap.size > 0) this.#free.push(this.#heap.pop());
    this.#held.clear();
    this.#ledger = this.#newLedger(now);
  }

  #begin(now: EpochMs): void {
    const { daemon, host } = this.#wanted;
    const date = timestampLine(now).replace('TIMESTAMP ', '');
    const build = 'v11.18.1.0 build 1 x64_lsb';
    const lmgrd = `FlexNet Licensing (${build}) started on ${host} (linux) (${date})`;
    this.#lines(now, 'lmgrd', [lmgrd, `Starting vendor daemons ...`]);
    this.#lines(now, daemon, [`FlexNet Licensing version ${build}`]);
  }

  #lines(at: EpochMs, daemon: string, lines: readonly string[]): void {
    this.#text += renderLogLines(at, daemon, lines);
  }

  #taken(): string {
    const text = this.#text;
    this.#text = '';
    return text;
  }
}
