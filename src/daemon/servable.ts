import type { Finding } from '../domain/source.ts';

/** Findings for which a real license manager would not start, by lint rule id. */
const stopping = new Set(['two-servers']);

/** Whether a real license manager would refuse to start because of this. */
export function stopsServer(finding: Finding): boolean {
  return finding.severity === 'error' && stopping.has(finding.rule);
}
