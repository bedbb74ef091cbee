import { KnownError } from '../base/errors.ts';
import { faultRemark } from '../daemon/faults/fault-remark.ts';
import { type FaultOrder, parseFault } from '../daemon/faults/order.ts';
import { type Entry, entriesIn } from './entries.ts';
import type { Scenario } from './loading.ts';

/** Faults of a scenario that are about a feature which none of its licenses has, each with its place. */
export function faultRemarks(
  { faults, steps, places, place: start }: Pick<Scenario, 'faults' | 'steps' | 'places' | 'place'>,
  features: readonly string[],
): readonly string[] {
  const ofSteps = [...entriesIn(steps)].filter(([, key]) => key === 'fault');
  const all = [...faults.map((each, at): Entry => [faults, `${at}`, each]), ...ofSteps];
  return all.flatMap(([holder, key, words]) => {
    const order = orderOf(words);
    const remark = order && faultRemark(order, features);
    if (remark === undefined) return [];
    const { file, line, column } = places.value(words, 'on') ?? places.value(holder, key) ?? start;
    return [`${file}:${line}:${column}: ${remark}`];
  });
}

/** Undefined for one that is taken back, or that a variable of a repeat is in. */
function orderOf(words: unknown): FaultOrder | undefined {
  const text = typeof words === 'string' ? words : (words as { readonly on?: unknown } | null)?.on;
  if (typeof text !== 'string' || text.includes('${')) return undefined;
  try {
    return parseFault(text, 'fault');
  } catch (error) {
    if (!(error instanceof KnownError)) throw error;
    return undefined;
  }
}
