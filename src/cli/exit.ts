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
