import { type Outcome, outcomeAsJson, timesOf } from './summary.ts';

/** A line of JSON for each interval of a run, and one for the whole. */
export function renderNdjson(outcome: Outcome): string {
  const { record } = outcome.bundle;
  const { intervalMs } = record;
  const lines = record.intervals.map(({ response, ...counts }, index) => ({
    kind: 'interval',
    atMs: index * intervalMs,
    lengthMs: intervalMs,
    ...counts,
    ...(response.total === 0 ? {} : { response: timesOf(response) }),
  }));
  const { bundle: _, ...whole } = outcomeAsJson(outcome) as { bundle: unknown };
  return [...lines, { kind: 'result', ...whole }]
    .map((line) => `${JSON.stringify(line)}\n`)
    .join('');
}
