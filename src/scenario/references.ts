import { KnownError } from '../base/errors.ts';
import { didYouMean } from '../base/nearest.ts';
import type { Places } from '../documents/places.ts';
import type { Problem } from '../documents/problems.ts';
import { textOf } from './file-texts.ts';
import type { ScenarioWords, ServerWords } from './schema.ts';
import { serverHosts } from './triad-ports.ts';

/** Entries whose names are the writer's own. */
const freeNames = new Set(['env', 'files', 'licenses', 'holds', 'inUse', 'waiting', 'reserved']);

/** Names of servers, by the entries that hold one. */
const serverEntries = new Set(['server', 'from']);

/** How servers are named: as they are, else by their number. */
export function serverName(name: string | undefined, index: number): string {
  return name ?? (index === 0 ? 'server' : `server${index + 1}`);
}

/** Names in a scenario that stand for nothing: servers that it has not, files that are not there. */
export function referenceProblems(
  { servers, faults = [], invariants = [], steps }: ScenarioWords,
  { places, file }: { readonly places: Places; readonly file: string },
): readonly Problem[] {
  const all = servers.map(({ name }, index) => serverName(name, index));
  const names = [...new Set([...all, ...servers.flatMap((server) => membersOf(server, file))])];
  const problems: Problem[] = [];
  const tell = (holder: object, key: string, message: string): void => {
    const place = places.value(holder, key) ?? { file, line: 1, column: 1 };
    problems.push({ place, message });
  };
  const look = (holder: object, key: string, value: unknown): void => {
    if (serverEntries.has(key) && typeof value === 'string') {
      if (names.includes(value)) return;
      const known = names.length === 1 ? names[0] : `one of the servers ${names.join(', ')}`;
      tell(holder, key, `expected ${known}, got "${value}"${didYouMean(value, names)}`);
    } else if (key === 'reread' || key === 'start') lookForFiles(value);
    if (!freeNames.has(key)) walk(value);
  };
  const lookForFiles = (words: unknown): void => {
    const { license, options } = (words ?? {}) as { license?: unknown; options?: object };
    const texts = [
      [words as object, 'license', license] as const,
      ...Object.entries(options ?? {}).map(([vendor, text]) => [options!, vendor, text] as const),
    ];
    for (const [holder, key, text] of texts) {
      if (typeof text !== 'string') continue;
      // A name with a variable of a repeat is known only when that is taken.
      if (text.includes('${')) continue;
      const { reason } = textOrReason(text, places.value(holder, key)?.file ?? file);
      if (reason !== undefined) tell(holder, key, reason);
    }
  };
  const walk = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return;
    for (const [key, each] of Object.entries(value)) look(value, key, each);
  };
  walk(faults);
  walk(invariants);
  walk(steps);
  servers.forEach((server, index) => {
    if (all.indexOf(all[index]!) === index) return;
    tell(server, 'name', `expected a name of its own for each server, got "${all[index]}" again`);
  });
  return problems;
}

/** Members of a triad are servers by their own names, too. */
function membersOf({ triad, license }: ServerWords, file: string): readonly string[] {
  const text = triad ? textOrReason(license, file).text : undefined;
  return text === undefined ? [] : serverHosts(text);
}

/** The text that is meant, or why neither a text nor a file is that can be read. */
function textOrReason(
  fileOrText: string,
  beside: string,
): { readonly text?: string; readonly reason?: string } {
  try {
    return { text: textOf(fileOrText, beside) };
  } catch (error) {
    if (!(error instanceof KnownError)) throw error;
    return { reason: error.message };
  }
}
