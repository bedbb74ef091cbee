import { KnownError } from '../../base/errors.ts';
import { parseDuration, parseTime } from '../../base/time-words.ts';

/** A word of a fault: what it means, and how its value is read. */
export interface Word<T = unknown> {
  readonly about: string;
  /** What stands for the value where words are listed. */
  readonly value: string;
  /** What a wrong value is told to be instead. */
  readonly expected: string;
  /** Undefined for what is no such value. */
  readonly read: (text: string) => T | undefined;
}

/** The values of a row's words: undefined for those not given. */
export type ValuesOf<Words extends Readonly<Record<string, Word>>> = {
  readonly [K in keyof Words]: Words[K] extends Word<infer T> ? T | undefined : never;
};

/** A probability in whole numbers, so that a seed means the same on every machine. */
export interface Chance {
  readonly part: number;
  readonly whole: number;
}

/** A point in time, or one so long from when the fault is put in force. */
export type Moment = { readonly inMs: number } | { readonly text: string };

const MOST = 1_000_000_000;

export function duration(about: string): Word<number> {
  const read = (text: string): number | undefined => known(() => parseDuration(text));
  return { about, value: 'TIME', expected: 'a duration such as 200ms, 5s, 2m or 1h30m', read };
}

/** A duration that may be negative. */
export function offset(about: string): Word<number> {
  const read = (text: string): number | undefined => {
    const sign = text.startsWith('-') ? -1 : 1;
    const ms = known(() => parseDuration(text.replace(/^[+-]/, '')));
    return ms === undefined ? undefined : sign * ms;
  };
  return { about, value: '[-]TIME', expected: 'a duration such as 2d, +25h or -25h', read };
}

export function moment(about: string): Word<Moment> {
  const read = (text: string): Moment | undefined => {
    const inMs = known(() => parseDuration(text));
    if (inMs !== undefined) return { inMs };
    return known(() => parseTime(text, '')) === undefined ? undefined : { text };
  };
  const expected = 'a duration from now on such as 30s, or a time such as 2030-01-07T09:00';
  return { about, value: 'WHEN', expected, read };
}

export function count(about: string): Word<number> {
  const read = (text: string): number | undefined => {
    const value = /^\d{1,10}$/.test(text) ? Number(text) : Number.NaN;
    return value >= 1 && value <= MOST ? value : undefined;
  };
  return { about, value: 'N', expected: `a whole number from 1 to ${MOST}`, read };
}

/** A whole number that may be negative, and is not 0. */
export function difference(about: string): Word<number> {
  const read = (text: string): number | undefined => {
    const value = /^[+-]?\d{1,5}$/.test(text) ? Number(text) : 0;
    return value === 0 ? undefined : value;
  };
  return { about, value: '[-]N', expected: 'a whole number such as 4 or -4', read };
}

/** A FlexNet error code. */
export function code(about: string): Word<number> {
  const read = (text: string): number | undefined => {
    return /^-[1-9]\d{0,2}$/.test(text) ? Number(text) : undefined;
  };
  return { about, value: '-N', expected: 'a FlexNet error code such as -4', read };
}

const units: Readonly<Record<string, number>> = { '': 1, k: 1_000, m: 1_000_000 };

export function bytes(about: string): Word<number> {
  const read = (text: string): number | undefined => {
    const [, number, unit = ''] = /^(\d{1,9})([km]?)$/i.exec(text) ?? [];
    const value = Number(number) * units[unit.toLowerCase()]!;
    return value >= 1 && value <= MOST ? value : undefined;
  };
  return { about, value: 'BYTES', expected: 'a number of bytes such as 100, 64k or 1m', read };
}

/** The finest chance that is told apart. */
const DIGITS = 9;

export function chance(about: string): Word<Chance> {
  const read = (text: string): Chance | undefined => {
    const [, part, whole] = /^(\d{1,9})\/(\d{1,9})$/.exec(text) ?? [];
    if (whole !== undefined) return asChance(Number(part), Number(whole));
    const [, percent] = /^(\d{1,3})%$/.exec(text) ?? [];
    if (percent !== undefined) return asChance(Number(percent), 100);
    const [, units, digits = ''] = /^([01])?(?:\.(\d{1,9}))?$/.exec(text) ?? [];
    if (text === '' || text === '.') return undefined;
    if (units === undefined && digits === '') return undefined;
    return asChance(Number(`${units ?? 0}${digits.padEnd(DIGITS, '0')}`), 10 ** DIGITS);
  };
  return { about, value: 'CHANCE', expected: 'a probability such as 1/10, 0.1 or 10%', read };
}

function asChance(part: number, whole: number): Chance | undefined {
  return whole >= 1 && part >= 1 && part <= whole ? { part, whole } : undefined;
}

export function port(about: string): Word<number> {
  const read = (text: string): number | undefined => {
    const value = /^\d{1,5}$/.test(text) ? Number(text) : 0;
    return value >= 1 && value <= 65_535 ? value : undefined;
  };
  return { about, value: 'PORT', expected: 'a port from 1 to 65535', read };
}

const NAME_CHARACTERS_MAX = 255;

export function name(about: string): Word<string> {
  const read = (text: string): string | undefined => {
    return text === '' || text.length > NAME_CHARACTERS_MAX ? undefined : text;
  };
  return { about, value: 'NAME', expected: 'a name', read };
}

/** One name or several, apart by commas. */
export function names(about: string): Word<readonly string[]> {
  const read = (text: string): readonly string[] | undefined => {
    const list = text.split(',');
    return list.includes('') || text.length > 10 * NAME_CHARACTERS_MAX ? undefined : list;
  };
  return { about, value: 'NAME[,...]', expected: 'a name, or several with commas', read };
}

export function choice<T extends string>(about: string, choices: readonly T[]): Word<T> {
  const read = (text: string): T | undefined => choices.find((each) => each === text);
  return { about, value: choices.join('|'), expected: `one of ${choices.join(', ')}`, read };
}

/** One of the words, or several with commas. */
export function choices<T extends string>(about: string, known: readonly T[]): Word<readonly T[]> {
  const read = (text: string): readonly T[] | undefined => {
    const list = text.split(',');
    return list.every((each) => known.includes(each as T)) ? (list as T[]) : undefined;
  };
  const expected = `one of ${known.join(', ')}, or several with commas`;
  return { about, value: 'CALL[,...]', expected, read };
}

/** Members of a triad, in groups. */
export function groups(about: string): Word<string> {
  const read = (text: string): string | undefined => {
    const isWhole = text.length <= 10 * NAME_CHARACTERS_MAX && /^[^|]+(?:\|[^|]+)+$/.test(text);
    return isWhole ? text : undefined;
  };
  return { about, value: 'A|B,C', expected: 'groups of members such as one|two,three', read };
}

function known<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof KnownError) return undefined;
    throw error;
  }
}
