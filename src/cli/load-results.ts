import { writeWhole } from '../files/whole-file.ts';
import { bundleAsJson } from '../report/bundle.ts';
import { renderJunit } from '../report/junit.ts';
import { renderNdjson } from '../report/ndjson.ts';
import { renderPage } from '../report/page.ts';
import { renderResult } from '../report/result-table.ts';
import { exitOfVerdict, type Outcome, outcomeAsJson } from '../report/summary.ts';

/** Where results go. */
export interface ResultFiles {
  readonly bundle?: string | undefined;
  readonly 'json-file'?: string | undefined;
  readonly html?: string | undefined;
  readonly junit?: string | undefined;
  readonly ndjson?: string | undefined;
  readonly json: boolean;
}

const writers: Readonly<Record<Exclude<keyof ResultFiles, 'json'>, (outcome: Outcome) => string>> =
  {
    bundle: ({ bundle }) => `${JSON.stringify(bundleAsJson(bundle))}\n`,
    'json-file': (outcome) => `${JSON.stringify(outcomeAsJson(outcome), undefined, 1)}\n`,
    html: renderPage,
    junit: renderJunit,
    ndjson: renderNdjson,
  };

/**
 * Prints what a run came to, and writes what was asked for. Gives the exit status.
 * @throws KnownError FILE_UNREADABLE when a file cannot be written.
 */
export function tellOutcome(outcome: Outcome, files: ResultFiles): number {
  for (const [name, write] of Object.entries(writers)) {
    const path = files[name as keyof typeof writers];
    if (path !== undefined) writeWhole(path, write(outcome));
  }
  process.stdout.write(
    files.json ? `${JSON.stringify(outcomeAsJson(outcome))}\n` : renderResult(outcome),
  );
  return exitOfVerdict[outcome.verdict];
}
