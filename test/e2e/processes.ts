import { type ChildProcess, spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

/** The built programs, run as a user runs them. `npm test` builds them first. */
export const programs = {
  fauxlm: 'dist/cli/fauxlm.js',
  lmutil: 'dist/lmutil.cjs',
  lmgrd: 'dist/cli/lmgrd.js',
} as const;

export interface Ended {
  readonly status: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly out: string;
  readonly err: string;
}

/** A clean environment: the machine's own license variables must not reach a test. */
export function environment(more: Record<string, string> = {}): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(
    ([name]) => !/_LICENSE_FILE$|^FAUXLM_/.test(name),
  );
  return { ...Object.fromEntries(kept), NO_COLOR: '1', ...more };
}

/** Runs a program to its end. */
export function run(
  program: keyof typeof programs,
  words: readonly string[],
  { env = {}, input }: { env?: Record<string, string>; input?: string } = {},
): Promise<Ended> {
  const child = spawn(process.execPath, [programs[program], ...words], { env: environment(env) });
  if (input !== undefined) child.stdin.end(input);
  else child.stdin.end();
  return ended(child);
}

export function ended(child: ChildProcess): Promise<Ended> {
  let out = '';
  let err = '';
  child.stdout?.on('data', (chunk) => {
    out += chunk;
  });
  child.stderr?.on('data', (chunk) => {
    err += chunk;
  });
  return new Promise((done) => {
    child.on('close', (status, signal) => done({ status, signal, out, err }));
  });
}

/** A folder of its own for a test; `[Symbol.dispose]` removes it. */
export class Folder {
  readonly path = mkdtempSync(join(tmpdir(), 'fauxlm-test-'));

  file(name: string, text: string): string {
    const path = join(this.path, name);
    writeFileSync(path, text);
    return path;
  }

  /** One of our programs by its name, as where the package is installed. */
  program(name: keyof typeof programs): string {
    return this.script(name, `exec "${process.execPath}" "${resolve(programs[name])}" "$@"`);
  }

  script(name: string, text: string): string {
    const path = this.file(name, `#!/bin/sh\n${text}\n`);
    chmodSync(path, 0o755);
    return path;
  }

  at(name: string): string {
    return join(this.path, name);
  }

  [Symbol.dispose](): void {
    rmSync(this.path, { recursive: true, force: true });
  }
}

export interface ReadyFile {
  readonly address: string;
  readonly port: number;
  readonly pid: number;
  readonly http?: string;
  readonly vendors: readonly {
    readonly name: string;
    readonly port: number;
    readonly pid: number;
  }[];
}

/** A `fauxlm serve` (or other program) in a process of its own, ready. */
export class Server {
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
  readonly ready: ReadyFile;
  /** Path of the ready file. */
  readonly readyFile: string;

  private constructor(child: ChildProcess, over: Promise<Ended>, readyFile: string) {
    this.child = child;
    this.ended = over;
    this.readyFile = readyFile;
    this.ready = this.readAgain();
  }

  /** What the ready file says now. */
  readAgain(): ReadyFile {
    return JSON.parse(readFileSync(this.readyFile, 'utf8')) as ReadyFile;
  }

  static async start(
    folder: Folder,
    words: readonly string[],
    env: Record<string, string> = {},
    port = 0,
  ): Promise<Server> {
    const readyFile = folder.at(`ready-${process.hrtime.bigint()}.json`);
    const all = ['serve', ...words, '--port', String(port), '--ready-file', readyFile];
    const child = spawn(process.execPath, [programs.fauxlm, ...all], { env: environment(env) });
    const over = ended(child);
    await new Promise<void>((resolve, reject) => {
      child.stdout!.once('data', () => resolve());
      void over.then(({ status, err }) => reject(new Error(`ended with ${status}: ${err}`)));
    });
    return new Server(child, over, readyFile);
  }

  async stop(): Promise<Ended> {
    this.child.kill('SIGTERM');
    return this.ended;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.child.kill('SIGKILL');
    await this.ended;
  }
}

/** Waits until `holds`, looking each few milliseconds; the runner's own time limit is the only bound. */
export async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await holds())) await new Promise((done) => setTimeout(done, 10));
}

export function alive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

export function textOf(path: string): string {
  return existsSync(path) ? readFileSync(path, 'utf8') : '';
}

export const acme = [
  'SERVER this_host ANY',
  'VENDOR acmed',
  'VENDOR betad',
  'USE_SERVER',
  'INCREMENT solve acmed 2.0 permanent 3 SIGN=00',
  'INCREMENT view betad 1.0 permanent 7 SIGN=00',
  '',
].join('\n');
