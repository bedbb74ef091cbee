import { limits } from '../../base/limits.ts';
import { logEvent, SeatBlock } from './seat-block.ts';
import type { LogZone } from './wall-clock.ts';

/** A clock that goes back by more than this has passed midnight; by less it was set, or summer ended. Seconds. */
const BACK_SECONDS_MAX = 2 * 3_600;
/** Lines of several programs in one file go back by this at most. Seconds. */
const DISORDER_SECONDS = 60;
/** A pause in which days may have gone by that nothing tells of. Seconds. */
const PAUSE_SECONDS = 3_600;
const DAY_SECONDS = 86_400;
const NOBODY = -1;
/** So long before any time of day that the first line comes behind a pause. */
const BEFORE_ALL = -DAY_SECONDS;

/** Where a stretch of rising times of day ends. */
interface Seam {
  /** Seconds from the line before it to the line behind it, if as little time went by as can have. */
  gap: number;
  /** Midnights between the two. */
  days: number;
  readonly line: number;
}

/** What was odd about the dates of a log. */
export interface DateNote {
  readonly kind: 'days missing' | 'clock set back' | 'clock set';
  readonly line: number;
  readonly days: number;
}

export interface DatedBlock {
  readonly block: SeatBlock;
  /** Day (since 1970, by the wall) of each stretch. */
  readonly days: readonly number[];
  readonly zone: LogZone | undefined;
}

/**
 * Gives dates to lines that have a time of day only. A log tells the date at its start and in TIMESTAMP lines; in
 * between, a clock that goes back has passed midnight. Where the next date shows that more or fewer midnights went by,
 * the longest pause gets the missing days, and the smallest step back was no midnight.
 */
export class Timeline {
  readonly block = new SeatBlock();
  readonly notes: DateNote[] = [];
  notesLeft = 0;
  /** Seconds since midnight of the first line; below 0 before it. */
  firstSecond = BEFORE_ALL;
  /** By how many days the first date that was told differs from what was taken for it. */
  firstShift: number | undefined;
  readonly #flush: (dated: DatedBlock) => void;
  #day: number;
  #last = BEFORE_ALL;
  #seams: Seam[] = [];
  #zone: LogZone | undefined;

  constructor(firstDay: number, flush: (dated: DatedBlock) => void) {
    this.#day = firstDay;
    this.#flush = flush;
  }

  /** Seconds since midnight of the last line; below 0 before the first. */
  get second(): number {
    return this.#last;
  }

  /** The day of the last line, as far as is known by now. */
  get day(): number {
    return this.#day + this.#days();
  }

  /** A line of this time of day. */
  tick(second: number, line: number): void {
    const step = second - this.#last;
    if (step >= 0 && step <= PAUSE_SECONDS) this.#last = second;
    else this.#pause(second, line);
  }

  /** What lies on both sides of a pause shows how long it was. */
  #pause(second: number, line: number): void {
    const step = second - this.#last;
    if (this.#last >= 0) {
      this.add(logEvent.seen, NOBODY, NOBODY, 0, 0, line - 1);
      if (step > 0 || -step > DISORDER_SECONDS) this.#seam(step, line);
    } else this.firstSecond = second;
    this.#last = second;
    this.add(logEvent.seen, NOBODY, NOBODY, 0, 0, line);
  }

  #seam(step: number, line: number): void {
    const isMidnight = -step > BACK_SECONDS_MAX;
    // A small step back may be all of a day but that, if a date shows that one went by.
    const gap = step < 0 ? step + DAY_SECONDS : step;
    this.#seams.push({ gap, days: isMidnight ? 1 : 0, line });
    // A log that tells no dates: what was assumed so far stands.
    if (this.#seams.length >= limits.logSeamsMax) this.settle();
  }

  /** The log ends with the line before. */
  end(line: number): void {
    if (this.#last >= 0) this.add(logEvent.seen, NOBODY, NOBODY, 0, 0, line);
    this.settle();
  }

  /** Adds an event at the time of the last line. */
  add(
    kind: number,
    feature: number,
    client: number,
    count: number,
    reason: number,
    line: number,
  ): void {
    const { block } = this;
    const row = block.size++;
    block.kind[row] = kind;
    block.feature[row] = feature;
    block.client[row] = client;
    block.count[row] = count;
    block.reason[row] = reason;
    block.second[row] = this.#last;
    block.stretch[row] = this.#seams.length;
    block.line[row] = line;
    if (block.isFull) this.settle();
  }

  /** The last line is of this day, counted since 1970, and of this zone if it names one. */
  date(day: number, line: number, zone?: LogZone): void {
    const missing = day - this.day;
    this.firstShift ??= missing;
    if (missing > 0) this.#addDays(missing, line);
    else if (missing < 0) this.#takeDays(-missing, line);
    const stale = this.day !== day;
    this.settle();
    if (stale) this.#note('clock set', line, day - this.#day);
    this.#day = day;
    this.#zone = zone;
  }

  /** Hands on what there is: nothing that comes can change its dates. */
  settle(): void {
    let day = this.#day;
    const days = [day, ...this.#seams.map((seam) => (day += seam.days))];
    if (this.block.size > 0) this.#flush({ block: this.block, days, zone: this.#zone });
    this.block.size = 0;
    this.#day = day;
    this.#seams = [];
  }

  #days(): number {
    let days = 0;
    for (const seam of this.#seams) days += seam.days;
    return days;
  }

  #addDays(missing: number, line: number): void {
    let longest: Seam | undefined;
    for (const seam of this.#seams)
      if (longest === undefined || seam.gap >= longest.gap) longest = seam;
    if (longest === undefined) return;
    longest.days += missing;
    if (this.#last >= 0) this.#note('days missing', Math.min(longest.line, line), missing);
  }

  /** The steps back that were the smallest were no midnights. */
  #takeDays(surplus: number, line: number): void {
    const midnights = this.#seams.filter(({ days }) => days > 0).sort((a, b) => b.gap - a.gap);
    for (const seam of midnights.slice(0, surplus)) {
      seam.days = 0;
      this.#note('clock set back', Math.min(seam.line, line), -1);
    }
  }

  #note(kind: DateNote['kind'], line: number, days: number): void {
    if (this.notes.length < limits.logNotesMax) this.notes.push({ kind, line, days });
    else this.notesLeft++;
  }
}
