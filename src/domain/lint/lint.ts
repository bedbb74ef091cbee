import { limits } from '../../base/limits.ts';
import type { Finding } from '../source.ts';
import type { LintInput, LintRule, Spot } from './model.ts';
import { lintRule, lintRules } from './rules.ts';
import { type LintSubject, lintSubject } from './subject.ts';

export { lintLicensePath } from './license-path.ts';
export type { LintedOptions, LintInput } from './model.ts';

/**
 * Everything the parsers and the rules find in files that one license manager would read together,
 * in order of file, line and column. Rules that compare lines see all files; SERVER lines are
 * counted per file. At most limits.findingsPerFileMax findings a file. Time is linear in the size
 * of the files.
 * @throws KnownError USAGE if there is no such time zone.
 */
export function lint(input: LintInput): readonly Finding[] {
  const files = [...input.licenses, ...input.options.map(({ file }) => file)];
  const parsed = files.flatMap((file) => file.findings);
  const ruled = findingsOf(lintSubject(input));
  const byFile = new Map<string, Finding[]>(files.map(({ source }) => [source.name, []]));
  for (const finding of settled(parsed, ruled)) byFile.get(finding.file)?.push(clipped(finding));
  return [...byFile.values()].flatMap((findings) => bounded(distinct(inOrder(findings))));
}

/** Runs every rule; keeps per rule and file no more than would be shown. */
function findingsOf(subject: LintSubject): readonly Finding[] {
  const found: Finding[] = [];
  for (const rule of lintRules) {
    if (!rule.check) continue;
    const kept = new Map<string, number>();
    for (const spot of rule.check(subject)) {
      const count = kept.get(spot.file) ?? 0;
      // One more than is shown, so that `bounded` sees that there are more.
      if (count > limits.findingsPerFileMax) continue;
      kept.set(spot.file, count + 1);
      found.push(findingOf(rule, spot));
    }
  }
  return found;
}

function findingOf(rule: LintRule, spot: Spot): Finding {
  const flexnetCode = spot.flexnetCode ?? rule.flexnetCode;
  return {
    rule: rule.id,
    severity: rule.severity,
    ...spot,
    ...(flexnetCode === undefined ? {} : { flexnetCode }),
  };
}

/** All findings, without those that another rule words better for the same place. */
function settled(parsed: readonly Finding[], ruled: readonly Finding[]): readonly Finding[] {
  const byParser = new Set<string>();
  const byRule = new Set<string>();
  const instead = new Map(lintRules.map(({ id, insteadOf }) => [id, insteadOf ?? []]));
  for (const finding of ruled) {
    for (const other of instead.get(finding.rule) ?? []) {
      byParser.add(`${other}\n${placeOf(finding)}`);
      // A row may reword what the parser reports under its own id.
      if (other !== finding.rule) byRule.add(`${other}\n${placeOf(finding)}`);
    }
  }
  const stands = (given: ReadonlySet<string>) => (finding: Finding) =>
    !given.has(`${finding.rule}\n${placeOf(finding)}`);
  return [...parsed.filter(stands(byParser)), ...ruled.filter(stands(byRule))];
}

const ranks = { error: 0, warning: 1, info: 2 } as const;

function inOrder(findings: readonly Finding[]): readonly Finding[] {
  return [...findings].sort(
    (a, b) =>
      a.line - b.line ||
      a.column - b.column ||
      ranks[a.severity] - ranks[b.severity] ||
      (a.rule < b.rule ? -1 : Number(a.rule > b.rule)),
  );
}

/** Messages quote words of the file, and a word may be as long as a line. */
const MESSAGE_CHARACTERS_MAX = 400;

function clipped(finding: Finding): Finding {
  const { message, fix } = finding;
  return { ...finding, message: clip(message), ...(fix === undefined ? {} : { fix: clip(fix) }) };
}

function clip(text: string): string {
  const most = MESSAGE_CHARACTERS_MAX;
  return text.length <= most ? text : `${text.slice(0, most - 1)}…`;
}

/** A file that was given twice has everything twice. */
function distinct(findings: readonly Finding[]): readonly Finding[] {
  const seen = new Set<string>();
  return findings.filter((finding) => {
    const text = `${placeOf(finding)}\n${finding.rule}\n${finding.message}`;
    if (seen.has(text)) return false;
    seen.add(text);
    return true;
  });
}

/**
 * One file's findings, in order: of too many the worst are kept, so that no error hides behind a
 * thousand remarks, and where the first is left out it says so.
 */
function bounded(findings: readonly Finding[]): readonly Finding[] {
  const most = limits.findingsPerFileMax;
  if (findings.length <= most) return findings;
  const worstFirst = [...findings].sort((a, b) => weightOf(a) - weightOf(b));
  const dropped = inOrder(worstFirst.slice(most - 1));
  const { file, line, column } = dropped[0]!;
  const severity = dropped.some((finding) => finding.severity === 'error') ? 'error' : 'warning';
  const message = `expected at most ${most} findings, got at least ${dropped.length} more`;
  const rest: Finding = { rule: 'too-many-findings', severity, file, line, column, message };
  return inOrder([...worstFirst.slice(0, most - 1), rest]);
}

/** Smaller is worse. */
function weightOf({ rule, severity }: Finding): number {
  return lintRule(rule)?.stopsServer ? -1 : ranks[severity];
}

function placeOf({ file, line, column }: Finding): string {
  return `${file}\n${line}\n${column}`;
}
