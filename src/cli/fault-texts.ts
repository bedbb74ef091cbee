import { KnownError } from '../base/errors.ts';
import { didYouMean } from '../base/nearest.ts';
import type { FaultAnswer } from '../control/fault-routes.ts';
import { wordsOf } from '../daemon/faults/order.ts';
import { type FaultName, faultNames, faultRow } from '../daemon/faults/table.ts';

/** Faults as a person reads them, a line each. */
export function faultLines(faults: readonly FaultAnswer[], action: string): string {
  if (faults.length === 0) return action === 'clear' ? 'nothing to clear\n' : 'no faults\n';
  const idWidth = Math.max(...faults.map(({ id }) => id.length));
  return faults.map((fault) => `${fault.id.padEnd(idWidth)}  ${restOf(fault, action)}\n`).join('');
}

function restOf({ text, state, hits, from, to }: FaultAnswer, action: string): string {
  if (action === 'clear') return `cleared  ${hitsText(hits)}  ${text}`;
  const when = state === 'waiting' ? `from ${from}` : to === undefined ? '' : `until ${to}`;
  return `${state.padEnd(7)}  ${hitsText(hits)}  ${text}${when === '' ? '' : `  (${when})`}`;
}

function hitsText(hits: number): string {
  return hits === 1 ? '1 hit' : `${hits} hits`;
}

/**
 * The table of faults, or those named: with all their words, for people or as JSON.
 * @throws KnownError USAGE for a name that is none
 */
export function faultKinds(names: readonly string[], json: boolean): string {
  const chosen = names.length === 0 ? faultNames : names.map(known);
  if (json) return `${JSON.stringify(chosen.map(kindOf))}\n`;
  return chosen.map(kindText).join('\n');
}

function known(name: string): FaultName {
  const found = faultNames.find((each) => each === name);
  if (found !== undefined) return found;
  const text = `fault kinds: expected faults among ${faultNames.join(', ')}, got "${name}"`;
  throw new KnownError('USAGE', text + didYouMean(name, faultNames));
}

function kindOf(name: FaultName) {
  const { summary, sees, example } = faultRow(name);
  const words = Object.entries(wordsOf(name)).map(([word, { about, value }]) => ({
    ...{ word, value, about },
  }));
  return { fault: name, summary, sees, example, words };
}

function kindText(name: FaultName): string {
  const { summary, sees, example, words } = kindOf(name);
  const lines = words.map(
    ({ word, value, about }) => `  ${`${word}=${value}`.padEnd(24)} ${about}`,
  );
  const head = [`${name}: ${summary}`, `  users see: ${sees}`, `  example:   ${example}`];
  return `${[...head, ...lines].join('\n')}\n`;
}
