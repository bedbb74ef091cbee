import type { Finding } from '../source.ts';
import { excerpt, physicalLines } from './excerpt.ts';
import { explained, type LintReport, printable, summaryOf } from './report.ts';

const PROSE_COLUMNS = 96;

/**
 * For people: each finding as `file:line:column: severity: message [rule]`, the line with carets,
 * and, the first time a rule speaks, why it matters and what to do. A summary line ends it.
 */
export function renderText(report: LintReport): string {
  const told = new Set<string>();
  const lines = linesByFile(report);
  const blocks = report.findings.map((finding) => {
    const first = !told.has(finding.rule);
    told.add(finding.rule);
    const line = lines.get(finding.file)?.get(finding.line);
    return renderFinding(finding, line, first);
  });
  return [...blocks, `${renderSummary(report)}\n`].join('\n');
}

function linesByFile({
  findings,
  sources,
}: LintReport): ReadonlyMap<string, ReadonlyMap<number, string>> {
  const numbers = new Map<string, Set<number>>();
  for (const { file, line } of findings) {
    const set = numbers.get(file);
    if (set) set.add(line);
    else numbers.set(file, new Set([line]));
  }
  return new Map(
    sources.map((source) => [
      source.name,
      physicalLines(source, numbers.get(source.name) ?? new Set()),
    ]),
  );
}

function renderFinding(finding: Finding, line: string | undefined, first: boolean): string {
  const { why, fix, flexnetCode } = explained(finding);
  const { file, severity, message, rule } = finding;
  const code = flexnetCode === undefined ? '' : `, FlexNet error ${flexnetCode}`;
  const head =
    `${file}:${finding.line}:${finding.column}: ${severity}: ${message} ` + `[${rule}${code}]`;
  return [
    printable(head),
    ...(line === undefined ? [] : renderExcerpt(finding, line)),
    ...(first ? prose('why: ', why) : []),
    ...(first || finding.fix !== undefined ? prose('fix: ', printable(fix)) : []),
    '',
  ].join('\n');
}

function renderExcerpt(finding: Finding, line: string): readonly string[] {
  const number = String(finding.line).padStart(6);
  const [source, carets] = excerpt(line, finding);
  return [`${number} | ${source}`.trimEnd(), `${' '.repeat(number.length)} | ${carets}`];
}

/** Breaks a paragraph at its blanks and indents what follows under its label. */
function prose(label: string, text: string): readonly string[] {
  const indent = ' '.repeat(4);
  const lines: string[] = [];
  let line = indent + label;
  let empty = true;
  for (const word of text.split(' ')) {
    if (!empty && line.length + 1 + word.length > PROSE_COLUMNS) {
      lines.push(line);
      line = indent + ' '.repeat(label.length);
      empty = true;
    }
    line += empty ? word : ` ${word}`;
    empty = false;
  }
  return [...lines, line];
}

function renderSummary(report: LintReport): string {
  const { files, errors, warnings, infos } = summaryOf(report);
  const counts = [
    plural(errors, 'error'),
    plural(warnings, 'warning'),
    ...(infos > 0 ? [plural(infos, 'remark')] : []),
  ];
  return `${counts.join(', ')} in ${plural(files, 'file')}`;
}

function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
