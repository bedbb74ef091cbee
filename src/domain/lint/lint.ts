import { limits } from '../../base/limits.ts';
import { clipped } from '../language/clipped.ts';
import type { Finding } from '../source.ts';
import type { AnyFile, LintInput, LintRule, Spot } from './model.ts';
import { lintRule, lintRules } from './rules.ts';
import { lintSubject } from './subject.ts';

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
  const subject = lintSubject(input);
  // By name: one options file may be that of two vendors, and a file may be given twice.
  const byFile = new Map<string, Finding[]>();
  const take = (file: AnyFile, ruled: readonly Finding[]): void => {
    const { name } = file.source;
    const found = byFile.get(name) ?? [];
    byFile.set(name, found);
    for (const finding of settled(file.findings, ruled)) found.push(finding);
  };
  for (const view of subject.licenses) {
    take(
      view.file,
      findingsIn(view.file, ({ license }) => license?.(view, subject)),
    );
  }
  for (const view of subject.options) {
    take(
      view.file,
      findingsIn(view.file, ({ options }) => options?.(view, subject)),
    );
  }
  return [...byFile.values()].flatMap((found) => bounded(distinct(inOrder(found))));
}

/** What all rules find in one file, in its text and in what `spotsOf` gives. */
function findingsIn(
  file: AnyFile,
  spotsOf: (rule: LintRule) => Iterable<Spot> | undefined,
): readonly Finding[] {
  return lintRules.flatMap((rule) => [
    ...shown(rule, spotsOf(rule) ?? []),
    ...shown(rule, rule.text?.(file) ?? []),
  ]);
}

/** The findings of one rule in one file: one more than are shown, to see that there are more. */
function shown(rule: LintRule, spots: Iterable<Spot>): readonly Finding[] {
  const found: Finding[] = [];
  for (const spot of spots) {
    found.push(findingOf(rule, spot));
    if (found.length > limits.findingsPerFileMax) break;
  }
  return found;
}

function findingOf(rule: LintRule, spot: Spot): Finding {
  const flexnetCode = spot.flexnetCode ?? rule.flexnetCode;
  return {
    rule: rule.id,
    severity: rule.severity,
    ...spot,
    message: clipped(spot.message),
    ...(spot.fix === undefined ? {} : { fix: clipped(spot.fix) }),
    ...(flexnetCode === undefined ? {} : { flexnetCode }),
  };
}

/** All findings, without those that another rule words better for the same place, or makes noise. */
function settled(parsed: readonly Finding[], ruled: readonly Finding[]): readonly Finding[] {
  const alone = ruled.find(({ rule }) => lintRule(rule)?.alone);
  if (alone) return [alone];
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

function placeOf({ line, column }: Finding): string {
  return `${line}\n${column}`;
}
