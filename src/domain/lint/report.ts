import type { Finding, Severity, SourceText } from '../source.ts';
import { lintRule } from './rules.ts';

/** Findings in the order in which they are shown, and the texts they point into. */
export interface LintReport {
  readonly findings: readonly Finding[];
  readonly sources: readonly SourceText[];
}

/** A finding together with what its row says. */
export interface ExplainedFinding extends Finding {
  readonly why: string;
  readonly fix: string;
  readonly source: string;
}

/** Joins a finding with its row; a rule without a row (there is none) has empty texts. */
export function explained(finding: Finding): ExplainedFinding {
  const rule = lintRule(finding.rule);
  return {
    ...finding,
    why: rule?.why ?? '',
    fix: finding.fix ?? rule?.fix ?? '',
    source: rule?.source ?? '',
  };
}

export interface LintSummary {
  readonly files: number;
  readonly errors: number;
  readonly warnings: number;
  readonly infos: number;
}

export function summaryOf({ findings, sources }: LintReport): LintSummary {
  const count = (severity: Severity): number =>
    findings.filter((finding) => finding.severity === severity).length;
  return {
    files: sources.length,
    errors: count('error'),
    warnings: count('warning'),
    infos: count('info'),
  };
}

/** Control and direction-changing characters of a file must not reach a terminal. */
export function printable(text: string): string {
  return text.replace(unprintable, '\ufffd');
}

const unprintable =
  /[\u0000-\u0008\u000a-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;
