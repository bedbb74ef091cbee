import type { Argv } from 'yargs';

/** Examples for `--help`, each with what it is for above it: side by side, long ones break at 80 columns. */
export function withExamples<T>(
  yargs: Argv<T>,
  examples: readonly (readonly [command: string, purpose: string])[],
): Argv<T> {
  for (const [command, purpose] of examples) {
    yargs.example(`# ${purpose}`, '').example(`$0 ${command}`, '');
  }
  return yargs;
}
