import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { asParent } from '../daemon/parent-process.ts';
import type { TriadView } from '../daemon/triad/triad-view.ts';
import type { ReadyFile } from './ready-file.ts';
import type { Told } from './serving.ts';

/** How a member's process ended. */
export interface MemberEnd {
  readonly status: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** Flags that came from the environment are among the words already, each for its member. */
function withoutFlags(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !name.startsWith('FAUXLM_')));
}

/** One license manager of a triad on this machine: `fauxlm serve` in a process of its own, which ends with us. */
export class TriadProcess {
  readonly #child: ChildProcess;
  /** Once it listens. */
  ready: ReadyFile | undefined;
  /** How the triad looks to it. */
  view: TriadView | undefined;
  readonly ended: Promise<MemberEnd>;

  /** `words` are those behind `fauxlm serve`; `changed` is told of news. */
  constructor(words: readonly string[], changed: () => void) {
    const script = fileURLToPath(new URL('./fauxlm.js', import.meta.url));
    const child = fork(script, ['serve', ...words, '--stop-with-parent'], {
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
      env: { ...withoutFlags(process.env), ...asParent },
    });
    this.#child = child;
    child.on('message', (told: Told) => {
      if (told.kind === 'ready') this.ready = told.ready;
      else this.view = told.view;
      changed();
    });
    this.ended = new Promise((resolve) => {
      child.once('error', () => resolve({ status: 1, signal: null }));
      child.once('exit', (status, signal) => resolve({ status, signal }));
    });
    void this.ended.then(changed);
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  get isRunning(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null;
  }

  stop(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }
}
