import type { EpochMs } from '../base/clock.ts';
import { KnownError } from '../base/errors.ts';
import { limits } from '../base/limits.ts';
import { didYouMean } from '../base/nearest.ts';
import { parseTime } from '../base/time-words.ts';
import { type Place, Places } from '../documents/places.ts';
import { type Problem, sortedProblems } from '../documents/problems.ts';
import { problemsOf } from '../documents/validation.ts';
import { readYaml } from '../documents/yaml-document.ts';
import { parseLicenseFile } from '../domain/license/parse.ts';
import { TRIAD_MEMBERS } from '../domain/triad/order.ts';
import { readSource } from '../files/license-sources.ts';
import { originOf, textOf } from './file-texts.ts';
import { Includes } from './includes.ts';
import { referenceProblems, serverName } from './references.ts';
import { type ScenarioWords, type ServerWords, scenarioSchema } from './schema.ts';
import type { ServerSetup } from './setup.ts';
import { serverChoice, stepChoice } from './step-choice.ts';
import type { RawStep } from './step-row.ts';
import { serverHosts } from './triad-ports.ts';
import { combinations, fillIn, type Variables } from './variables.ts';
import type { FaultOrderWords } from './words.ts';

/** A scenario that can be run: one row of its matrix. */
export interface Scenario {
  readonly file: string;
  readonly name: string;
  readonly place: Place;
  /** The matrix's variables in this row. */
  readonly row: Variables;
  readonly start: EpochMs;
  readonly seed: string | undefined;
  readonly servers: readonly ServerSetup[];
  readonly faults: readonly FaultOrderWords[];
  readonly invariants: readonly RawStep[];
  readonly steps: readonly RawStep[];
  readonly places: Places;
}

/** What a file came to: scenarios, or what is wrong with it. */
export interface LoadedFile {
  readonly file: string;
  /** The texts that were read, by their files, for excerpts. */
  readonly sources: ReadonlyMap<string, string>;
  readonly scenarios: readonly Scenario[];
  readonly problems: readonly Problem[];
}

/** When scenarios begin that do not say: a Monday morning. */
const START = '2030-01-07T09:00';

/** Reads a scenario file; whatever is wrong with it is told, all of it. */
export function loadScenario(file: string): LoadedFile {
  let source: string;
  try {
    source = readSource(file).text;
  } catch (error) {
    if (!(error instanceof KnownError)) throw error;
    const message = error.message.replace(`${file}: `, '');
    const problems = [{ place: { file, line: 1, column: 1 }, message }];
    return { file, sources: new Map(), scenarios: [], problems };
  }
  return { file, ...new Loader(file).load(source) };
}

class Loader {
  readonly #file: string;
  readonly #places = new Places();
  readonly #problems: Problem[] = [];
  /** Texts of load profiles. */
  readonly #profiles = new Map<string, string>();

  constructor(file: string) {
    this.#file = file;
  }

