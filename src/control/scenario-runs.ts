import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { KnownError } from '../base/errors.ts';
import { limits } from '../base/limits.ts';
import { didYouMean } from '../base/nearest.ts';
import { ScenarioRun } from './scenario-run.ts';

/** Which scenarios may be run, and by what. */
export interface ScenarioSetting {
  readonly folder: string;
  /** The words that are `fauxlm`. */
  readonly program: readonly string[];
}

/** How one is run: as the flags of `fauxlm run`. */
export interface RunWish {
  readonly mode?: string | undefined;
  readonly seed?: string | undefined;
}

interface Job {
  readonly run: ScenarioRun;
  readonly words: readonly string[];
  readonly folder: string;
  readonly done: () => void;
}

/** Scenarios that are run for clients of the control plane, a few at a time. */
export class ScenarioRuns {
  readonly #setting: ScenarioSetting;
  /** The latest, oldest first. */
  readonly #runs = new Map<string, ScenarioRun>();
  readonly #waiting: Job[] = [];
  #running = 0;
  #count = 0;

  constructor(setting: ScenarioSetting) {
    this.#setting = setting;
  }

  get all(): readonly ScenarioRun[] {
    return [...this.#runs.values()];
  }

  /** Scenario files below the folder, as they are now. @throws KnownError CONTROL_SCENARIO when it cannot be read */
  names(): readonly string[] {
    const { folder } = this.#setting;
    try {
      const found = readdirSync(folder, { recursive: true, encoding: 'utf8' });
      const isScenario = (name: string) =>
        name.endsWith('.yaml') && !name.endsWith('.profile.yaml');
      return found.filter(isScenario).sort().slice(0, limits.scenariosListedMax);
    } catch (cause) {
      const got = (cause as NodeJS.ErrnoException).code ?? 'an error';
      const text = `--scenarios ${folder}: expected a folder that can be read, got ${got}`;
      throw new KnownError('CONTROL_SCENARIO', text, {}, { cause });
    }
  }

  /** Runs a scenario of the folder. @throws KnownError CONTROL_REQUEST for a name that none has; CONTROL_BUSY */
  startNamed(name: string, wish: RunWish): ScenarioRun {
    const names = this.names();
    // Only what is listed is run: a name is no path.
    if (!names.includes(name)) {
      const meant = didYouMean(name, names);
      const got = `${JSON.stringify(name.slice(0, 100))}${meant}`;
      throw new KnownError('CONTROL_REQUEST', `scenario: expected one of /scenarios, got ${got}`);
    }
    return this.#add(name, { file: name, folder: this.#setting.folder, done: () => {} }, wish);
  }

  /** Runs a scenario that is a text. @throws KnownError CONTROL_BUSY */
  startText(text: string, wish: RunWish): ScenarioRun {
    this.#checkRoom();
    const folder = mkdtempSync(join(tmpdir(), 'fauxlm-scenario-'));
    const done = (): void => rmSync(folder, { recursive: true, force: true });
    writeFileSync(join(folder, 'text.yaml'), text);
    return this.#add('text.yaml', { file: 'text.yaml', folder, done }, wish);
  }

  /** @throws KnownError CONTROL_REQUEST */
  get(id: string): ScenarioRun {
    const run = this.#runs.get(id);
    if (run !== undefined) return run;
    const text = `id: expected that of a run of /scenarios/runs, got ${JSON.stringify(id.slice(0, 60))}`;
    throw new KnownError('CONTROL_REQUEST', text);
  }

  /** Ends all. */
  async close(): Promise<void> {
    for (const { done } of this.#waiting.splice(0)) done();
    await Promise.all(this.all.map((run) => run.stop()));
  }

  #checkRoom(): void {
    if (this.#waiting.length < limits.scenarioRunsWaitingMax) return;
    const text = `expected at most ${limits.scenarioRunsWaitingMax} runs that wait, got one more`;
    throw new KnownError('CONTROL_BUSY', text);
  }

  #add(
    scenario: string,
    place: Pick<Job, 'folder' | 'done'> & { readonly file: string },
    { mode, seed }: RunWish,
  ): ScenarioRun {
    this.#checkRoom();
    const run = new ScenarioRun(`r${++this.#count}`, scenario);
    const flags = [
      '--reporter=ndjson',
      ...(mode === undefined ? [] : [`--mode=${mode}`]),
      ...(seed === undefined ? [] : [`--seed=${seed}`]),
    ];
    const words = [...this.#setting.program, 'run', ...flags, `./${place.file}`];
    this.#runs.set(run.id, run);
    this.#forget();
    this.#waiting.push({ run, words, folder: place.folder, done: place.done });
    this.#next();
    return run;
  }

  /** The oldest that are over. */
  #forget(): void {
    for (const [id, { isOver }] of this.#runs) {
      if (this.#runs.size <= limits.scenarioRunsKeptMax) return;
      if (isOver) this.#runs.delete(id);
    }
  }

  #next(): void {
    while (this.#running < limits.scenarioRunsMax) {
      const job = this.#waiting.shift();
      if (job === undefined) return;
      if (job.run.isOver) job.done();
      else void this.#carryOut(job);
    }
  }

  async #carryOut({ run, words, folder, done }: Job): Promise<void> {
    this.#running++;
    await run.start(words, folder);
    this.#running--;
    done();
    this.#next();
  }
}
