import type { z } from 'zod';
import { didYouMean, nearest } from '../base/nearest.ts';
import type { Place, Places } from './places.ts';
import type { Problem } from './problems.ts';

type Issue = z.core.$ZodIssue;

/** Begins the message of a union that is chosen from: its place tells more. */
const CHOSEN = '\u0001';
/** Separates the messages of several unknown names, which zod tells as one. */
const SEPARATOR = '\u0000';

/** What is wrong with one entry of a mapping. */
export interface EntryProblem {
  readonly key: string;
  readonly message: string;
}

/** Among many alternatives a name in the mapping says which one is meant: its index, or what is wrong instead. */
export interface UnionChoice {
  readonly union: z.ZodType;
  choose(value: Readonly<Record<string, unknown>>): number | readonly EntryProblem[];
}

export interface ValidationOptions {
  readonly places: Places;
  /** Where what has no place is told. */
  readonly at: Place;
  readonly choices?: readonly UnionChoice[];
}

/** What is wrong with a value by a schema, each mistake at its place. */
export function problemsOf(
  schema: z.ZodType,
  root: unknown,
  { places, at, choices = [] }: ValidationOptions,
): readonly Problem[] {
  const error = (issue: z.core.$ZodRawIssue): string | undefined => {
    const chosen = choices.findIndex(({ union }) => union === issue.inst);
    return issue.code === 'invalid_union' && chosen !== -1
      ? `${CHOSEN}${chosen}`
      : messageOf(issue);
  };
  const result = schema.safeParse(root, { error, reportInput: true });
  if (result.success) return [];
  const found = new Findings(root, { places, at, choices });
  found.add(result.error.issues, []);
  return found.problems;
}

class Findings {
  readonly problems: Problem[] = [];
  readonly #root: unknown;
  readonly #places: Places;
  readonly #at: Place;
  readonly #choices: readonly UnionChoice[];

  constructor(root: unknown, { places, at, choices }: Required<ValidationOptions>) {
    this.#root = root;
    this.#places = places;
    this.#at = at;
    this.#choices = choices;
  }

