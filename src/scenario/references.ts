import { KnownError } from '../base/errors.ts';
import { sameName } from '../base/names.ts';
import { didYouMean } from '../base/nearest.ts';
import type { Place, Places } from '../documents/places.ts';
import type { Problem } from '../documents/problems.ts';
import { entriesIn } from './entries.ts';
import { textOf } from './file-texts.ts';
import { featureNames, vendorNames } from './license-names.ts';
import { profileProblems } from './profile-problems.ts';
import type { ScenarioWords, ServerWords } from './schema.ts';
import { serverHosts } from './triad-ports.ts';

/** Names of servers, by the entries that hold one. */
const serverEntries = new Set(['server', 'from']);

/** Expectations that count licenses of features: of one that there is not it would always be none. */
const seatCounts = new Set(['inUse', 'waiting', 'reserved']);

/** Whether an entry names a vendor daemon that must be one: a checkout may ask for one that is not there. */
function namesVendor(holder: object, key: string): boolean {
  return key === 'daemon' || key === 'by' || (key === 'vendor' && 'event' in holder);
}

/** How servers are named: as they are, else by their number. */
export function serverName(name: string | undefined, index: number): string {
  return name ?? (index === 0 ? 'server' : `server${index + 1}`);
}

/** Names in a scenario that stand for nothing: servers and vendor daemons that it has not, files that are not there. */
export function referenceProblems(
  { servers, faults = [], invariants = [], steps }: ScenarioWords,
  {
    places,
    file,
    sources,
  }: {
    readonly places: Places;
    readonly file: string;
    /** Gets the texts of further files that problems are in. */
    readonly sources: Map<string, string>;
  },
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
    } else if (namesVendor(holder, key) && typeof value === 'string') {
      lookForVendor(value, places.value(holder, key));
    } else if (key === 'reread' || key === 'start') lookForFiles(value);
    else if (seatCounts.has(key)) lookForFeatures(value);
    else if (key === 'load') lookForProfile((value ?? {}) as { readonly profile?: unknown });
  };
  const licenses = licensesOf([servers, steps], file, places);
  const vendors = [...new Set(licenses.flatMap(vendorNames))];
  const features = [...new Set(licenses.flatMap(featureNames))];
  const lookForVendor = (vendor: string, place: Place | undefined): void => {
    const isKnown = vendors.some((each) => sameName(each, vendor));
    if (isKnown || vendors.length === 0 || vendor.includes('${')) return;
    const text = `expected a vendor daemon of the scenario, ${vendors.join(' or ')}, got "${vendor}"`;
    const message = `${text}${didYouMean(vendor, vendors)}`;
    problems.push({ place: place ?? { file, line: 1, column: 1 }, message });
  };
  const lookForFeatures = (counts: unknown): void => {
    if (typeof counts !== 'object' || counts === null || features.length === 0) return;
    for (const feature of Object.keys(counts)) {
      if (features.some((each) => sameName(each, feature))) continue;
      const meant = didYouMean(feature, features);
      const message = `expected a feature of the licenses, got "${feature}"${meant}`;
      problems.push({
        place: places.key(counts, feature) ?? { file, line: 1, column: 1 },
        message,
      });
    }
  };
  const lookForOptions = (options: unknown): void => {
    if (typeof options !== 'object' || options === null) return;
    for (const vendor of Object.keys(options)) lookForVendor(vendor, places.key(options, vendor));
  };
  const lookForFiles = (words: unknown): void => {
    const { license, options } = (words ?? {}) as { license?: unknown; options?: object };
    lookForOptions(options);
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
  const lookForProfile = (words: { readonly profile?: unknown }): void => {
    const { profile } = words;
    if (typeof profile !== 'string' || profile.includes('${')) return;
    const place = places.value(words, 'profile') ?? { file, line: 1, column: 1 };
    problems.push(...profileProblems(profile, { place, sources }));
  };
  for (const part of [faults, invariants, steps]) {
    for (const [holder, key, value] of entriesIn(part)) look(holder, key, value);
  }
  servers.forEach((server, index) => {
    lookForOptions(server.options);
    if (all.indexOf(all[index]!) === index) return;
    tell(server, 'name', `expected a name of its own for each server, got "${all[index]}" again`);
  });
  return problems;
}

/** Every license in a scenario; none when the text of one cannot be known yet. */
function licensesOf(value: unknown, file: string, places: Places): readonly string[] {
  const found: (string | undefined)[] = [];
  const walk = (each: unknown): void => {
    if (typeof each !== 'object' || each === null) return;
    for (const [key, inner] of Object.entries(each)) {
      if (key !== 'license' || typeof inner !== 'string') walk(inner);
      else found.push(textOrReason(inner, places.value(each, key)?.file ?? file).text);
    }
  };
  walk(value);
  const known = found.flatMap((text) => (text === undefined || text.includes('${') ? [] : text));
  return known.length < found.length ? [] : known;
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
