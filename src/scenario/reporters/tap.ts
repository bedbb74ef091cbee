import type { ScenarioResult } from '../results.ts';
import { failureLines, problemTexts, type Reporter } from './reporter.ts';

/** The Test Anything Protocol, version 14: the plan comes last. */
export function tapReporter(): Reporter {
  let number = 0;
  return {
    begin: () => 'TAP version 14\n',
    result(result) {
      number++;
      const isOk = result.status === 'passed' || result.status === 'skipped';
      const skip = result.reason === undefined ? '' : ` # SKIP ${result.reason}`;
      const title = `${result.file}: ${result.name}`.replace(/([\\#])/g, '\\$1');
      return `${isOk ? '' : 'not '}ok ${number} - ${title}${skip}\n${isOk ? '' : diagnosis(result)}`;
    },
    end: ({ seed }) => `1..${number}\n# seed: ${seed}\n`,
  };
}

/** A YAML block, all of it one text. */
function diagnosis(result: ScenarioResult): string {
  const texts = [...failureLines(result), ...problemTexts(result)];
  const lines = texts.flatMap((text) => text.replace(/\n$/, '').split('\n'));
  return `  ---\n  message: |\n${lines.map((line) => `    ${line}\n`).join('')}  ...\n`;
}
