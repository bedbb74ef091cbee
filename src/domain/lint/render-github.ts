import type { Finding, Severity } from '../source.ts';
import { explained, type LintReport } from './report.ts';

const commands: Readonly<Record<Severity, string>> = {
  error: 'error',
  warning: 'warning',
  info: 'notice',
};

/**
 * Workflow commands that GitHub Actions shows as annotations of the files, one line a finding.
 * Source: GitHub Docs, "Workflow commands for GitHub Actions"; the escapes are those of its
 * toolkit.
 */
export function renderGithub(report: LintReport): string {
  return report.findings.map((finding) => `${renderCommand(finding)}\n`).join('');
}

function renderCommand(finding: Finding): string {
  const { file, line, column, endColumn, message, rule, severity } = finding;
  const properties = [
    `file=${escapeProperty(file)}`,
    `line=${line}`,
    `col=${column}`,
    // GitHub's last column is part of the range.
    ...(endColumn === undefined ? [] : [`endColumn=${Math.max(endColumn - 1, column)}`]),
    `title=${escapeProperty(rule)}`,
  ];
  const text = `${message}\n${explained(finding).fix}`;
  return `::${commands[severity]} ${properties.join(',')}::${escapeMessage(text)}`;
}

function escapeMessage(text: string): string {
  return text.replace(/%/g, '%25').replace(/\r/g, '%0D').replace(/\n/g, '%0A');
}

function escapeProperty(text: string): string {
  return escapeMessage(text).replace(/:/g, '%3A').replace(/,/g, '%2C');
}
