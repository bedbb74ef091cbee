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
import { decodeText } from '../../../src/domain/text-encoding.ts';
import { monday } from '../../make.ts';
import { ruleIds } from './make.ts';

/** Real files with true defects, and the errors they have. All others have none. */
const defects: Readonly<Record<string, readonly string[]>> = {
  // Written by a French Windows.
  'autodesk-localised-month-janv.lic': ['bad-date'],
  // Lists of single lines, good ones and bad ones, put into one file.
  'licscanner-lines-accepted.lic': [
    'bad-version',
    'port-clash',
    'too-many-servers',
    'vendor-missing',
  ],
  'licscanner-lines-rejected.lic': [
    'missing-field',
    'port-clash',
    'triad-port-missing',
    'triad-same-host',
    'unterminated-quote',
  ],
  'licscanner-lines-rejected.opt': ['options-syntax', 'options-unknown-keyword'],
  // Samples without their SERVER lines.
  'node-flexlm-example-older.lic': ['counted-without-server'],
  'node-flexlm-example-trailing-comments.lic': ['counted-without-server'],
  // What a guide shows and no license manager accepts.
  'vantage-ansys-two-servers.lic': ['two-servers'],
  'vantage-options-keywords-inside-license.lic': [
    'counted-without-server',
    'options-keyword-in-license',
    'timeout-on-feature',
    'vendor-missing',
  ],
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

describe.skipIf(!here)(`real files${here ? '' : ' (no corpus here)'}`, () => {
  const files = ['license-files', 'options-files'].flatMap((folder) =>
    (here ? readdirSync(new URL(`${folder}/`, corpus)) : []).map((name) => [folder, name] as const),
  );

  test.each(files)('%s/%s has no error but its own', (folder, name) => {
    const report = lintReal(folder, name);
    const errors = report.findings.filter(({ severity }) => severity === 'error');
    expect([...new Set(ruleIds(errors))].sort()).toEqual(defects[name] ?? []);
    for (const { rule } of report.findings) expect(lintRule(rule), rule).toBeDefined();
    for (const render of [renderText, renderJson, renderSarif, renderGithub]) {
      expect(render(report)).not.toMatch(/undefined|NaN|\[object/);
    }
  });
});
