import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = fileURLToPath(new URL('.', import.meta.url));

/** Clients in a process of their own, so that the bench's own event loop is not what limits them. */
export class Crew {
  readonly #child: ChildProcess;
  readonly #ended: Promise<void>;

  private constructor(child: ChildProcess) {
    this.#child = child;
    this.#ended = new Promise((resolve) => child.once('close', () => resolve()));
  }

  /** Starts `script` of this folder; resolves at its first word, when all its clients are there. */
  static start(script: string, words: readonly number[]): Promise<Crew> {
    const child = spawn(process.execPath, [join(here, script), ...words.map(String)], {
      stdio: ['pipe', 'pipe', 'inherit', 'ipc'],
    });
    const crew = new Crew(child);
    return new Promise((resolve, reject) => {
      child.once('exit', (code) => reject(new Error(`${script} ended with ${code}`)));
      child.stdout!.once('data', () => resolve(crew));
    });
  }

  /** Tells it to begin what it begins at a line of input. */
  begin(): void {
    this.#child.stdin!.write('\n');
  }

  /** Ends it; resolves when it is gone. */
  end(): Promise<void> {
    this.#child.kill('SIGKILL');
    return this.#ended;
  }
}
