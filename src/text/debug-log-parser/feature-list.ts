import type { ParsedEvent } from './parsed.ts';

/** `Server started on alpha for:`, a TAB, and the first feature. */
export function readServingLine(text: string): ParsedEvent | undefined {
  const [, host, rest] = /^Server started on (\S+) for:\s*(.*)$/.exec(text) ?? [];
  if (host === undefined || rest === undefined) return undefined;
  return { kind: 'serving', host, ...listed(rest) };
}

/** A further line of the list: names in columns, perhaps with a package's beginning or end. */
export function readServingRest(text: string): ParsedEvent | undefined {
  const words = text.replace(' (consisting of:', '').trim().split(/\s+/);
  return words.every((word) => /^[^\s()]+\)?$/.test(word))
    ? { kind: 'serving', ...listed(text.trim()) }
    : undefined;
}

function listed(text: string): { readonly names: readonly string[]; readonly package?: string } {
  const [, before = '', name, behind = ''] = /^(.*\s)?(\S+) \(consisting of:(.*)$/.exec(text) ?? [];
  const words = `${name === undefined ? text : `${before} ${behind}`}`.split(/\s+/);
  const names = words.map((word) => word.replace(/\)$/, '')).filter((word) => word !== '');
  return { names, ...(name === undefined ? {} : { package: name }) };
}
