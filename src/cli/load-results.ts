import { writeWhole } from '../files/whole-file.ts';
import { bundleAsJson } from '../report/bundle.ts';
import { renderJunit } from '../report/junit.ts';
import { renderNdjson } from '../report/ndjson.ts';
import { renderPage } from '../report/page.ts';
import { renderResult } from '../report/result-table.ts';
import { exitOfVerdict, type Outcome, outcomeAsJson } from '../report/summary.ts';
import { checkOutputs } from './output-files.ts';

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

type Form = keyof typeof writers;

const forms = Object.keys(writers) as readonly Form[];

/** Looks at the files of the results before a run begins. @throws as `checkOutputs` does */
export function checkResultFiles(files: Partial<ResultFiles>): void {
  checkOutputs(Object.fromEntries(forms.map((form) => [`--${form}`, files[form]])));
}

/**
 * Prints what a run came to, and writes what was asked for. Gives the exit status. A file that cannot be written takes
 * none of the others along.
 * @throws KnownError FILE_UNREADABLE for the first file that could not be written, when all else is done
 */
export function tellOutcome(outcome: Outcome, files: ResultFiles): number {
  process.stdout.write(
    files.json ? `${JSON.stringify(outcomeAsJson(outcome))}\n` : renderResult(outcome),
  );
  const failures: unknown[] = [];
  for (const form of forms) {
    const path = files[form];
    try {
      if (path !== undefined) writeWhole(path, writers[form](outcome));
    } catch (cause) {
      failures.push(cause);
    }
  }
  if (failures.length > 0) throw failures[0];
  return exitOfVerdict[outcome.verdict];
}
