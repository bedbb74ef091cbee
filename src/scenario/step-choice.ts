import { didYouMean } from '../base/nearest.ts';
import type { UnionChoice } from '../documents/validation.ts';
import { frameNames, stepSchema } from './schema.ts';
import { stepTable } from './step-table.ts';

/** Among dozens of kinds of steps the name says which one is meant. */
export const stepChoice: UnionChoice = {
  union: stepSchema,
  choose(value) {
    const verbs = Object.keys(stepTable);
    const named = Object.keys(value).filter((key) => verbs.includes(key));
    if (named.length > 1) {
      const message = `expected one step, got ${named.join(' and ')}; begin each with a dash of its own`;
      return [{ key: named[1]!, message }];
    }
    if (named.length === 1) return verbs.indexOf(named[0]!);
    const strange = Object.keys(value).filter((key) => !frameNames.includes(key));
    if (strange.length === 0) return 'expect' in value ? verbs.length : verbs.length + 1;
    const known = [...verbs, 'expect', 'at'];
    return strange.map((key) => ({
      key,
      message: `expected a step (${known.join(', ')}), got "${key}"${didYouMean(key, known)}`,
    }));
  },
};
