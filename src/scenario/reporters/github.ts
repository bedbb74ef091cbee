import type { ScenarioResult } from '../results.ts';
import { countsText, failureLines, type Reporter } from './reporter.ts';

/** Workflow commands that GitHub shows at the lines of the files. Source: GitHub's docs, "Workflow commands". */
export function githubReporter(): Reporter {
  return {
    begin: () => '',
    result(result) {
      const problems = result.problems.map(({ place, message }) =>
        annotation(place, 'mistake in a scenario file', message),
      );
      return [...problems, ...failed(result)].join('');
    },
    end: (summary) => `${countsText(summary)}\n`,
  };
}

function failed(result: ScenarioResult): readonly string[] {
  const { failure, name } = result;
  if (failure === undefined) return [];
  const [, ...lines] = failureLines(result);
  return [annotation(failure.place, name, [failure.step, ...lines].join('\n'))];
}

function annotation(
  { file, line, column }: { readonly file: string; readonly line: number; readonly column: number },
  title: string,
  message: string,
): string {
  const where = `file=${property(file)},line=${line},col=${column},title=${property(title)}`;
  return `::error ${where}::${escaped(message)}\n`;
}

function escaped(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function property(text: string): string {
  return escaped(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
