import { explained, type LintReport, summaryOf } from './report.ts';

/**
 * For programs: `{ findings, summary }`, each finding with its rule's `why`, `fix` and `source`.
 * Lines and columns count from 1, columns in UTF-16 units, `endColumn` one past the last.
 */
export function renderJson(report: LintReport): string {
  const findings = report.findings.map(explained);
  return `${JSON.stringify({ findings, summary: summaryOf(report) }, null, 2)}\n`;
}
