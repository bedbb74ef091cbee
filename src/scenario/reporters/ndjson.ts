import type { Reporter } from './reporter.ts';

/** A JSON object a line: each line of each timeline, each result, and the summary. */
export function ndjsonReporter(): Reporter {
  return {
    begin: () => '',
    result(result) {
      const { timeline, sources: _sources, ...rest } = result;
      const { file, name } = result;
      const lines = timeline.map((entry) => ({
        kind: 'happened',
        file,
        name,
        ...{ at: new Date(entry.at).toISOString(), what: entry.kind, text: entry.text },
        ...(entry.place === undefined ? {} : { line: entry.place.line }),
      }));
      return [...lines, { kind: 'result', ...rest }].map(line).join('');
    },
    end: (summary) => line({ kind: 'summary', ...summary }),
  };
}

function line(value: object): string {
  return `${JSON.stringify(value)}\n`;
}
