import type { Finding } from '../domain/source.ts';
import type { Notice } from './server-config.ts';

/** Findings told at the start: a wrong file may have a thousand. */
const FINDINGS_TOLD_MAX = 10;

/** What a real daemon would ignore is served by nobody: better told than searched for. */
export function tellFindings(findings: readonly Finding[], notice: Notice): void {
  const errors = findings.filter(({ severity }) => severity === 'error');
  for (const { file, line, column, message, rule } of errors.slice(0, FINDINGS_TOLD_MAX)) {
    notice('license or options line at fault; see fauxlm lint', {
      at: `${file}:${line}:${column}`,
      message,
      rule,
    });
  }
}
