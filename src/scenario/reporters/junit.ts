import type { ScenarioResult, Summary } from '../results.ts';
import { failureLines, problemTexts, type Reporter, secondsText } from './reporter.ts';

/** JUnit's XML as CI servers read it: a suite a folder's file, a case a scenario. */
export function junitReporter(): Reporter {
  const cases: string[] = [];
  return {
    begin: () => '',
    result(result) {
      cases.push(caseXml(result));
      return '';
    },
    end: (summary) => documentXml(cases, summary),
  };
}

function documentXml(cases: readonly string[], summary: Summary): string {
  const { failed, broken, skipped, durationMs, seed } = summary;
  const counts = `tests="${cases.length}" failures="${failed}" errors="${broken}" skipped="${skipped}"`;
  const time = `time="${secondsText(durationMs)}"`;
  return `<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="fauxlm" ${counts} ${time}>
  <testsuite name="fauxlm run" ${counts} ${time}>
    <properties><property name="seed" value="${xml(seed)}"/></properties>
${cases.join('')}  </testsuite>
</testsuites>
`;
}

function caseXml(result: ScenarioResult): string {
  const { file, name, place, durationMs } = result;
  const names = `classname="${xml(suiteName(file))}" name="${xml(name)}"`;
  const where = `file="${xml(file)}" line="${place.line}" time="${secondsText(durationMs)}"`;
  const head = `    <testcase ${names} ${where}`;
  const inner = innerXml(result);
  return inner === '' ? `${head}/>\n` : `${head}>\n${inner}    </testcase>\n`;
}

/** `scenarios/ha/triad.yaml` is `scenarios.ha.triad`. */
function suiteName(file: string): string {
  return file
    .replace(/\.ya?ml$/i, '')
    .split(/[\\/]/)
    .filter((part) => !/^\.*$/.test(part))
    .join('.');
}

function innerXml(result: ScenarioResult): string {
  const { failure, problems, reason } = result;
  if (reason !== undefined) return `      <skipped message="${xml(reason)}"/>\n`;
  if (failure !== undefined) {
    const message = `expected ${failure.expected}, got ${failure.got}`;
    const text = failureLines(result).join('\n');
    return `      <failure message="${xml(message)}" type="expectation">${xml(text)}</failure>\n`;
  }
  if (problems.length === 0) return '';
  const message = `${problems.length} mistakes in the file`;
  return `      <error message="${message}" type="mistake">${xml(problemTexts(result).join(''))}</error>\n`;
}

/** XML 1.0 has no control characters, not even escaped. */
function xml(text: string): string {
  const clean = text.replace(/[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, '\uFFFD');
  const escapes: Readonly<Record<string, string>> = {
    '&': '&amp;',
    '<': '&lt;',
    '>': '&gt;',
    '"': '&quot;',
  };
  return clean.replace(/[&<>"]/g, (character) => escapes[character]!);
}