  add(issues: readonly Issue[], base: readonly PropertyKey[]): void {
    const meant = new Set(issues.flatMap((issue) => this.#namesMeant(issue, base)));
    for (const issue of issues) {
      // A number beyond all numbers is beyond the bound of its word, too: the nearer bound is told.
      if (issues.some((other) => isNearerBound(other, issue))) continue;
      const path = [...base, ...issue.path];
      // One mistake, not two: `licence` is told, that `license` is missing follows.
      if ((isMissing(issue) || this.#isMissingUnion(issue, path)) && meant.has(pathText(path))) {
        continue;
      }
      if (issue.code === 'unrecognized_keys') this.#unknownNames(issue, path);
      else if (issue.code === 'invalid_union') this.#union(issue, path);
      else if (issue.code === 'invalid_key') {
        this.#tell(path, withGot(firstMessage(issue), path.at(-1)), true);
      } else this.#tell(path, withGot(issue.message, valueAt(this.#root, path)), false);
    }
  }

  #namesMeant(issue: Issue, base: readonly PropertyKey[]): readonly string[] {
    if (issue.code !== 'unrecognized_keys') return [];
    return issue.message.split(SEPARATOR).flatMap((message) => {
      const name = /did you mean (.*)\?$/.exec(message)?.[1];
      return name === undefined ? [] : [pathText([...base, ...issue.path, name])];
    });
  }

  /** Nothing stands where one of several kinds of values must. */
  #isMissingUnion(issue: Issue, path: readonly PropertyKey[]): boolean {
    return issue.code === 'invalid_union' && valueAt(this.#root, path) === undefined;
  }

  #tell(path: readonly PropertyKey[], message: string, atKey: boolean): void {
    const holder = valueAt(this.#root, path.slice(0, -1));
    const key = path.at(-1);
    const keyPlace = atKey && key !== undefined ? this.#places.key(holder, String(key)) : undefined;
    const place = keyPlace ?? this.#places.at(this.#root, path) ?? this.#at;
    this.problems.push({ place, message });
  }

  #unknownNames(issue: Issue & { code: 'unrecognized_keys' }, path: readonly PropertyKey[]): void {
    const messages = issue.message.split(SEPARATOR);
    issue.keys.forEach((key, index) => {
      this.#tell([...path, key], messages[index] ?? issue.message, true);
    });
  }

  #union(issue: Issue & { code: 'invalid_union' }, path: readonly PropertyKey[]): void {
    const value = valueAt(this.#root, path);
    const { errors } = issue;
    if (value === undefined) {
      return this.#tell(path, `expected "${String(path.at(-1) ?? '')}", got nothing`, false);
    }
    if (issue.message.startsWith(CHOSEN) && isMapping(value)) {
      const { choose } = this.#choices[Number(issue.message.slice(1))]!;
      const chosen = choose(value);
      if (typeof chosen === 'number') return this.add(errors[chosen] ?? [], path);
      for (const { key, message } of chosen) this.#tell([...path, key], message, true);
      return;
    }
    const scored = errors.map((each) => ({ each, score: misfit(each) }));
    const least = Math.min(...scored.map(({ score }) => score));
    const best = scored.filter(({ score }) => score === least);
    const [first] = best;
    if (first === undefined) return this.#tell(path, issue.message, false);
    if (best.length === 1) return this.add(first.each, path);
    const wanted = [...new Set(best.map(({ each }) => wantedOf(each[0]!)))];
    this.#tell(path, `expected ${wanted.join(' or ')}, got ${shown(value)}`, false);
  }
}

/** How far an alternative is from what was written: a wrong kind of value is far, a wrong name near. */
function misfit(issues: readonly Issue[]): number {
  return issues.reduce((sum, issue) => {
    const isRoot = issue.path.length === 0;
    if (isRoot && issue.code === 'invalid_union')
      return sum + Math.min(...issue.errors.map(misfit));
    if (isRoot && issue.code === 'invalid_value') return sum + 50;
    if (isRoot && issue.code !== 'unrecognized_keys' && issue.code !== 'custom') return sum + 100;
    if (isRoot || isMissing(issue)) return sum + 10;
    return sum + 1;
  }, 0);
}

function wantedOf(issue: Issue): string {
  if (issue.code === 'invalid_union')
    return issue.errors.map((each) => wantedOf(each[0]!)).join(' or ');
  return /^expected (.*?)(?:, got .*)?$/s.exec(issue.message)?.[1] ?? issue.message;
}

function isNearerBound(one: Issue, other: Issue): boolean {
  const same = pathText(one.path) === pathText(other.path);
  if (!same || one.code !== 'too_big' || other.code !== 'too_big') return false;
  return one.maximum < other.maximum;
}

function isMissing(issue: Issue): boolean {
  return issue.code === 'invalid_type' && issue.input === undefined && issue.path.length > 0;
}

function firstMessage(issue: Issue & { code: 'invalid_key' }): string {
  return issue.issues[0]?.message ?? issue.message;
}

/** A schema's own message says what is expected; what is there instead it need not know. */
function withGot(message: string, value: unknown): string {
  return /\bgot\b/.test(message) ? message : `${message}, got ${shown(value)}`;
}

function pathText(path: readonly PropertyKey[]): string {
  return path.map(String).join('\u0000');
}

function isMapping(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function valueAt(root: unknown, path: readonly PropertyKey[]): unknown {
  let value = root;
  for (const key of path) {
    if (typeof value !== 'object' || value === null) return undefined;
    value = (value as Record<PropertyKey, unknown>)[key];
  }
  return value;
}

const kinds: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a mapping',
  record: 'a mapping',
};

/** zod's issues in our words. */
function messageOf(issue: z.core.$ZodRawIssue): string | undefined {
  const got = shown(issue.input);
  switch (issue.code) {
    case 'invalid_type': {
      const kind = kinds[issue.expected] ?? issue.expected;
      if (issue.input !== undefined) return `expected ${kind}, got ${got}`;
      return `expected "${String(issue.path?.at(-1) ?? '')}", ${kind}, got nothing`;
    }
    case 'unrecognized_keys':
      return issue.keys.map((key) => unknownName(key, knownNames(issue.inst))).join(SEPARATOR);
    case 'invalid_union':
      return `expected another value, got ${got}`;
    case 'invalid_value': {
      const known = issue.values.map((value) => String(value));
      const meant = typeof issue.input === 'string' ? didYouMean(issue.input, known) : '';
      return `expected ${known.join(', ')}, got ${got}${meant}`;
    }
    case 'too_small':
      return `expected ${boundText(issue.origin, `at least ${issue.minimum}`)}, got ${got}`;
    case 'too_big':
      return `expected ${boundText(issue.origin, `at most ${issue.maximum}`)}, got ${got}`;
    default:
      return undefined;
  }
}

function boundText(origin: string, bound: string): string {
  if (origin === 'array') return `a list of ${bound}`;
  return origin === 'string' ? `${bound} characters` : bound;
}

function unknownName(key: string, known: readonly string[]): string {
  const meant = nearest(key, known);
  const end = meant === undefined ? '' : `; did you mean ${meant}?`;
  return `expected ${known.length === 1 ? '' : 'one of '}${known.join(', ')}, got "${key}"${end}`;
}

function knownNames(inst: unknown): readonly string[] {
  const shape = (inst as { _zod?: { def?: { shape?: object } } } | undefined)?._zod?.def?.shape;
  return Object.keys(shape ?? {}).filter((key) => key !== '$schema');
}

function shown(value: unknown): string {
  if (value === undefined || value === null) return 'nothing';
  if (Array.isArray(value)) return value.length === 0 ? 'an empty list' : 'a list';
  if (typeof value === 'object') return 'a mapping';
  const text = typeof value === 'string' ? `"${value}"` : String(value);
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}
