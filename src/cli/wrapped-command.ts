import { type ChildProcess, spawn } from 'node:child_process';
import { constants } from 'node:os';
import { systemReason } from '../files/system-reasons.ts';

/** Where signals come from: `process`, or a test's own emitter. */
export interface SignalSource {
  on(signal: NodeJS.Signals, listener: (signal: NodeJS.Signals) => void): unknown;
  off(signal: NodeJS.Signals, listener: (signal: NodeJS.Signals) => void): unknown;
}

/** Signals passed on to a wrapped command. Windows knows fewer. */
const forwarded: readonly NodeJS.Signals[] =
  process.platform === 'win32'
    ? ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGBREAK']
    : ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT', 'SIGUSR1', 'SIGUSR2', 'SIGWINCH', 'SIGCONT'];

/** A terminal sends these to every process in its foreground, so the command has them already. */
const sentByTerminal: ReadonlySet<NodeJS.Signals> = new Set(['SIGINT', 'SIGQUIT', 'SIGWINCH']);

/** Exit statuses of shells and of env(1) for a command that cannot be started. */
const NOT_EXECUTABLE = 126;
const NOT_FOUND = 127;

export interface WrappedCommandOptions {
  readonly signals: SignalSource;
  /** This process has a terminal that sends it signals. */
  readonly terminal: boolean;
  readonly err: (text: string) => void;
  /** Its environment; that of this process unless given. */
  readonly env?: NodeJS.ProcessEnv;
  /** Called once signals are passed on, before the command starts. */
  readonly starting?: () => void;
}

/**
 * Runs a command on our own standard streams, passes it the signals we get, and resolves with its
 * exit status: 128 and the signal's number when one killed it, 126 or 127 when it could not be
 * started.
 */
export async function runWrapped(
  words: readonly string[],
  { signals, terminal, err, env = process.env, starting }: WrappedCommandOptions,
): Promise<number> {
  const [command = '', ...rest] = words;
  let child: ChildProcess | undefined;
  const passOn = (signal: NodeJS.Signals): void => {
    if (!(terminal && sentByTerminal.has(signal))) child?.kill(signal);
  };
  // Before the command starts: from its first breath on, a signal to us is a signal to it.
  for (const signal of forwarded) signals.on(signal, passOn);
  try {
    starting?.();
    child = spawn(command, rest, { stdio: 'inherit', env });
    return await exitOf(child, command, err);
  } finally {
    for (const signal of forwarded) signals.off(signal, passOn);
  }
}

function exitOf(child: ChildProcess, command: string, err: (text: string) => void) {
  return new Promise<number>((resolve) => {
    child.once('error', (error: NodeJS.ErrnoException) => {
      // It may be a signal that could not be sent: then the command still runs.
      if (child.pid !== undefined) return;
      const missing = error.code === 'ENOENT';
      const got = missing ? 'not found' : systemReason(error);
      const hint = error.code === 'EACCES' ? '; a script needs chmod +x, or sh before it' : '';
      err(`fauxlm: ${command}: expected a command, got: ${got}${hint}\n`);
      resolve(missing ? NOT_FOUND : NOT_EXECUTABLE);
    });
    child.once('exit', (code, signal) => resolve(code ?? exitStatusOf(signal ?? 'SIGKILL')));
  });
}

/** 128 and the signal's number, as shells report it. */
export function exitStatusOf(signal: NodeJS.Signals): number {
  return 128 + constants.signals[signal];
}

/** Resolves with the first of `wanted` that comes. Keeps the process alive until then. */
export function nextSignal(
  wanted: readonly NodeJS.Signals[],
  signals: SignalSource,
  stop?: Promise<unknown>,
): Promise<NodeJS.Signals | undefined> {
  return new Promise((resolve) => {
    const awake = setInterval(() => {}, 2 ** 30);
    const finish = (signal?: NodeJS.Signals): void => {
      clearInterval(awake);
      for (const each of wanted) signals.off(each, finish);
      resolve(signal);
    };
    for (const each of wanted) signals.on(each, finish);
    void stop?.then(() => finish());
  });
}
