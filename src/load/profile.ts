import { dirname, resolve } from 'node:path';
import { KnownError } from '../base/errors.ts';
import { didYouMean } from '../base/nearest.ts';
import { parseDuration, renderDuration } from '../base/time-words.ts';
import { type Place, Places } from '../documents/places.ts';
import { type Problem, renderProblem, sortedProblems } from '../documents/problems.ts';
import { problemsOf, type UnionChoice } from '../documents/validation.ts';
import { readYaml } from '../documents/yaml-document.ts';
import { excessOf, excessText } from '../domain/workload/bounds.ts';
import type { Workload } from '../domain/workload/model.ts';
import { readSource } from '../files/license-sources.ts';
import { parseThreshold, type Threshold } from '../report/thresholds.ts';
import { type ProfileWords, phaseNames, phaseUnion, profileSchema } from './profile-schema.ts';
import { workloadOfProfile } from './profile-workload.ts';

/** What a profile says. */
export interface Profile {
  readonly name: string;
  readonly server?: string;
  readonly seed?: string;
  readonly workload: Workload;
  readonly thresholds: readonly Threshold[];
}

/** Problems that are told of one file. */
const PROBLEMS_MAX = 20;
/** Hours of a phase, each with a rate of its own: eleven years of them. */
const HOURS_MAX = 100_000;
/** Times that one file may hold. */
const TIMES_MAX = 1_000_000;

/**
 * Reads a `*.profile.yaml` file.
 * @throws KnownError FILE_UNREADABLE, and LOAD_PROFILE that tells all that is wrong with it, each with its place.
 */
export function readProfile(file: string): Profile {
  return parseProfile(file, readSource(file).text);
}

/** @throws KnownError LOAD_PROFILE */
export function parseProfile(file: string, text: string): Profile {
  const { profile, problems } = checkedProfile(file, text);
  if (profile === undefined) throw refusal(file, text, problems);
  return profile;
}

/** A profile, or all that is wrong with it. */
export function checkedProfile(
  file: string,
  text: string,
): { readonly profile?: Profile; readonly problems: readonly Problem[] } {
  const places = new Places();
  const at: Place = { file, line: 1, column: 1 };
  const { value, problems: unread } = readYaml(file, text, places);
  if (unread.length > 0) return { problems: unread };
  const wrong = problemsOf(profileSchema, value, { places, at, choices: [phaseChoice] });
  if (wrong.length > 0) return { problems: wrong };
  const words = value as ProfileWords;
  const reading = new ProfileReading(file, places);
  reading.checkPhases(words);
  if (reading.problems.length > 0) return { problems: reading.problems };
  const workload = workloadOfProfile(words, (holder) => reading.times(holder));
  reading.check(words, workload);
  const { problems } = reading;
  if (problems.length > 0) return { problems };
  const { name = file, server, seed, thresholds = [] } = words;
  const profile = {
    name,
    ...(server === undefined ? {} : { server }),
    ...(seed === undefined ? {} : { seed: String(seed) }),
    workload,
    thresholds: thresholds.map(parseThreshold),
  };
  return { profile, problems };
}

function refusal(file: string, text: string, problems: readonly Problem[]): KnownError {
  const all = sortedProblems(problems);
  const shown = all.slice(0, PROBLEMS_MAX).map((problem) => renderProblem(problem, text));
  const more =
    all.length > PROBLEMS_MAX ? [`${file}: and ${all.length - PROBLEMS_MAX} more\n`] : [];
  return new KnownError('LOAD_PROFILE', [...shown, ...more].join('').trimEnd());
}

const names: readonly string[] = phaseNames;

/** The name of a phase says which one is meant. */
const phaseChoice: UnionChoice = {
  union: phaseUnion,
  choose(value) {
    const keys = Object.keys(value);
    const named =
      keys.find((key) => names.includes(key)) ?? (keys.length === 0 ? names[0] : undefined);
    if (named !== undefined) return names.indexOf(named);
    const expected = `expected a phase (${names.join(', ')})`;
    return keys.map((key) => ({
      key,
      message: `${expected}, got "${key}"${didYouMean(key, names)}`,
    }));
  },
};

/** What the schema cannot see: how parts fit together, and files beside the profile. */
class ProfileReading {
  readonly problems: Problem[] = [];
  readonly #file: string;
  readonly #places: Places;

  constructor(file: string, places: Places) {
    this.#file = file;
    this.#places = places;
  }

