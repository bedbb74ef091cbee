/** Entries whose names are the writer's own. */
const freeNames = new Set(['env', 'files', 'licenses', 'holds', 'inUse', 'waiting', 'reserved']);

/** An entry of a mapping or list, by what holds it. */
export type Entry = readonly [holder: object, key: string, value: unknown];

/** Every entry of what a scenario says, however deep; what has names of the writer's own is not looked into. */
export function* entriesIn(value: unknown): Generator<Entry> {
  if (typeof value !== 'object' || value === null) return;
  for (const [key, each] of Object.entries(value)) {
    yield [value, key, each];
    if (!freeNames.has(key)) yield* entriesIn(each);
  }
}