  load(source: string): Omit<LoadedFile, 'file'> {
    const { value, problems } = readYaml(this.#file, source, this.#places);
    const includes = new Includes(this.#places);
    const whole = problems.length > 0 ? undefined : includes.expanded(value, this.#file);
    this.#problems.push(...problems, ...includes.problems);
    const scenarios = problems.length > 0 ? [] : this.#scenarios(whole);
    return {
      scenarios: this.#problems.length > 0 ? [] : scenarios,
      problems: sortedProblems(this.#problems),
      sources: new Map([[this.#file, source], ...includes.sources, ...this.#profiles]),
    };
  }

  #scenarios(value: unknown): readonly Scenario[] {
    const rows = this.#rows(value);
    return rows.flatMap((row) => {
      const vars = { ...this.#variables(value), ...row };
      const filled = this.#filled(value, vars);
      const at = { file: this.#file, line: 1, column: 1 };
      const before = this.#problems.length;
      // What a repeat counts is a number, whichever.
      const counted = Object.fromEntries(repeatNames(value).map((name) => [name, 1]));
      const whole = fillIn(filled, counted, { places: this.#places, unknown: () => {} });
      const choices = [stepChoice, serverChoice];
      const found = problemsOf(scenarioSchema, whole, { places: this.#places, at, choices });
      // A reference to no variable is one mistake, whatever else its text is not.
      const told = new Set(this.#problems.map(({ place }) => placeText(place)));
      this.#problems.push(...found.filter(({ place }) => !told.has(placeText(place))));
      // Found again in a further row of the matrix it is told no second time, and no less a mistake.
      if (found.length > 0 || this.#problems.length > before) {
        this.#checkFiles(filled);
        return [];
      }
      const words = filled as ScenarioWords;
      this.#problems.push(
        ...referenceProblems(words, {
          places: this.#places,
          file: this.#file,
          sources: this.#profiles,
        }),
      );
      const scenario = this.#scenario(words, row);
      return this.#problems.length > before ? [] : [scenario];
    });
  }

  /** What is no matrix is told by the schema. */
  #rows(value: unknown): readonly Variables[] {
    const matrix = (value as { matrix?: unknown } | null)?.matrix;
    if (typeof matrix !== 'object' || matrix === null) return [{}];
    if (!Object.values(matrix).every(Array.isArray)) return [{}];
    const size = Object.values(matrix).reduce((all: number, each) => all * each.length, 1);
    if (size >= 1 && size <= limits.scenarioRowsMax) return combinations(matrix as never);
    const text = `expected at most ${limits.scenarioRowsMax} combinations, got ${size}`;
    if (size > 1) this.#tell(this.#places.key(value, 'matrix'), text);
    return [{}];
  }

  #variables(value: unknown): Variables {
    const vars = (value as { vars?: unknown } | null)?.vars;
    return typeof vars === 'object' && vars !== null ? (vars as Variables) : {};
  }

  #filled(value: unknown, vars: Variables): unknown {
    return fillIn(value, vars, {
      places: this.#places,
      later: repeatNames(value),
      unknown: ({ holder, key, name }) => {
        const known = Object.keys(vars);
        const list = known.length === 0 ? 'none are defined' : `there are ${known.join(', ')}`;
        const text = `expected a variable, got \${${name}}: ${list}${didYouMean(name, known)}`;
        this.#tell(this.#places.value(holder, key), text);
      },
    });
  }

  #tell(place: Place | undefined, message: string): void {
    this.#problems.push({ place: place ?? { file: this.#file, line: 1, column: 1 }, message });
  }

  #scenario(words: ScenarioWords, row: Variables): Scenario {
    const { name, clock = START, seed, servers, faults = [], invariants = [], steps } = words;
    const varied = Object.entries(row).map(([key, value]) => `${key}=${value}`);
    return {
      file: this.#file,
      name: varied.length === 0 ? name : `${name} [${varied.join(' ')}]`,
      place: this.#places.value(words, 'name') ?? { file: this.#file, line: 1, column: 1 },
      row,
      start: parseTime(clock, 'clock'),
      seed: seed === undefined ? undefined : String(seed),
      servers: servers.flatMap((server, index) => this.#setups(server, index)),
      faults,
      invariants: invariants as readonly RawStep[],
      steps: steps as readonly RawStep[],
      places: this.#places,
    };
  }

  /** Beside mistakes elsewhere: license files that are not there. */
  #checkFiles(filled: unknown): void {
    const { servers } = (filled ?? {}) as { readonly servers?: unknown };
    if (!Array.isArray(servers)) return;
    for (const server of servers as readonly ({ readonly license?: unknown } | null)[]) {
      const license = server?.license;
      if (typeof license !== 'string' || license === '') continue;
      this.#told(this.#places.value(server, 'license'), () => this.#text(license, server));
    }
  }

  /** One server; of a triad its members, by the hosts of the SERVER lines. */
  #setups(server: ServerWords, index: number): readonly ServerSetup[] {
    const setup = this.#setup(server, index);
    if (!server.triad) return [setup];
    const hosts = serverHosts(setup.license);
    if (hosts.length !== TRIAD_MEMBERS) {
      const place = this.#places.value(server, 'license');
      this.#tell(place, `expected three SERVER lines for a triad, got ${hosts.length}`);
    }
    return hosts.map((host) => ({ ...setup, name: host, triad: setup.name }));
  }

  #setup(server: ServerWords, index: number): ServerSetup {
    const place = this.#places.value(server, 'license');
    const license = this.#told(place, () => this.#text(server.license, server)) ?? '';
    const { lenient = false, singlePort = false, started = true, fixedPorts = false } = server;
    const { lmremoveAge, timeZone, options } = server;
    return {
      name: serverName(server.name, index),
      license,
      ...(place === undefined ? {} : { licenseAt: originOf(server.license, place) }),
      options: this.#options(server, license, options),
      lenient,
      singlePort,
      started,
      fixedPorts,
      ...(timeZone === undefined ? {} : { timeZone }),
      ...(lmremoveAge === undefined ? {} : { lmremoveAge }),
    };
  }

  #options(
    server: object,
    license: string,
    options: string | Record<string, string> | undefined,
  ): Readonly<Record<string, string>> {
    if (options === undefined) return {};
    const place = this.#places.value(server, 'options');
    if (typeof options !== 'string') {
      const entries = Object.entries(options).map(([vendor, file]) => {
        const at = this.#places.value(options, vendor);
        return [vendor, this.#told(at, () => this.#text(file, options)) ?? ''];
      });
      return Object.fromEntries(entries);
    }
    const { lines } = parseLicenseFile({ name: 'license', text: license, encoding: 'utf-8' });
    const vendors = lines.flatMap((line) => (line.kind === 'vendor' ? [line.vendor] : []));
    if (vendors.length !== 1) {
      const got = vendors.length === 0 ? 'a license without VENDOR line' : vendors.join(', ');
      this.#tell(place, `expected options by vendor daemon, as { NAME: FILE }, for ${got}`);
      return {};
    }
    return { [vendors[0]!]: this.#told(place, () => this.#text(options, server)) ?? '' };
  }

  #text(fileOrText: string, holder: unknown): string {
    return textOf(fileOrText, this.#places.of(holder)?.file ?? this.#file);
  }

  #told<T>(place: Place | undefined, read: () => T): T | undefined {
    try {
      return read();
    } catch (error) {
      if (!(error instanceof KnownError)) throw error;
      this.#tell(place, error.message);
      return undefined;
    }
  }
}

function placeText({ file, line, column }: Place): string {
  return `${file}:${line}:${column}`;
}

/** The variables of every `repeat`: they are filled in when it is taken. */
function repeatNames(value: unknown): readonly string[] {
  if (typeof value !== 'object' || value === null) return [];
  const own = (value as { repeat?: { as?: unknown } }).repeat?.as;
  const inner = Object.values(value).flatMap(repeatNames);
  return typeof own === 'string' ? [own, ...inner] : inner;
}