  /** The times of `{ file: NAME }`, one a line; `#` begins a comment. */
  times(holder: object): readonly number[] {
    const { file } = holder as { readonly file: string };
    const place = this.#places.value(holder, 'file');
    try {
      const path = resolve(dirname(this.#file), file);
      const times = readSource(path)
        .text.split(/\r?\n/)
        .flatMap((line, index) => {
          const word = line.replace(/#.*$/s, '').trim();
          return word === '' ? [] : [parseDuration(word, `${file}:${index + 1}`)];
        });
      if (times.length > 0 && times.length <= TIMES_MAX) return times;
      const got = times.length === 0 ? 'a file without any' : `${times.length} of them`;
      this.#tell(place, `expected times, one a line and at most ${TIMES_MAX}, got ${got}`);
    } catch (error) {
      if (!(error instanceof KnownError)) throw error;
      this.#tell(place, error.message);
    }
    return [0];
  }

  check(words: ProfileWords, workload: Workload): void {
    const streams = (['phases', 'trace', 'closed'] as const).filter((name) => name in words);
    const [, second] = streams;
    if (streams.length !== 1) {
      const got = streams.length === 0 ? 'none' : streams.join(' and ');
      const place = second === undefined ? this.#places.of(words) : this.#places.key(words, second);
      this.#tell(place, `expected one of phases, trace, closed, got ${got}`);
    }
    const { trace } = words;
    if (trace !== undefined && (trace.at === undefined) === (trace.file === undefined)) {
      this.#tell(this.#places.key(words, 'trace'), 'expected "at" or "file", got neither or both');
    }
    // None of the three is told already.
    if (workload.durationMs === 0 && streams.length > 0)
      this.#tell(this.#places.of(words), 'expected a time, got 0s');
    this.#checkMonitors(words);
    this.#checkAmounts(words, workload, streams[0]);
    for (const storm of words.storms ?? []) {
      if (parseDuration(storm.at) < workload.durationMs) continue;
      const text = `expected a time within the ${renderDuration(workload.durationMs)} of the load`;
      this.#tell(this.#places.value(storm, 'at'), `${text}, got ${storm.at}`);
    }
  }

  /** Before their pieces are made: of an hour that lasts nothing there would be endlessly many. */
  checkPhases({ phases = [] }: ProfileWords): void {
    for (const phase of phases) {
      const [said] = Object.values(phase) as Readonly<Record<string, string>>[];
      const { for: length = '', peakFor, rates, hour = '1h' } = said!;
      const durationMs = parseDuration(length);
      if (peakFor !== undefined && parseDuration(peakFor) > durationMs) {
        const text = `expected a peak within the ${length} of its phase, got ${peakFor}`;
        this.#tell(this.#places.value(said!, 'peakFor'), text);
      }
      if (rates !== undefined && !(durationMs / parseDuration(hour) <= HOURS_MAX)) {
        const text = `expected hours of which at most ${HOURS_MAX} are in ${length}, got ${hour}`;
        this.#tell(this.#places.value(said!, 'hour') ?? this.#places.of(said!), text);
      }
    }
  }

  /** How much there is of everything, and whether there is anything. */
  #checkAmounts(words: ProfileWords, workload: Workload, stream = 'phases'): void {
    const excess = this.problems.length === 0 ? excessOf(workload) : undefined;
    if (excess !== undefined) {
      const key = excess.part === 'sessions' ? stream : excess.part;
      this.#tell(this.#places.key(words, key), `expected ${excessText(excess)}`);
    }
    const { sessions, durationMs } = workload;
    if (sessions.kind !== 'trace' || sessions.atMs.some((at) => at < durationMs)) return;
    const text = `expected times within the ${renderDuration(durationMs)} of the load`;
    const got = `the first at ${renderDuration(sessions.atMs[0] ?? 0)}`;
    if (this.problems.length === 0)
      this.#tell(this.#places.value(words.trace, 'for'), `${text}, got ${got}`);
  }

  #checkMonitors({ monitors = [] }: ProfileWords): void {
    for (const monitor of monitors) {
      if (parseDuration(monitor.every) > 0) continue;
      this.#tell(this.#places.value(monitor, 'every'), 'expected more than nothing, got 0s');
    }
  }

  #tell(place: Place | undefined, message: string): void {
    this.problems.push({ place: place ?? { file: this.#file, line: 1, column: 1 }, message });
  }
}
