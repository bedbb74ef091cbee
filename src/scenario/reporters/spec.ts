import { printable } from '../../text/wording.ts';
import type { ScenarioResult } from '../results.ts';
import { countsText, failureLines, problemTexts, type Reporter, secondsText } from './reporter.ts';

/** For people: a line a scenario, and all there is to say of those that failed. */
export function specReporter(): Reporter {
  return {
    begin: () => '',
    result: resultText,
    end(summary) {
      const again = summary.failed > 0 ? `seed: ${summary.seed} (--seed repeats it)\n` : '';
      const written = summary.written.map((file) => `recorded ${printable(file)}\n`).join('');
      return `${written}\n${countsText(summary)} in ${secondsText(summary.durationMs)} s\n${again}`;
    },
  };
}

function resultText(result: ScenarioResult): string {
  const { status, durationMs } = result;
  const [name, file] = [printable(result.name), printable(result.file)];
  switch (status) {
    case 'passed':
      return `ok    ${file}: ${name} (${Math.round(durationMs)} ms${triesText(result)})\n`;
    case 'failed':
      return `FAIL  ${file}: ${name}\n${block(failureLines(result))}`;
    case 'skipped':
      return `skip  ${file}: ${name} (${printable(result.reason ?? '')})\n`;
    case 'broken':
      return `WRONG ${file}\n${problemTexts(result).join('')}`;
  }
}

/** What only passes at a second try is not steady. */
function triesText({ tries }: ScenarioResult): string {
  return tries === undefined ? '' : `, try ${tries}`;
}

function block(lines: readonly string[]): string {
  return lines.map((line) => (line === '' ? '\n' : `      ${printable(line)}\n`)).join('');
}
