import { printable } from '../text/wording.ts';
import type { Place } from './places.ts';

/** A mistake in a file that people write. */
export interface Problem {
  readonly place: Place;
  /** `expected ..., got ...`. */
  readonly message: string;
}

/** Characters of a line that are shown; the mistake stands in them. */
const EXCERPT_MAX = 100;

/** `FILE:LINE:COLUMN: MESSAGE`, the line, and a caret under the mistake. */
export function renderProblem({ place, message }: Problem, text: string | undefined): string {
  const { file, line, column } = place;
  const head = `${file}:${line}:${column}: ${printable(message)}\n`;
  const source = text?.split('\n')[line - 1]?.replace(/\r$/, '');
  if (source === undefined) return head;
  const start = Math.max(0, column - EXCERPT_MAX);
  const shown = source.slice(start, start + EXCERPT_MAX).replaceAll('\t', ' ');
  const number = `${line}`;
  const margin = ' '.repeat(number.length);
  return `${head}  ${number} | ${printable(shown)}\n  ${margin} | ${' '.repeat(column - 1 - start)}^\n`;
}

/** In order of place, each once: rows of a matrix repeat what is wrong for all of them. */
export function sortedProblems(problems: readonly Problem[]): readonly Problem[] {
  const seen = new Map<string, Problem>();
  for (const problem of problems) {
    const { file, line, column } = problem.place;
    seen.set(`${file}:${line}:${column}:${problem.message}`, problem);
  }
  return [...seen.values()].sort((a, b) => {
    const byFile = a.place.file < b.place.file ? -1 : a.place.file > b.place.file ? 1 : 0;
    return byFile || a.place.line - b.place.line || a.place.column - b.place.column;
  });
}
