import { KnownError } from '../base/errors.ts';

/** A flag as FlexNet's tools have them: a word behind one dash, with no value, a value, or perhaps one. */
export interface Flag {
  readonly takes: 'nothing' | 'value' | 'perhaps';
  /** The value's name in the usage text. */
  readonly value?: string;
  readonly summary: string;
}

/** By the flag's word, without dashes. */
export type FlagTable = Readonly<Record<string, Flag>>;

/** What was given: `true` for a flag without its value. Of a flag that was given twice, the last counts. */
export type FlagValues<T extends FlagTable> = {
  readonly [K in keyof T]?: T[K]['takes'] extends 'nothing'
    ? true
    : T[K]['takes'] extends 'value'
      ? string
      : string | true;
};

export interface ParsedArguments<T extends FlagTable> {
  readonly flags: FlagValues<T>;
  readonly operands: readonly string[];
}

/**
 * Sorts arguments into flags and operands, in any order. Flags are told by their whole word, so `-all` is
 * never `-a -l -l`; one dash or two makes no difference. An optional value is the next argument unless that
 * starts with a dash; what looks like no flag of the table is wrong usage.
 * @throws KnownError USAGE naming the argument.
 */
export function parseArguments<T extends FlagTable>(
  args: readonly string[],
  table: T,
): ParsedArguments<T> {
  const flags: Record<string, string | true> = {};
  const operands: string[] = [];
  for (let at = 0; at < args.length; at++) {
    const arg = args[at]!;
    const word = /^--?(.+)$/.exec(arg)?.[1];
    if (word === undefined) {
      operands.push(arg);
      continue;
    }
    if (!Object.hasOwn(table, word)) {
      throw new KnownError('USAGE', `${arg}: expected a flag of this tool, got an unknown one`);
    }
    const { takes, value = 'value' } = table[word]!;
    const next = args[at + 1];
    if (takes === 'value' && next === undefined) {
      throw new KnownError('USAGE', `${arg}: expected ${value} behind it, got nothing`);
    }
    const taken =
      takes === 'value' || (takes === 'perhaps' && next !== undefined && !next.startsWith('-'));
    flags[word] = taken ? next! : true;
    if (taken) at++;
  }
  return { flags: flags as FlagValues<T>, operands };
}

/** The flags with what they take and do, for usage texts and pages. */
export function flagRows(table: FlagTable): readonly (readonly [flag: string, summary: string])[] {
  return Object.entries(table).map(([word, { takes, value = 'value', summary }]) => {
    const shown = takes === 'nothing' ? '' : takes === 'value' ? ` ${value}` : ` [${value}]`;
    return [`${word.includes('-') ? '--' : '-'}${word}${shown}`, summary] as const;
  });
}

/** The flags for a usage text, one a line. */
export function renderFlags(table: FlagTable): string {
  const rows = flagRows(table);
  const width = Math.max(...rows.map(([flag]) => flag.length));
  return rows.map(([flag, summary]) => `  ${flag.padEnd(width)}  ${summary}\n`).join('');
}
