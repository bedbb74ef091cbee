import { didYouMean } from '../base/nearest.ts';
import type { UnionChoice } from '../documents/validation.ts';
import { frameNames, otherStepNames, serverSchema, stepSchema } from './schema.ts';
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
    const others = otherStepNames.findIndex((key) => Object.hasOwn(value, key));
    const known = [...verbs, ...otherStepNames];
    const strange = Object.keys(value).filter((key) => !frameNames.includes(key));
    if (others === 0 || (others > 0 && strange.length === 0)) return verbs.length + others;
    if (strange.length === 0) {
      const [key = ''] = Object.keys(value);
      return [{ key, message: `expected a step (${known.join(', ')}), got none` }];
    }
    return strange.map((key) => ({
      key,
      message: `expected a step (${known.join(', ')}), got "${key}"${didYouMean(key, known)}`,
    }));
  },
};

/** A mapping with `include` is a file of servers. */
export const serverChoice: UnionChoice = {
  union: serverSchema,
  choose: (value) => (Object.hasOwn(value, 'include') ? 1 : 0),
};
