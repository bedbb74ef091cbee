import { isDigits } from '../language/characters.ts';
import type { Mutable } from '../language/line-parts.ts';
import { parseDate, printDate } from './dates.ts';
import type { CalendarDate, DupGroup, PackageComponent } from './model.ts';
import { isVersion } from './versions.ts';

/**
 * How an attribute's value is written. `true` stands for a word without `=`.
 * `parse` gives undefined for a text that is no such value; `print` gives a text that parses to the
 * value, or undefined if the value is another word's to print (TS_OK and ONE_TS_OK share a field).
 */
export interface Form<T> {
  readonly parse: (value: string | true) => T | undefined;
  readonly print: (value: T) => string | true | undefined;
  /** For messages: "expected ..., got ...". */
  readonly expected: string;
}

/** Counts and durations beyond a signed 32-bit number are typing errors. */
const NUMBER_MAX = 2 ** 31 - 1;

/** A whole number in decimal digits, at most 2^31 - 1; undefined for anything else. */
export function parseWhole(text: string): number | undefined {
  if (!isDigits(text)) return undefined;
  const value = Number(text);
  return value <= NUMBER_MAX ? value : undefined;
}

/** Any text; the word alone is none. */
export const text: Form<string> = {
  parse: (value) => (value === true ? undefined : value),
  print: (value) => value,
  expected: 'a value',
};

export const wholeNumber: Form<number> = {
  parse: (value) => (value === true ? undefined : parseWhole(value)),
  print: String,
  expected: 'a whole number',
};

export const date: Form<CalendarDate> = {
  parse: (value) => (value === true ? undefined : parseDate(value)),
  print: printDate,
  expected: 'a date such as 1-jan-2031',
};

/** Words with blanks between them, at least one. */
export const words: Form<readonly string[]> = {
  parse: (value) => (value === true ? undefined : someWords(value)),
  print: (value) => value.join(' '),
  expected: 'one or more words',
};

/** `NAME`, or `NAME="word word"`: the word alone is an empty list. */
export const optionalWords: Form<readonly string[]> = {
  parse: (value) => (value === true ? [] : someWords(value)),
  print: (value) => (value.length === 0 ? true : value.join(' ')),
  expected: 'nothing, or one or more words',
};

function someWords(value: string): readonly string[] | undefined {
  // Nearly always one word: nothing to split.
  const list = /\s/.test(value) ? value.match(/\S+/g) : [value];
  return list && list[0] !== '' ? list : undefined;
}

/** `NAME` alone stands for `alone`. */
export function numberOr(alone: number): Form<number> {
  return {
    parse: (value) => (value === true ? alone : parseWhole(value)),
    print: (value) => (value === alone ? true : String(value)),
    expected: 'nothing, or a whole number',
  };
}

/** `NAME`, or `NAME=text`. */
export const optionalText: Form<string | true> = {
  parse: (value) => value,
  print: (value) => value,
  expected: 'nothing, or a value',
};

/** A number from 0 to `max`; a greater one counts as `max`. */
export function numberUpTo(max: number): Form<number> {
  return {
    parse: (value) => {
      if (value === true || !isDigits(value)) return undefined;
      return Math.min(Number(value), max);
    },
    print: String,
    expected: `a whole number from 0 to ${max}`,
  };
}

/** A word that says all by being there. */
export function flag<T, M extends T>(meaning: M): Form<T> {
  return {
    parse: (value) => (value === true ? meaning : undefined),
    print: (value) => (value === meaning ? true : undefined),
    expected: 'no value',
  };
}

/** NONE, SITE, or one or more of U, H, D and V in any order and case. */
export const dupGroup: Form<DupGroup> = {
  parse: (value) => (value === true ? undefined : parseDupGroup(value)),
  print: printDupGroup,
  expected: 'NONE, SITE, or letters of U, H, D and V',
};

/** One object per meaning: license files say the same few thousands of times. */
const dupGroups = new Map<string, DupGroup | undefined>([
  ['NONE', { kind: 'none' }],
  ['SITE', { kind: 'site' }],
]);
/** All spellings of up to four letters, in both cases, fit. */
const DUP_GROUPS_KEPT_MAX = 5_000;
const DUP_GROUP_LETTERS_MAX = 8;

function parseDupGroup(value: string): DupGroup | undefined {
  const known = dupGroups.get(value);
  if (known || value.length > DUP_GROUP_LETTERS_MAX) return known;
  const upper = value.toUpperCase();
  const group = dupGroups.get(upper) ?? fieldsOf(upper);
  if (group && dupGroups.size < DUP_GROUPS_KEPT_MAX) dupGroups.set(value, group);
  return group;
}

function fieldsOf(letters: string): DupGroup | undefined {
  if (!/^[UHDV]+$/.test(letters)) return undefined;
  return {
    kind: 'fields',
    user: letters.includes('U'),
    host: letters.includes('H'),
    display: letters.includes('D'),
    vendor: letters.includes('V'),
  };
}

/** `NONE`, `SITE`, or letters in the order U, H, D, V. */
export function printDupGroup(group: DupGroup): string {
  if (group.kind === 'none') return 'NONE';
  if (group.kind === 'site') return 'SITE';
  const { user, host, display, vendor } = group;
  return `${user ? 'U' : ''}${host ? 'H' : ''}${display ? 'D' : ''}${vendor ? 'V' : ''}`;
}

/** Words of the form `name[:version[:count]]`. */
export const components: Form<readonly PackageComponent[]> = {
  parse: (value) => (value === true ? undefined : parseComponents(value)),
  print: (value) => value.map(printComponent).join(' '),
  expected: 'components of the form name[:version[:count]]',
};

function parseComponents(value: string): readonly PackageComponent[] | undefined {
  const list: PackageComponent[] = [];
  for (const word of someWords(value) ?? []) {
    const component = parseComponent(word);
    if (!component) return undefined;
    list.push(component);
  }
  return list.length > 0 ? list : undefined;
}

function parseComponent(word: string): PackageComponent | undefined {
  const colon = word.indexOf(':');
  if (colon < 0) return { name: word };
  const second = word.indexOf(':', colon + 1);
  const name = word.slice(0, colon);
  const version = word.slice(colon + 1, second < 0 ? word.length : second);
  const count = second < 0 ? undefined : parseWhole(word.slice(second + 1));
  if (name === '' || (version !== '' && !isVersion(version))) return undefined;
  if (second >= 0 && count === undefined) return undefined;
  const component: Mutable<PackageComponent> = { name };
  if (version !== '') component.version = version;
  if (count !== undefined) component.count = count;
  return component;
}

function printComponent({ name, version = '', count }: PackageComponent): string {
  if (count !== undefined) return `${name}:${version}:${count}`;
  return version === '' ? name : `${name}:${version}`;
}

/** The OPTIONS= of a PACKAGE line. */
export const suite: Form<'suite' | 'suiteReserved'> = {
  parse: (value) => {
    if (value === true) return undefined;
    const upper = value.toUpperCase();
    if (upper === 'SUITE') return 'suite';
    return upper === 'SUITE_RESERVED' ? 'suiteReserved' : undefined;
  },
  print: (value) => (value === 'suite' ? 'SUITE' : 'SUITE_RESERVED'),
  expected: 'SUITE or SUITE_RESERVED',
};
