import { type ChildProcess, spawn } from 'node:child_process';
import { limits } from '../base/limits.ts';

export type RunState =
  | 'waiting'
  | 'running'
  | 'passed'
  | 'failed'
  | 'mistaken'
  | 'broken'
  | 'stopped';

/** Exit statuses of `fauxlm run`; any other is a run that came to no end. */
const endStates: Readonly<Record<number, RunState>> = { 0: 'passed', 1: 'failed', 2: 'mistaken' };
/** A program that was asked to end has ended by then. */
const END_MS = 5_000;
const ERROR_CHARACTERS_MAX = 16_384;

/** One run of a scenario in a process of its own: whatever it does, the server goes on. */
export class ScenarioRun {
  readonly id: string;
  readonly scenario: string;
  /** What it has told, line by line, each a JSON text; the first are dropped when there are too many. */
  readonly lines: string[] = [];
  dropped = 0;
  state: RunState = 'waiting';
  exit: number | null = null;
  /** What went wrong apart from the scenario: mistakes of the file, most of all. */
  errors = '';
  #characters = 0;
  #child: ChildProcess | undefined;
  #over: Promise<void> = Promise.resolve();
  #isClosed = false;
  readonly #listeners = new Set<() => void>();

  constructor(id: string, scenario: string) {
    this.id = id;
    this.scenario = scenario;
  }

  /** Number of the latest line. */
  get told(): number {
    return this.dropped + this.lines.length;
  }

  get isOver(): boolean {
    return this.state !== 'waiting' && this.state !== 'running';
  }

  /** It tells nothing more: of one that is stopped, its process is gone, too. */
  get hasEnded(): boolean {
    return this.isOver && (this.#child === undefined || this.#isClosed);
  }

  /** Calls `changed` when it tells more or its state is another. Gives back what ends that. */
  listen(changed: () => void): () => void {
    this.#listeners.add(changed);
    return () => this.#listeners.delete(changed);
  }

  #changed(): void {
    for (const changed of this.#listeners) changed();
  }

  /** Resolves when it is over; a run that takes too long is ended. */
  start([program, ...words]: readonly string[], folder: string): Promise<void> {
    this.state = 'running';
    const entries = Object.entries(process.env).filter(([name]) => !name.startsWith('FAUXLM_'));
    const child = spawn(program!, words, {
      cwd: folder,
      env: { ...Object.fromEntries(entries), NO_COLOR: '1' },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#child = child;
    this.#read(child);
    this.#changed();
    const late = setTimeout(() => this.stop('broken'), limits.scenarioRunMs).unref();
    this.#over = new Promise((done) => {
      const end = (exit: number | null, why = ''): void => {
        clearTimeout(late);
        this.exit = exit;
        this.#complain(why);
        if (this.state === 'running') this.state = endStates[exit ?? -1] ?? 'broken';
        this.#isClosed = true;
        this.#changed();
        done();
      };
      child.once('error', ({ message }) => end(null, message));
      child.once('close', (exit) => end(exit));
    });
    return this.#over;
  }

  /** Ends it, in order if it can; resolves when it has ended. */
  stop(state: RunState = 'stopped'): Promise<void> {
    if (this.isOver) return this.#over;
    this.state = state;
    this.#changed();
    const child = this.#child;
    child?.kill('SIGTERM');
    const killing = setTimeout(() => child?.kill('SIGKILL'), END_MS).unref();
    return this.#over.finally(() => clearTimeout(killing));
  }

  #read({ stdout, stderr }: ChildProcess): void {
    let rest = '';
    stdout!.setEncoding('utf8').on('data', (text: string) => {
      const parts = (rest + text).split('\n');
      // A line longer than all that is kept is none of a scenario.
      rest = parts.pop()!.slice(-limits.scenarioOutputCharactersMax);
      for (const line of parts) this.#keep(line);
    });
    stderr!.setEncoding('utf8').on('data', (text: string) => this.#complain(text));
  }

  #keep(line: string): void {
    this.lines.push(line);
    this.#characters += line.length;
    while (this.#characters > limits.scenarioOutputCharactersMax) {
      this.#characters -= this.lines.shift()!.length;
      this.dropped++;
    }
    this.#changed();
  }

  #complain(text: string): void {
    this.errors = (this.errors + text).slice(-ERROR_CHARACTERS_MAX);
  }
}
