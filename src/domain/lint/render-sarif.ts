import type { Finding, Severity } from '../source.ts';
import { explained, type LintReport } from './report.ts';
import { lintRules } from './rules.ts';

const levels: Readonly<Record<Severity, string>> = {
  error: 'error',
  warning: 'warning',
  info: 'note',
};

/**
 * A SARIF 2.1.0 log with one run, for code-scanning services. The rules that speak are described in
 * the driver; file names become URI references.
 * Source: OASIS, "Static Analysis Results Interchange Format (SARIF) Version 2.1.0".
 */
export function renderSarif(report: LintReport, toolVersion?: string): string {
  const spoken = new Set(report.findings.map(({ rule }) => rule));
  const rules = lintRules.filter(({ id }) => spoken.has(id));
  const indexes = new Map(rules.map(({ id }, index) => [id, index]));
  const log = {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'fauxlm lint',
            ...(toolVersion === undefined ? {} : { version: toolVersion }),
            rules: rules.map(describe),
          },
        },
        columnKind: 'utf16CodeUnits',
        results: report.findings.map((finding) => resultOf(finding, indexes.get(finding.rule))),
      },
    ],
  };
  return `${JSON.stringify(log, null, 2)}\n`;
}

function describe(rule: (typeof lintRules)[number]): object {
  return {
    id: rule.id,
    shortDescription: { text: rule.summary },
    fullDescription: { text: rule.why },
    help: { text: rule.fix },
    defaultConfiguration: { level: levels[rule.severity] },
    properties: {
      source: rule.source,
      ...(rule.flexnetCode === undefined ? {} : { flexnetCode: rule.flexnetCode }),
    },
  };
}

function resultOf(finding: Finding, ruleIndex: number | undefined): object {
  const { rule, severity, file, line, column, endColumn } = finding;
  return {
    ruleId: rule,
    ...(ruleIndex === undefined ? {} : { ruleIndex }),
    level: levels[severity],
    message: { text: `${finding.message}. ${explained(finding).fix}` },
    locations: [
      {
        physicalLocation: {
          artifactLocation: { uri: uriOf(file) },
          region: {
            startLine: line,
            startColumn: column,
            ...(endColumn === undefined ? {} : { endColumn }),
          },
        },
      },
    ],
  };
}

/** A relative reference for a relative name, a file: URI for an absolute one, POSIX or Windows. */
function uriOf(file: string): string {
  const path = file.replace(/\\/g, '/').replace(/\p{Cs}/gu, '\ufffd');
  const encoded = path.split('/').map(encodeURIComponent).join('/');
  if (path.startsWith('/')) return `file://${encoded}`;
  const drive = /^([A-Za-z])%3A\//.exec(encoded)?.[1];
  return drive === undefined ? encoded : `file:///${drive}:${encoded.slice(4)}`;
}
