import { namesIn } from '../variables.ts';
import type { Step } from './replay.ts';

/** What a scenario file is written of. */
export interface ScenarioParts {
  readonly name: string;
  readonly about: string;
  /** `2026-03-09T09:05:07` */
  readonly clock: string;
  readonly license: string;
  /** Texts of options files, by vendor daemon. */
  readonly options: Readonly<Record<string, string>>;
  readonly steps: readonly Step[];
}

/** A scenario file, one step a line or two. */
export function scenarioText({
  name,
  about,
  clock,
  license,
  options,
  steps,
}: ScenarioParts): string {
  const optionLines = Object.entries(options).map(([vendor, text]) => {
    return `      ${scalar(vendor)}: ${block(text, 8)}`;
  });
  return [
    `name: ${scalar(name)}\n`,
    `about: ${scalar(about)}\n`,
    `clock: ${clock}\n`,
    ...varsLine({ name, about, license, options, steps }),
    `servers:\n  - license: ${block(license, 6)}`,
    ...(optionLines.length > 0 ? ['    options:\n', ...optionLines] : []),
    'steps:\n',
    ...steps.map(stepText),
  ].join('');
}

/**
 * What a log or a license file has between `${` and `}` is no variable of the scenario: each stands for itself.
 */
function varsLine(parts: Omit<ScenarioParts, 'clock'>): readonly string[] {
  const names = namesIn(JSON.stringify(parts));
  if (names.length === 0) return [];
  const pairs = names.map((each) => `${JSON.stringify(each)}: ${JSON.stringify(`\${${each}}`)}`);
  return [`vars: { ${pairs.join(', ')} }\n`];
}

function stepText(step: Step): string {
  return Object.entries(step)
    .map(([name, words], index) => `${index === 0 ? '  - ' : '    '}${name}: ${flow(words)}\n`)
    .join('');
}

/** On one line: `{ feature: solve, user: ann@ws1 }`. */
function flow(value: unknown): string {
  if (typeof value !== 'object' || value === null) return scalar(value);
  const pairs = Object.entries(value).map(([name, each]) => `${name}: ${flow(each)}`);
  return `{ ${pairs.join(', ')} }`;
}

/** Plain where nobody could take it for anything but this text; else as JSON has it, which YAML reads. */
function scalar(value: unknown): string {
  if (typeof value === 'number' || typeof value === 'boolean') return `${value}`;
  const text = String(value);
  const isPlain = /^[A-Za-z][\w./@+-]*( [\w./@+-]+)*$/.test(text);
  const isWord = /^(true|false|null|yes|no|on|off|y|n)$/i.test(text);
  // A version with a point stays as it is written; and durations.
  const isNumeric = /^\d{1,9}\.\d{1,9}$|^(\d+(w|d|h|ms|m|s))+$/.test(text);
  return (isPlain && !isWord) || isNumeric ? text : JSON.stringify(text);
}

/** A text of several lines; as JSON has it where indenting could change it. */
function block(text: string, indent: number): string {
  const lines = text.replaceAll('\r\n', '\n').split('\n');
  if (lines.at(-1) === '') lines.pop();
  const isSafe = lines.every(
    (line) =>
      !/^[ \t]|[\p{Cc}\u2028\u2029\ufeff]/u.test(line.replaceAll('\t', '')) &&
      !line.startsWith('\t'),
  );
  if (!isSafe || lines.length === 0) return `${JSON.stringify(`${lines.join('\n')}\n`)}\n`;
  const indented = lines.map((line) => (line === '' ? '' : ' '.repeat(indent) + line));
  return `|\n${indented.join('\n')}\n`;
}
