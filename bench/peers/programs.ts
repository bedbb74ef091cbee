import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { createServer } from 'node:net';
import { delimiter, join } from 'node:path';
import { delay } from '../harness.ts';
import { PeerMissing } from './peer.ts';

/** How long a peer may take to answer at its port. */
const START_MS = 30_000;
/** What of a peer's own words is told when it ends early. */
const WORDS_MAX = 400;

/** Where `name` is among `folders` and on the PATH. @throws PeerMissing with the Debian package that has it */
export function programOf(name: string, debian: string, folders: readonly string[] = []): string {
  for (const folder of [...folders, ...(process.env['PATH'] ?? '').split(delimiter)]) {
    const path = join(folder, name);
    try {
      accessSync(path, constants.X_OK);
      return path;
    } catch {
      // The next folder.
    }
  }
  throw new PeerMissing(`no ${name} here: apt-get install ${debian}`);
}

/** A port that was free a moment ago: peers cannot be told to take one themselves and to say which. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });
}

/** A program that runs until it is stopped. */
export class Running {
  readonly #child: ChildProcess;
  readonly #ended: Promise<void>;
  #words = '';
  #isOver = false;

  constructor(program: string, args: readonly string[], options: RunningOptions = {}) {
    this.#child = spawn(program, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
    const keep = (chunk: Buffer): void => {
      this.#words = `${this.#words}${chunk}`.slice(-WORDS_MAX);
    };
    this.#child.stdout!.on('data', keep);
    this.#child.stderr!.on('data', keep);
    this.#ended = new Promise((resolve) => {
      const over = (): void => {
        this.#isOver = true;
        resolve();
      };
      this.#child.once('close', over);
      this.#child.once('error', (error) => {
        this.#words += error.message;
        over();
      });
    });
  }

  /** Resolves once `answers` does without throwing. @throws when the program ends first, or takes too long */
  async ready(answers: () => Promise<unknown>): Promise<void> {
    const until = performance.now() + START_MS;
    for (;;) {
      try {
        await answers();
        return;
      } catch (error) {
        if (this.#isOver || performance.now() > until) {
          await this.stop();
          throw new Error(`${(error as Error).message}; it said: ${this.#words}`);
        }
      }
      await delay(50);
    }
  }

  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
    if (!this.#isOver) this.#child.kill(signal);
    await this.#ended;
  }
}

export interface RunningOptions {
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  readonly uid?: number;
  readonly gid?: number;
}

/** Runs a program to its end and gives what it printed. */
export function outputOf(
  program: string,
  args: readonly string[],
  options: RunningOptions = {},
): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
    let text = '';
    let errors = '';
    child.stdout.on('data', (chunk: Buffer) => (text += chunk));
    child.stderr.on('data', (chunk: Buffer) => (errors += chunk));
    child.once('error', reject);
    child.once('close', (code) => {
      if (code === 0) resolve(text);
      else reject(new Error(`${program} ended with ${code}: ${errors.slice(-WORDS_MAX)}`));
    });
  });
}

/** The numbers of a system's user. @throws PeerMissing when there is none of that name */
export function userOf(name: string): { readonly uid: number; readonly gid: number } {
  try {
    const number = (flag: string): number =>
      Number(execFileSync('id', [flag, name], { stdio: ['ignore', 'pipe', 'ignore'] }).toString());
    return { uid: number('-u'), gid: number('-g') };
  } catch {
    throw new PeerMissing(`no user ${name} to run it as, and it does not run as root`);
  }
}
