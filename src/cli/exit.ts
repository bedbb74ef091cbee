import { KnownError } from '../base/errors.ts';
import { shortOfDescriptors } from '../daemon/descriptors.ts';

/** The exit statuses of `fauxlm`; a KnownError carries its own. Source: design, "Command line". */
export const exitStatus = { ok: 0, usage: 2, environment: 3, denied: 6, interrupted: 130 } as const;

/** Tells an error the way a user should see it, and gives the exit status. Only defects keep their stack. */
export function reportError(error: unknown, print: (text: string) => void): number {
  const known = error instanceof KnownError ? error : shortOfDescriptors(error);
  if (known !== undefined) {
    print(`fauxlm: ${known.message}\n  ${known.hint} (${known.code})\n`);
    return known.exit;
  }
  const stack = error instanceof Error ? error.stack : String(error);
  print(`fauxlm: this is a defect of fauxlm, please report it\n${stack}\n`);
  return 70;
}

/**
 * A program's own code, which Node reads before a word of it runs: many files at once, for which the limit on open
 * files may be too low. Then the process ends here with the error a user should see.
 */
export async function started<T>(load: () => Promise<T>): Promise<T> {
  surviveOutputErrors();
  try {
    return await load();
  } catch (error) {
    process.exit(await toldFailure(error));
  }
}

/** What a server in the background tells its launcher when it does not serve. */
export interface Failure {
  readonly failed: string;
  readonly status: number;
}

/** Tells an error to who launched us, else on standard error; gives the exit status. */
export async function toldFailure(error: unknown): Promise<number> {
  let failed = '';
  const status = reportError(error, (part) => {
    failed += part;
  });
  if (process.connected) {
    await new Promise((sent) => process.send!({ failed, status } satisfies Failure, sent));
    if (process.connected) process.disconnect();
  } else await new Promise<unknown>((written) => process.stderr.write(failed, written));
  return status;
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
