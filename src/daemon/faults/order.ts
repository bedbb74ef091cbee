import { KnownError } from '../../base/errors.ts';
import { didYouMean } from '../../base/nearest.ts';
import { commonWords } from './common-words.ts';
import { type FaultName, faultNames, faultRow } from './table.ts';
import type { Word } from './words.ts';

/** A fault that is asked for, as plain data: its row and its words, each as a text that its row takes. */
export interface FaultOrder {
  readonly fault: FaultName;
  readonly words: Readonly<Record<string, string>>;
}

/** A fault as an object: `{ fault: 'slow', latency: '200ms', user: 'ann' }`; `fault` may hold words, too. */
export type FaultObject = { readonly fault: string } & Readonly<
  Record<string, string | number | boolean | undefined>
>;

/** A fault as people write it: `slow latency=200ms user=ann`, or an object. */
export type FaultInput = string | FaultObject;

/** A request for a fault is a line, not a file. */
const CHARACTERS_MAX = 8_192;

/** The words that a fault takes: its own, then the common ones. */
export function wordsOf(fault: FaultName): Readonly<Record<string, Word>> {
  const row = faultRow(fault);
  const common = [...row.takes, 'id' as const].map((word) => [word, commonWords[word]] as const);
  return { ...row.words, ...Object.fromEntries(common) };
}

/**
 * Reads a fault; `where` says what was read.
 * @throws KnownError USAGE for a fault, word or value that is none, naming those that are
 */
export function parseFault(input: FaultInput, where = '--fault'): FaultOrder {
  const { text, more } = partsOf(input, where);
  const [named = '', ...pairs] = text.match(/(?:[^\s"]|"[^"]*")+/g) ?? [];
  const fault = nameOf(named, where);
  const place = `${where} ${fault}`;
  const words: Record<string, string> = {};
  for (const [key, value] of [...pairs.map((pair) => pairOf(fault, pair, place)), ...more]) {
    if (Object.hasOwn(words, key)) {
      throw new KnownError('USAGE', `${place}: expected ${key}= once, got it twice`);
    }
    words[key] = checked(fault, key, value, place);
  }
  return { fault, words };
}

/** One text a fault. @throws KnownError USAGE as `parseFault` does */
export function parseFaults(
  inputs: readonly FaultInput[],
  where = '--fault',
): readonly FaultOrder[] {
  return inputs.map((input) => parseFault(input, where));
}

function partsOf(
  input: unknown,
  where: string,
): { readonly text: string; readonly more: readonly (readonly [string, string])[] } {
  if (typeof input === 'string') return { text: bounded(input, where), more: [] };
  const { fault, ...words } = (input ?? {}) as Readonly<Record<string, unknown>>;
  if (typeof fault !== 'string') {
    const wanted = 'a text such as "slow latency=200ms", or an object such as { fault: "slow" }';
    const got = typeof input === 'object' ? 'one without fault' : typeof input;
    throw new KnownError('USAGE', `${where}: expected ${wanted}, got ${got}`);
  }
  const more = Object.entries(words).flatMap(([key, value]): [string, string][] => {
    if (value === undefined) return [];
    if (typeof value === 'string' || typeof value === 'number') {
      return [[key, bounded(String(value), where)]];
    }
    const got = typeof value;
    throw new KnownError('USAGE', `${where}: expected ${key} as a text or number, got ${got}`);
  });
  return { text: bounded(fault, where), more };
}

function bounded(text: string, where: string): string {
  if (text.length <= CHARACTERS_MAX) return text;
  const got = `${text.length}`;
  throw new KnownError(
    'USAGE',
    `${where}: expected at most ${CHARACTERS_MAX} characters, got ${got}`,
  );
}

function nameOf(named: string, where: string): FaultName {
  const found = faultNames.find((each) => each === named.toLowerCase());
  if (found !== undefined) return found;
  const meant = didYouMean(named, faultNames);
  const text = `${where}: expected one of ${faultNames.join(', ')}, got "${shown(named)}"${meant}`;
  throw new KnownError('USAGE', text);
}

/** `word=value`; the value may stand in quotation marks. */
function pairOf(fault: FaultName, pair: string, place: string): readonly [string, string] {
  const at = pair.indexOf('=');
  if (at <= 0) throw unknownWord(fault, pair, pair, place);
  return [pair.slice(0, at), pair.slice(at + 1).replaceAll('"', '')];
}

function checked(fault: FaultName, key: string, value: string, place: string): string {
  const words = wordsOf(fault);
  if (!Object.hasOwn(words, key)) throw unknownWord(fault, key, `${key}=${value}`, place);
  const word = words[key]!;
  if (word.read(value) !== undefined) return value;
  throw new KnownError(
    'USAGE',
    `${place} ${key}: expected ${word.expected}, got "${shown(value)}"`,
  );
}

function unknownWord(fault: FaultName, key: string, got: string, place: string): KnownError {
  const known = Object.keys(wordsOf(fault));
  const list = known.map((word) => `${word}=`).join(', ');
  const text = `${place}: expected ${list}, got "${shown(got)}"${didYouMean(key, known)}`;
  return new KnownError('USAGE', text);
}

function shown(text: string): string {
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}

/** The text of a fault, such as it could be written; its id aside. */
export function faultText({ fault, words }: FaultOrder): string {
  const pairs = Object.entries(words).filter(([key]) => key !== 'id');
  return [fault, ...pairs.map(([key, value]) => `${key}=${quoted(value)}`)].join(' ');
}

function quoted(value: string): string {
  return /\s/.test(value) ? `"${value}"` : value;
}
