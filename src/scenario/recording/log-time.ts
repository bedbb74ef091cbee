import type { ParsedEvent, ParsedLogLine } from '../../text/debug-log-parser/parsed.ts';

const DAY_MS = 24 * 3_600_000;
const HOUR_SECONDS = 3_600;
/** Where a log has no date at all: a Monday, as in scenarios that do not say. */
const FIRST_DAY = Date.UTC(2030, 0, 7);

/**
 * When lines were written. Most tell the time of the day only; now and then one tells the date. A time that lies back
 * begins a new day, unless it is an hour or less: clocks that are set back, and lines of two daemons that passed
 * each other, do not let time run backward.
 */
export class LogTime {
  /** Midnight of the day on which the log begins, once a line has told a date. */
  #firstDay: number | undefined;
  #day = 0;
  #second = 0;
  #last = 0;

  /** Milliseconds from midnight of the log's first day: of this line, or of the one before if it has no time. */
  at(line: ParsedLogLine): number {
    const time = line.prefix?.time;
    if (time === undefined) return this.#last;
    const [hour = 0, minute = 0, second = 0] = time.split(':').map(Number);
    const seconds = (hour * 60 + minute) * 60 + second;
    const date = this.#dateOf(line);
    if (date !== undefined && this.#firstDay !== undefined) {
      this.#goTo(Math.round((date - this.#firstDay) / DAY_MS));
    } else {
      if (this.#second - seconds > HOUR_SECONDS) this.#day++;
      if (date !== undefined) this.#firstDay = date - this.#day * DAY_MS;
    }
    this.#second = seconds;
    this.#last = Math.max(this.#last, this.#day * DAY_MS + seconds * 1_000);
    return this.#last;
  }

  /** The midnight from which `at` counts, as a time in UTC. */
  get firstDay(): number {
    return this.#firstDay ?? FIRST_DAY;
  }

  #goTo(day: number): void {
    if (day <= this.#day) return;
    this.#day = day;
  }

  #dateOf({ prefix, event }: ParsedLogLine): number | undefined {
    const told = prefix?.date ?? dateIn(event);
    if (told !== undefined) return dayOf(told);
    if (prefix?.monthDay === undefined) return undefined;
    const today = this.firstDay + this.#day * DAY_MS;
    const year = new Date(today).getUTCFullYear();
    const [month, day] = prefix.monthDay.split('/').map(Number);
    const date = Date.UTC(year, month! - 1, day);
    // FLEXlm 5 wrote no year: December is followed by January.
    return date < today && this.#firstDay !== undefined
      ? Date.UTC(year + 1, month! - 1, day)
      : date;
  }
}

/** `2026-03-09`, where an event tells the date on which it was written. */
function dateIn(event: ParsedEvent): string | undefined {
  if (event.kind === 'timestamp' || event.kind === 'managerStarted') return event.date;
  if (event.kind === 'systemDate') return event.at.slice(0, 10);
  return 'verbose' in event ? event.verbose?.at.slice(0, 10) : undefined;
}

function dayOf(date: string): number | undefined {
  const at = Date.parse(`${date}T00:00Z`);
  return Number.isNaN(at) ? undefined : at;
}
