import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { Problem } from '../../src/documents/problems.ts';
import { loadScenario } from '../../src/scenario/loading.ts';
import type { ScenarioResult, Summary } from '../../src/scenario/results.ts';
import { runSuite, type SuiteOptions } from '../../src/scenario/suite.ts';

// As `fauxlm run` has it: times of the day are the same on every machine.
process.env['TZ'] = 'UTC';

/** The server on which the examples of docs/scenarios.md run. */
export const exampleServer = `name: example
servers:
  - name: main
    license: |
      SERVER this_host ANY
      VENDOR acmed
      INCREMENT solve acmed 2030.0 permanent 2 SIGN=00
      INCREMENT mesh acmed 2030.0 permanent 5 SIGN=00
`;

/** The triad on which examples run that need one. */
export const exampleTriad = `servers:
  - name: triad
    triad: true
    license: |
      SERVER one ANY 27001
      SERVER two ANY 27002
      SERVER three ANY 27003
      VENDOR acmed
      INCREMENT solve acmed 2030.0 permanent 2 SIGN=00
`;

export function makeFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'scenario-test-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Writes a file for this test, gives its path. */
export function makeFile(text: string, name = 'test.yaml'): string {
  const file = join(makeFolder(), name);
  writeFileSync(file, text);
  return file;
}

/** Writes files for this test, some in folders; gives the path of each by its name. */
export function makeFiles(files: Readonly<Record<string, string>>): (name: string) => string {
  const folder = makeFolder();
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  return (name) => join(folder, name);
}

export interface Ran {
  readonly results: readonly ScenarioResult[];
  readonly summary: Summary;
}

export async function runFiles(
  files: readonly string[],
  options: Partial<SuiteOptions> = {},
): Promise<Ran> {
  const results: ScenarioResult[] = [];
  const summary = await runSuite({
    ...{ files, jobs: 1, seed: 'test', bail: false, retry: 0 },
    told: (result) => results.push(result),
    ...options,
  });
  return { results, summary };
}

/** Steps on the server of the examples, or on others. */
export async function runSteps(
  steps: string,
  more = '',
  { servers = exampleServer, ...options }: Partial<SuiteOptions> & { servers?: string } = {},
): Promise<ScenarioResult> {
  const file = makeFile(`${servers}${more}steps:\n${indented(steps)}`);
  const { results } = await runFiles([file], options);
  return results[0]!;
}

export function indented(steps: string): string {
  return steps
    .replace(/^\n/, '')
    .split('\n')
    .map((line) => (line === '' ? '\n' : `  ${line}\n`))
    .join('');
}

export function problemsIn(text: string): readonly Problem[] {
  return loadScenario(makeFile(text)).problems;
}
