import { githubReporter } from './reporters/github.ts';
import { htmlReporter } from './reporters/html.ts';
import { junitReporter } from './reporters/junit.ts';
import { ndjsonReporter } from './reporters/ndjson.ts';
import type { Reporter } from './reporters/reporter.ts';
import { specReporter } from './reporters/spec.ts';
import { tapReporter } from './reporters/tap.ts';

/** Every way to tell results. To add one: a file in reporters/ and its row here. */
export const reporterTable = {
  spec: specReporter,
  junit: junitReporter,
  tap: tapReporter,
  github: githubReporter,
  ndjson: ndjsonReporter,
  html: htmlReporter,
} as const satisfies Record<string, () => Reporter>;

export type ReporterName = keyof typeof reporterTable;
