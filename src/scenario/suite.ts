import { KnownError } from '../base/errors.ts';
import { Rng } from '../base/rng.ts';
import { licenseRemarks } from './license-remarks.ts';
import { type LoadedFile, loadScenario, type Scenario } from './loading.ts';
import { Recordings } from './recordings.ts';
import { obstacle } from './requirements.ts';
import type { Failure, ScenarioResult, Summary } from './results.ts';
import { ScenarioRun } from './scenario-run.ts';
import { type StandModeName, standModes } from './stand-modes.ts';
import { serverOf } from './step-row.ts';

export interface SuiteOptions {
  readonly files: readonly string[];
  /** Scenarios that run at a time. */
  readonly jobs: number;
  /** Text that names or files have, or /a regular expression/. */
  readonly filter?: RegExp;
  readonly seed: string;
  /** How they are carried out; in this process unless given. */
  readonly mode?: StandModeName;
  /** `27000@host`: against a server elsewhere, mode `target`. */
  readonly target?: string;
  /** Begins no more after the first failure. */
  readonly bail: boolean;
  /** Further tries of one that fails. */
  readonly retry: number;
  /** Outputs that are got take the place of those that were recorded. */
  readonly update?: boolean;
  /** Told of each result, in the order of the files. */
  readonly told: (result: ScenarioResult) => void;
}

/** Runs scenario files, several at a time, each on servers and a clock of its own. */
export async function runSuite(options: SuiteOptions): Promise<Summary> {
  const began = performance.now();
  const recordings = new Recordings(options.update ?? false);
  const tasks = options.files.flatMap((file) =>
    tasksOf(loadScenario(file), { ...options, recordings }),
  );
  const results = new Results(options.told);
  let next = 0;
  let failed = false;
  const worker = async (): Promise<void> => {
    while (next < tasks.length && !(failed && options.bail)) {
      const at = next++;
      const result = await tasks[at]!();
      if (result.status === 'failed' || result.status === 'broken') failed = true;
      results.add(at, result);
    }
  };
  await Promise.all(Array.from({ length: Math.max(1, options.jobs) }, worker));
  const durationMs = performance.now() - began;
  const { written } = recordings;
  return {
    ...results.counts(),
    left: tasks.length - next,
    durationMs,
    seed: options.seed,
    written,
  };
}

/** Passes results on in order, whichever comes first. */
class Results {
  readonly #told: (result: ScenarioResult) => void;
  readonly #waiting = new Map<number, ScenarioResult>();
  readonly #counts = { passed: 0, failed: 0, broken: 0, skipped: 0 };
  #next = 0;

  constructor(told: (result: ScenarioResult) => void) {
    this.#told = told;
  }

  add(at: number, result: ScenarioResult): void {
    this.#waiting.set(at, result);
    this.#counts[result.status]++;
    for (;;) {
      const ready = this.#waiting.get(this.#next);
      if (ready === undefined) return;
      this.#waiting.delete(this.#next++);
      this.#told(ready);
    }
  }

  counts(): Pick<Summary, 'passed' | 'failed' | 'broken' | 'skipped'> {
    return { ...this.#counts };
  }
}

type Task = () => Promise<ScenarioResult>;

type RunOptions = SuiteOptions & { readonly recordings: Recordings };

function tasksOf(loaded: LoadedFile, options: RunOptions): readonly Task[] {
  if (loaded.problems.length > 0) return [async () => brokenResult(loaded, options.seed)];
  const { filter } = options;
  return loaded.scenarios
    .filter(({ name, file }) => !filter || filter.test(name) || filter.test(file))
    .map((scenario) => () => tried(scenario, { ...options, sources: loaded.sources }));
}

function brokenResult(loaded: LoadedFile, seed: string): ScenarioResult {
  const { file, sources, problems } = loaded;
  const place = { file, line: 1, column: 1 };
  const nothing = { durationMs: 0, timeline: [] };
  return { file, name: file, place, status: 'broken', seed, problems, sources, ...nothing };
}

type TaskOptions = RunOptions & Pick<LoadedFile, 'sources'>;

async function tried(scenario: Scenario, options: TaskOptions): Promise<ScenarioResult> {
  for (let tries = 1; ; tries++) {
    const result = await runScenario(scenario, options);
    if (result.status === 'failed' && tries <= options.retry) continue;
    return tries === 1 ? result : { ...result, tries };
  }
}

/** Runs one scenario on servers of its own. */
async function runScenario(
  scenario: Scenario,
  options: Pick<TaskOptions, 'seed' | 'mode' | 'target' | 'recordings' | 'sources'>,
): Promise<ScenarioResult> {
  const began = performance.now();
  const { seed: runSeed, mode = 'in-process' } = options;
  const { file, name, place } = scenario;
  // Each has a stream of its own: a scenario more moves none of the others.
  const seed = scenario.seed ?? new Rng(runSeed).fork(scenario.name).seed;
  const own = { file, name, place, seed, problems: [] };
  const reason = obstacle(scenario, standModes[mode].lacks);
  if (reason !== undefined) {
    return { ...own, status: 'skipped', reason, durationMs: 0, timeline: [] };
  }
  const { run, failure } = await played(scenario, { ...options, mode, seed });
  return {
    ...own,
    status: failure === undefined ? 'passed' : 'failed',
    durationMs: performance.now() - began,
    timeline: run?.timeline ?? [],
    ...(failure === undefined ? {} : { failure: withRemarks(failure, scenario, options) }),
  };
}

/** What lint has against the licenses; a server elsewhere has one of its own. */
function withRemarks(
  failure: Failure,
  scenario: Scenario,
  { sources, mode }: Pick<TaskOptions, 'sources' | 'mode'>,
): Failure {
  const license = mode === 'target' ? [] : licenseRemarks(scenario, sources);
  return license.length === 0 ? failure : { ...failure, license };
}

async function played(
  scenario: Scenario,
  options: Pick<RunOptions, 'seed' | 'target' | 'recordings'> & { readonly mode: StandModeName },
): Promise<{ readonly run?: ScenarioRun; readonly failure: Failure | undefined }> {
  const { servers, start, faults } = scenario;
  const { mode, target, recordings, seed } = options;
  let run: ScenarioRun | undefined;
  const stand = standModes[mode].make({
    servers,
    start,
    seed,
    tell: (client, text) => run?.tell(client, text),
    ...(target === undefined ? {} : { target }),
  });
  try {
    await stand.start();
    for (const fault of faults) {
      const { on, server = undefined } = typeof fault === 'string' ? { on: fault } : fault;
      await serverOf(stand, server).arm(on);
    }
  } catch (error) {
    if (!(error instanceof KnownError)) throw error;
    await stand.stop();
    return { failure: startFailure(scenario, stand.normalized(error.message)) };
  }
  try {
    run = new ScenarioRun(scenario, { stand, recordings, seed });
    return { run, failure: await run.take() };
  } finally {
    await stand.stop();
  }
}

function startFailure(scenario: Scenario, got: string): Failure {
  const { place } = scenario;
  const expected = 'the servers to start';
  return { place, step: 'start', expected, got, near: [], explanation: [] };
}
