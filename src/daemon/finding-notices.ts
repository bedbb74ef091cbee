import type { Finding } from '../domain/source.ts';
import { notEmulated } from './options-complaints.ts';
import type { Notice } from './server-config.ts';

/** Findings told at the start: a wrong file may have a thousand. */
const FINDINGS_TOLD_MAX = 10;

const texts = {
  fault: 'license or options line at fault; see fauxlm lint',
  unemulated: 'options line about what is not emulated',
} as const;

/**
 * What a real daemon would ignore is served by nobody, and what we ignore is obeyed by a real one: better told than
 * searched for. After a reread only what was not told of `before`.
 */
export function tellFindings(
  findings: readonly Finding[],
  notice: Notice,
  before: readonly Finding[] = [],
): void {
  const old = new Set(before.map(keyOf));
  const news = findings.filter((finding) => !old.has(keyOf(finding)));
  tell(news.filter(({ severity }) => severity === 'error'));
  tell(news.filter(({ rule }) => rule === notEmulated));

  function tell(all: readonly Finding[]): void {
    for (const { file, line, column, message, rule } of all.slice(0, FINDINGS_TOLD_MAX)) {
      const details = { at: `${file}:${line}:${column}`, message, rule };
      if (rule === notEmulated) notice(texts.unemulated, details, 'info');
      else notice(texts.fault, details);
    }
  }
}

function keyOf({ file, line, rule, message }: Finding): string {
  return JSON.stringify([file, line, rule, message]);
}
