import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parseLicenseFile } from '../../../src/domain/license/parse.ts';
import { lint } from '../../../src/domain/lint/lint.ts';
import { renderGithub } from '../../../src/domain/lint/render-github.ts';
import { renderJson } from '../../../src/domain/lint/render-json.ts';
import { renderSarif } from '../../../src/domain/lint/render-sarif.ts';
import { renderText } from '../../../src/domain/lint/render-text.ts';
import { lintRule } from '../../../src/domain/lint/rules.ts';
import { parseOptionsFile } from '../../../src/domain/options/parse.ts';
import type { Finding } from '../../../src/domain/source.ts';
import { decodeText } from '../../../src/domain/text-encoding.ts';
import { monday } from '../../make.ts';
import { ruleIds } from './make.ts';

/** Real files with true defects, and the errors they have. All others must have none. */
const defects: Readonly<Record<string, readonly string[]>> = {
  // Written by a French Windows.
  'autodesk-localised-month-janv.lic': ['bad-date'],
  // Lists of single lines, good ones and bad ones, put into one file.
  'licscanner-lines-accepted.lic': [
    'counted-without-server',
    'port-clash',
    'too-many-servers',
    'vendor-missing',
    'bad-version',
    'stray-word',
    'bad-date',
    'duplicate-attribute',
  ],
  'licscanner-lines-rejected.lic': [
    'missing-field',
    'port-clash',
    'triad-port-missing',
    'triad-same-host',
    'unterminated-quote',
    'vendor-missing',
    'bad-attribute-value',
  ],
  'licscanner-lines-accepted.opt': ['options-syntax'],
  'licscanner-lines-rejected.opt': [
    'options-syntax',
    'options-unknown-keyword',
    'options-unknown-group',
  ],
  // Samples without their SERVER lines.
  'node-flexlm-example-older.lic': ['counted-without-server'],
  'node-flexlm-example-trailing-comments.lic': ['counted-without-server'],
  'vantage-ansys-two-servers.lic': ['two-servers'],
  'vantage-options-keywords-inside-license.lic': [
    'counted-without-server',
    'options-keyword-in-license',
    'timeout-on-feature',
    'vendor-missing',
  ],
  // Templates and notes: a comment was not marked, a name has blanks.
  'mlm-all-commented-one-odd-include.opt': ['options-syntax'],
  'mlm-installer-template-crlf.opt': ['options-syntax'],
  'mlm-template-project-internet-display.opt': ['options-syntax'],
};

const corpus = new URL('../../../../shared/corpus/', import.meta.url);
const here = existsSync(corpus);
if (!here) console.log('skipped: linting real files needs the corpus beside the repository');

function lintReal(folder: string, name: string) {
  const source = decodeText(name, readFileSync(new URL(`${folder}/${name}`, corpus)));
  const options = folder === 'options-files';
  const findings = lint({
    licenses: options ? [] : [parseLicenseFile(source)],
    options: options ? [{ file: parseOptionsFile(source) }] : [],
    now: monday,
    timeZone: 'UTC',
  });
  return { findings, sources: [source] };
}

const errorsIn = (findings: readonly Finding[]) =>
  ruleIds(findings.filter(({ severity }) => severity === 'error'));

describe.skipIf(!here)(`real files${here ? '' : ' (no corpus here)'}`, () => {
  const files = ['license-files', 'options-files'].flatMap((folder) =>
    (here ? readdirSync(new URL(`${folder}/`, corpus)) : []).map((name) => [folder, name] as const),
  );

  test.each(files)('%s/%s has no error but its own', (folder, name) => {
    const report = lintReal(folder, name);
    const errors = errorsIn(report.findings);
    const known = defects[name] ?? [];
    expect(errors.filter((rule) => !known.includes(rule))).toEqual([]);
    for (const { rule, line, column } of report.findings) {
      expect(lintRule(rule), rule).toBeDefined();
      expect(Math.min(line, column)).toBeGreaterThanOrEqual(1);
    }
    for (const render of [renderText, renderJson, renderSarif, renderGithub]) {
      expect(render(report)).not.toMatch(/undefined|NaN|\[object/);
    }
  });

  test.each(Object.keys(defects).filter((name) => name.startsWith('vantage-')))(
    '%s has each of its defects found',
    (name) => {
      const errors = errorsIn(lintReal('license-files', name).findings);
      expect([...new Set(errors)].sort()).toEqual([...defects[name]!].sort());
    },
  );
});
