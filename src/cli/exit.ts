import { KnownError } from '../base/errors.ts';

/** The exit statuses of `fauxlm`; a KnownError carries its own. Source: design, "Command line". */
export const exitStatus = { ok: 0, usage: 2, environment: 3, denied: 6, interrupted: 130 } as const;

/** Tells an error the way a user should see it, and gives the exit status. Only defects keep their stack. */
export function reportError(error: unknown, print: (text: string) => void): number {
  if (error instanceof KnownError) {
    print(`fauxlm: ${error.message}\n  ${error.hint} (${error.code})\n`);
    return error.exit;
  }
  const stack = error instanceof Error ? error.stack : String(error);
  print(`fauxlm: this is a defect of fauxlm, please report it\n${stack}\n`);
  return 70;
}

/**
 * Who reads our output may stop reading, and a disk may be full under it: neither ends a server. A reader that
 * went away is no error; what could not be written for another reason is told once, and is no success.
 */
export function surviveOutputErrors(): void {
  const { stdout, stderr } = process;
  stderr.on('error', () => {});
  let told = false;
  stdout.on('error', ({ code, message }: NodeJS.ErrnoException) => {
    if (told || code === 'EPIPE') return;
    told = true;
    const why = code === 'ENOSPC' ? 'no space left on the device' : message;
    stderr.write(`fauxlm: standard output: expected to write, got: ${why}\n`);
    process.on('exit', (status) => {
      if (status === exitStatus.ok) process.exitCode = exitStatus.environment;
    });
  });
}
