import { viewOf, wordOf } from './byte-words.ts';
import { BLANK, COLON, DASH, digit, LETTER_T, LETTER_Z, NOT_FAST, twoDigits } from './bytes.ts';

const PLUS = 43;

/** Reads the time that a line begins with: ` 9:49:41`, or a stamp of the date and zone that are known. */
export class LineClock {
  /** Since midnight, of the time that was read last. */
  second = 0;
  #bytes: Buffer = Buffer.alloc(0);
  #view = viewOf(this.#bytes);
  /** Four bytes that a line began with, and the seconds that they stand for. */
  #begin = wordOf(' 0:0');
  #beginSecond = 0;
  /** Of the stamps `2026-03-09T`: the day and zone that the timeline knows of. */
  #stampDate = -1;
  #stampZone = 0;

  /** Times are read of these bytes from now on. */
  open(bytes: Buffer, view: DataView): void {
    this.#bytes = bytes;
    this.#view = view;
  }

  /** Stamps of this date (20260309) and zone (minutes east; NaN for none) go on as dated. */
  knowStamp(date: number, zone: number): void {
    this.#stampDate = date;
    this.#stampZone = zone;
  }

  /** Where the time that begins at `start` ends, or NOT_FAST. */
  read(start: number): number {
    const view = this.#view;
    // Most lines have the hour and the ten minutes of the line before.
    if (view.getInt32(start, true) === this.#begin) {
      const word = view.getInt32(start + 4, true);
      const minute = (word & 0xff) - 48;
      const tens = ((word >>> 16) & 0xff) - 48;
      const ones = (word >>> 24) - 48;
      // Below 0 if one of them is.
      const digits = minute | (9 - minute) | tens | (5 - tens) | ones | (9 - ones);
      if (digits >= 0 && ((word >>> 8) & 0xff) === COLON) {
        this.second = this.#beginSecond + 60 * minute + 10 * tens + ones;
        return start + 8;
      }
    }
    return this.#readTime(start);
  }

  #readTime(start: number): number {
    const bytes = this.#bytes;
    let at = start;
    if (bytes[at] === BLANK) at++;
    let hour = digit(bytes[at]!);
    if (hour < 0) return NOT_FAST;
    let next = bytes[++at]!;
    if (next !== COLON) {
      const low = digit(next);
      if (low < 0) return NOT_FAST;
      hour = 10 * hour + low;
      next = bytes[++at]!;
      if (next !== COLON) return this.#readStamp(start);
    }
    const end = this.#readMinutes(at, hour);
    if (end >= 0 && at === start + 2) {
      this.#begin = this.#view.getInt32(start, true);
      this.#beginSecond = (6 * hour + digit(bytes[at + 1]!)) * 600;
    }
    return end;
  }

  /** `:MM:SS` from the colon on. */
  #readMinutes(colon: number, hour: number): number {
    const bytes = this.#bytes;
    const minute = twoDigits(bytes, colon + 1);
    const second = twoDigits(bytes, colon + 4);
    if (minute < 0 || second < 0 || bytes[colon + 3] !== COLON) return NOT_FAST;
    if (hour > 23 || minute > 59 || second > 60) return NOT_FAST;
    this.second = (hour * 60 + minute) * 60 + second;
    return colon + 6;
  }

  /** `2026-03-09T09:49:41`: fast only when the line before had the same date and zone. */
  #readStamp(start: number): number {
    const bytes = this.#bytes;
    const isStamp =
      bytes[start + 4] === DASH && bytes[start + 7] === DASH && bytes[start + 10] === LETTER_T;
    if (!isStamp) return NOT_FAST;
    const century = twoDigits(bytes, start);
    const year = twoDigits(bytes, start + 2);
    const month = twoDigits(bytes, start + 5);
    const day = twoDigits(bytes, start + 8);
    if (((century * 100 + year) * 100 + month) * 100 + day !== this.#stampDate) return NOT_FAST;
    const hour = twoDigits(bytes, start + 11);
    if (hour < 0 || bytes[start + 13] !== COLON) return NOT_FAST;
    const end = this.#readMinutes(start + 13, hour);
    return end < 0 ? NOT_FAST : this.#zoneEnd(end);
  }

  /** Behind `Z`, `+01:00`, `+0100` or nothing; NOT_FAST when it is not the zone known. */
  #zoneEnd(at: number): number {
    const bytes = this.#bytes;
    const sign = bytes[at]!;
    if (sign === BLANK) return Number.isNaN(this.#stampZone) ? at : NOT_FAST;
    if (sign === LETTER_Z) return this.#stampZone === 0 ? at + 1 : NOT_FAST;
    if (sign !== DASH && sign !== PLUS) return NOT_FAST;
    const minutesAt = bytes[at + 3] === COLON ? at + 4 : at + 3;
    const hours = twoDigits(bytes, at + 1);
    const minutes = twoDigits(bytes, minutesAt);
    const offset = (sign === DASH ? -1 : 1) * (hours * 60 + minutes);
    return hours >= 0 && minutes >= 0 && offset === this.#stampZone ? minutesAt + 2 : NOT_FAST;
  }
}
