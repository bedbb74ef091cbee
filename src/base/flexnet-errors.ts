import { flexnetErrorTable } from './flexnet-error-table.ts';
import type { Refusal } from './refusal.ts';

/** What an error is about; `other` has no better home. */
export type FlexnetErrorGroup =
  | 'checkout'
  | 'version'
  | 'connection'
  | 'file'
  | 'admin'
  | 'borrow'
  | 'activation'
  | 'other';

/** One FlexNet error code: the number is FlexNet's, the name and (mostly) the words are ours. */
export interface FlexnetError {
  readonly code: number;
  /** Our identifier, such as `ALL_IN_USE`. */
  readonly name: string;
  readonly group: FlexnetErrorGroup;
  /** What tools print before the numbers. Monitors match the commonest ones. */
  readonly text: string;
  /** The usual cause, for people. */
  readonly cause: string;
}

const rowPattern = /^([+-]\d+)(?:\.\.([+-]\d+))? +(\S+) +([a-z]+) +(.+)\n {2}(.+)$/gm;

/** Every code FlexNet is known to use: -1, -2 and so on down, then +1 and up. */
export const flexnetErrors: ReadonlyMap<number, FlexnetError> = new Map(
  [...flexnetErrorTable.matchAll(rowPattern)].flatMap(errorsOfRow),
);

/** A row stands for one code, or for a range `-43..-46` of codes that share name and words. */
function errorsOfRow(row: RegExpExecArray): (readonly [number, FlexnetError])[] {
  const [, first, last = first, name, group, cause, text] = row;
  const from = Number(first);
  const step = Number(last) < from ? -1 : 1;
  const length = Math.abs(Number(last) - from) + 1;
  return Array.from({ length }, (_, index) => {
    const code = from + index * step;
    return [code, { code, name, group, text, cause } as FlexnetError] as const;
  });
}

/** What is known of a code; one that is in no public list gets an error that says so. */
export function flexnetError(code: number): FlexnetError {
  return (
    flexnetErrors.get(code) ?? {
      code,
      name: 'UNKNOWN',
      group: 'other',
      text: `Unknown FlexNet error ${code}.`,
      cause: 'no public list has this code',
    }
  );
}

/** The words that go with a refusal, without its numbers: `No such feature exists.` */
export function refusalText(refusal: Refusal): string {
  return flexnetError(refusal.major).text;
}
