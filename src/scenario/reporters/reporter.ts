import { isoStamp } from '../../base/local-time.ts';
import { renderProblem } from '../../documents/problems.ts';
import type { Failure, ScenarioResult, Summary, TimelineEntry } from '../results.ts';

/** Makes a text of results, piece by piece, in the order in which they come. */
export interface Reporter {
  begin(): string;
  result(result: ScenarioResult): string;
  end(summary: Summary): string;
}

/** Lines of a timeline that are shown with a failure: the last ones. */
const TIMELINE_MAX = 40;

/** Everything there is to say of a failure, in lines. */
export function failureLines(result: ScenarioResult): readonly string[] {
  const { failure, timeline } = result;
  if (failure === undefined) return [];
  const left = timeline.length - TIMELINE_MAX;
  const more = left > 0 ? [`  ... ${left} lines before`] : [];
  const shown = timeline.slice(-TIMELINE_MAX).map((entry) => `  ${timelineLine(entry)}`);
  return [
    ...missLines(failure),
    ...(failure.license === undefined ? [] : ['license:', ...indented(failure.license)]),
    ...(timeline.length === 0 ? [] : ['timeline:', ...more, ...shown]),
    ...(failure.explanation.length === 0 ? [] : ['explanation:', ...indented(failure.explanation)]),
  ];
}

/** Where, what was expected, what came instead. */
export function missLines({ place, step, expected, got, near }: Failure): readonly string[] {
  return [
    `${place.file}:${place.line}:${place.column}: ${step}`,
    `  expected: ${expected}`,
    ...`  got:      ${got}`.split('\n'),
    ...(near.length === 0 ? [] : ['  nearest:', ...near.map((line) => `    ${line}`)]),
  ];
}

function indented(lines: readonly string[]): readonly string[] {
  return lines.map((line) => (line === '' ? '' : `  ${line}`));
}

const marks: Readonly<Record<TimelineEntry['kind'], string>> = {
  step: '>',
  event: ' ',
  client: '!',
};

export function timelineLine({ at, kind, text, depth = 0 }: TimelineEntry): string {
  return `${isoStamp(at)} ${marks[kind]} ${'  '.repeat(depth)}${text}`;
}

/** The mistakes of a broken file, each with its line and a caret. */
export function problemTexts({ problems, sources }: ScenarioResult): readonly string[] {
  return problems.map((problem) => renderProblem(problem, sources?.get(problem.place.file)));
}

/** `3 passed, 1 failed`. */
export function countsText({ passed, failed, broken, skipped, left }: Summary): string {
  const parts = [
    `${passed} passed`,
    ...(failed > 0 ? [`${failed} failed`] : []),
    ...(broken > 0 ? [`${broken} with mistakes in the file`] : []),
    ...(skipped > 0 ? [`${skipped} skipped`] : []),
    ...(left > 0 ? [`${left} not run`] : []),
  ];
  return parts.join(', ');
}

/** Seconds with two places. */
export function secondsText(ms: number): string {
  return (ms / 1000).toFixed(2);
}
