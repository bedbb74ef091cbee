import type { ExpectationRow } from './expectation-row.ts';
import { denied, granted, queued } from './expectations/answers.ts';
import { ended, started } from './expectations/jobs.ts';
import { thresholds } from './expectations/loads.ts';
import { metrics } from './expectations/metrics.ts';
import { contains, errors, exit, files, lacks, matches, recorded } from './expectations/outputs.ts';
import { counts, journal, log } from './expectations/records.ts';
import { refused } from './expectations/starts.ts';
import { holds, inUse, reserved, waiting } from './expectations/state.ts';

/** Every kind of expectation. To add one: a row here, its example in docs/scenarios.md. */
export const expectationTable: Readonly<Record<string, ExpectationRow>> = {
  granted,
  denied,
  queued,
  exit,
  contains,
  lacks,
  matches,
  recorded,
  errors,
  files,
  refused,
  started,
  ended,
  thresholds,
  inUse,
  waiting,
  reserved,
  holds,
  journal,
  counts,
  metrics,
  log,
};
