import { readFileSync } from 'node:fs';
import { networkInterfaces } from 'node:os';
import { localIdentity } from '../client/identity.ts';
import type { LmutilIo } from './io.ts';

/** What a process ends with whose output could not be written: -1, as a shell sees it. */
const UNWRITTEN_STATUS = 255;

/**
 * The real world. A reader that closes the pipe early (`lmstat | head`) is no error: what comes after that is
 * dropped. Output that cannot be written for another reason is told on standard error, and the status says so
 * whatever else came of the call. Nothing here calls process.exit, which would cut off output that is still on its way.
 */
export function processIo(): LmutilIo {
  const { stdout, env, platform } = process;
  let deserted = false;
  stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (!deserted && error.code !== 'EPIPE') tellUnwritten(error);
    deserted = true;
  });
  const home = env['HOME'] ?? env['USERPROFILE'];
  return {
    async print(text) {
      if (deserted || stdout.write(text)) return;
      await untilWritable(stdout);
    },
    get deserted() {
      return deserted;
    },
    // Standard error is opened only now: most runs never need it.
    complain: (text) => {
      process.stderr.on('error', () => {}).write(text);
    },
    async ask(question) {
      await this.print(question);
      return readLine();
    },
    now: () => Date.now(),
    env,
    platform,
    ...(home === undefined ? {} : { home }),
    identity: () => localIdentity(env),
    interfaces: networkInterfaces,
    systemFile,
  };
}

/** Late or early: the error may come when the tool has long ended, or before its own status is set. */
function tellUnwritten({ code, message }: NodeJS.ErrnoException): void {
  const why = code === 'ENOSPC' ? 'no space left on the device' : message;
  process.stderr
    .on('error', () => {})
    .write(`lmutil: standard output: expected to write, got: ${why}\n`);
  process.on('exit', () => {
    process.exitCode = UNWRITTEN_STATUS;
  });
}

/** Resolves when the stream takes more, or never will. */
function untilWritable(stream: NodeJS.WriteStream): Promise<void> {
  const events = ['drain', 'error', 'close'] as const;
  return new Promise((resolve) => {
    const settle = (): void => {
      for (const event of events) stream.off(event, settle);
      resolve();
    };
    for (const event of events) stream.on(event, settle);
  });
}

/** Latin-1, so that binary files come through. */
function systemFile(path: string): string | undefined {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return undefined;
  }
}

/** Characters of one answer. */
const ANSWER_MAX = 1_000;

/** What was read beyond the last answer: a pipe may bring several lines at once. */
let pending = '';

/** The next line of standard input; undefined when it has ended. */
function readLine(): Promise<string | undefined> {
  const { stdin } = process;
  stdin.setEncoding('utf8');
  return new Promise((resolve) => {
    const finish = (): void => {
      const end = pending.indexOf('\n');
      const line = end < 0 ? pending : pending.slice(0, end);
      pending = end < 0 ? '' : pending.slice(end + 1);
      stdin.off('data', take).off('end', finish).off('error', finish).pause();
      resolve(line === '' && end < 0 ? undefined : line.replace(/\r$/, ''));
    };
    const take = (chunk: string): void => {
      pending += chunk;
      if (pending.includes('\n') || pending.length > ANSWER_MAX) finish();
    };
    if (pending.includes('\n') || stdin.readableEnded) return finish();
    stdin.on('data', take).once('end', finish).once('error', finish).resume();
  });
}
