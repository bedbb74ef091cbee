import { type ChildProcess, spawn } from 'node:child_process';
import { type ErrorCode, errorCodes, KnownError } from '../base/errors.ts';
import { limits } from '../base/limits.ts';
import { asParent } from '../daemon/parent-process.ts';
import { ownPrograms } from './own-programs.ts';

/** What `fauxlm serve --json` prints when it serves. */
interface Ready {
  readonly port: number;
  readonly http: string;
  readonly vendors: readonly { readonly name: string; readonly port: number }[];
}

/** A running `fauxlm serve`, which ends with this process. */
export interface ServerProcess extends Ready {
  readonly child: ChildProcess;
  /** Resolves when it has ended, with its exit status. */
  readonly ended: Promise<number>;
}

/** Those that run: one listener for all of them, however many. */
const running = new Set<ChildProcess>();
function endAll(): void {
  for (const child of running) child.kill('SIGKILL');
}

/** A server that does not start in so long hangs. */
const START_MS_MAX = 60_000;

/**
 * Starts `fauxlm serve` with these words in a folder; resolves when it serves.
 * @throws KnownError with the code and the words it ended with
 */
export function startServerProcess(
  words: readonly string[],
  folder: string,
): Promise<ServerProcess> {
  const flags = ['--json', '--stop-with-parent', '--log-level', 'silent'];
  const child = spawn(process.execPath, [ownPrograms().fauxlm, 'serve', ...words, ...flags], {
    cwd: folder,
    env: environment(),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  if (running.size === 0) process.once('exit', endAll);
  running.add(child);
  const ended = new Promise<number>((resolve) => {
    child.once('error', () => resolve(1));
    child.once('close', (code) => {
      running.delete(child);
      if (running.size === 0) process.off('exit', endAll);
      resolve(code ?? 0);
    });
  });
  return new Promise((resolve, reject) => {
    const said = { out: '', err: '' };
    const late = setTimeout(() => child.kill('SIGKILL'), START_MS_MAX);
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      if (said.err.length < limits.scenarioOutputMax) said.err += text;
    });
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      said.out += text;
      const end = said.out.indexOf('\n');
      if (end < 0) return;
      clearTimeout(late);
      child.stdout.removeAllListeners('data').resume();
      resolve({ ...(JSON.parse(said.out.slice(0, end)) as Ready), child, ended });
    });
    void ended.then((code) => {
      clearTimeout(late);
      reject(startError(said.err, code));
    });
  });
}

/** What a caller has set for servers of its own is not for ours; times are the same on every machine. */
function environment(): NodeJS.ProcessEnv {
  const own = Object.entries(process.env).filter(([name]) => !name.startsWith('FAUXLM_'));
  return { ...Object.fromEntries(own), ...asParent, TZ: 'UTC', NO_COLOR: '1' };
}

/** `fauxlm: MESSAGE` and a hint with the code behind it, as `fauxlm serve` ends. */
function startError(text: string, code: number): KnownError {
  const [, message, name] = /fauxlm: (.*)\n {2}.*\(([A-Z_]+)\)\n?$/s.exec(text) ?? [];
  if (message !== undefined && name !== undefined && Object.hasOwn(errorCodes, name)) {
    return new KnownError(name as ErrorCode, message);
  }
  const last = text.trim().split('\n').at(-1) ?? '';
  const got = `exit status ${code}${last === '' ? '' : `: ${last}`}`;
  return new KnownError('NET_UNREACHABLE', `expected a server process that serves, got ${got}`);
}
