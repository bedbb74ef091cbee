import { lintRule } from '../domain/lint/rules.ts';
import type { Finding } from '../domain/source.ts';

/** Whether a real license manager would not come up because of this: a property of the lint rule. */
export function stopsServer(finding: Finding): boolean {
  return finding.severity === 'error' && lintRule(finding.rule)?.stopsServer === true;
}
