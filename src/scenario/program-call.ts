import { spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { limits } from '../base/limits.ts';
import { ownPrograms } from './own-programs.ts';
import type { StandOutput } from './stand.ts';

/** How a program is called. */
export interface ProgramCall {
  /** A line for the shell, or a program and its arguments. */
  readonly run: string | readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
  /** On the machine's clock: a program knows no other. */
  readonly timeoutMs: number;
}

/** As shells tell a program that was not found, and one that was ended for taking too long (timeout(1)). */
const NOT_FOUND = 127;
const TOO_LONG = 124;

/** Runs a program to its end, or to that of its time. Its own children end with it. */
export function runProgram({ run, env, cwd, timeoutMs }: ProgramCall): Promise<StandOutput> {
  return new Promise((resolve) => {
    const [program, args] = typeof run === 'string' ? [run, []] : [run[0] ?? '', run.slice(1)];
    const isGroup = process.platform !== 'win32';
    const child = spawn(program, args, {
      cwd,
      env: { ...process.env, ...env },
      shell: typeof run === 'string',
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: isGroup,
    });
    const output = { out: '', err: '' };
    let tooLong = false;
    const end = (): void => {
      try {
        if (isGroup && child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
        else child.kill('SIGKILL');
      } catch {
        // All of them have ended by themselves.
      }
    };
    const timer = setTimeout(() => {
      tooLong = true;
      end();
    }, timeoutMs);
    for (const [name, stream] of [
      ['out', child.stdout],
      ['err', child.stderr],
    ] as const) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        if (output[name].length < limits.scenarioOutputMax) output[name] += text;
      });
    }
    child.on('error', ({ message }) => {
      clearTimeout(timer);
      resolve({ exit: NOT_FOUND, out: '', err: message });
    });
    child.on('close', (code) => {
      clearTimeout(timer);
      if (tooLong) output.err += `ended after ${timeoutMs} ms\n`;
      resolve({ exit: tooLong ? TOO_LONG : (code ?? 1), ...output });
    });
  });
}

/** A PATH on which our own lmutil, lmgrd and fauxlm come first. */
export function pathWithPrograms(folder: string): string {
  const bin = join(folder, 'bin');
  if (!existsSync(bin)) {
    mkdirSync(bin, { recursive: true });
    for (const [name, file] of Object.entries(ownPrograms())) {
      const script = `#!/bin/sh\nexec "${process.execPath}" "${file}" "$@"\n`;
      writeFileSync(join(bin, name), script);
      chmodSync(join(bin, name), 0o755);
    }
  }
  return `${bin}${delimiter}${process.env['PATH'] ?? ''}`;
}
