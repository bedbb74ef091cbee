import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { denials } from '../../../src/domain/ledger/denials.ts';
import { parseLicenseFile } from '../../../src/domain/license/parse.ts';
import { poolDefinitions } from '../../../src/domain/license/pools.ts';
import { parseOptionsFile } from '../../../src/domain/options/parse.ts';
import { compileRules } from '../../../src/domain/options/rules.ts';
import { compileTimes } from '../../../src/domain/options/time-rules.ts';
import { vendorPolicy } from '../../../src/domain/vendors/index.ts';
import { runTranscript } from './transcript.ts';

const folder = new URL('../../../fixtures/ledger/', import.meta.url);
const names = readdirSync(folder)
  .filter((name) => name.endsWith('.txt'))
  .sort();

const rewrite = process.env['UPDATE_GOLDEN'] === '1';

function definitionsOf(license: string, options: string, vendor: string) {
  const file = parseLicenseFile({ name: 'transcript.lic', text: license, encoding: 'utf-8' });
  const definitions = poolDefinitions([file], vendor, vendorPolicy(vendor));
  const packages = file.lines.filter((line) => line.kind === 'package');
  const text = parseOptionsFile({ name: 'acmed.opt', text: options, encoding: 'utf-8' });
  expect(text.findings).toEqual([]);
  const subject = { definitions, packages };
  const policy = { ...vendorPolicy('acmed'), lingerFloorSeconds: 0 };
  return {
    definitions,
    options: text,
    rules: compileRules(text, subject),
    times: compileTimes(text, subject, policy),
  };
}

describe('fixtures/ledger', () => {
  test('golden files are not rewritten in continuous integration', () => {
    expect(rewrite && process.env['CI'] !== undefined).toBe(false);
  });

  test.each(names)('%s goes as it is written', (name) => {
    const url = new URL(name, folder);
    const expected = readFileSync(url, 'utf8');
    const actual = runTranscript(expected, definitionsOf);
    if (rewrite) writeFileSync(url, actual);
    else expect(actual).toBe(expected);
  });

  test.each(names)('%s begins by saying why', (name) => {
    expect(readFileSync(new URL(name, folder), 'utf8')).toMatch(/^# why: \S/);
  });

  test('every reason to deny is shown by a transcript', () => {
    const all = names.map((name) => readFileSync(new URL(name, folder), 'utf8')).join('');
    const missing = denials.filter(({ id, major, minor }) => {
      return !all.includes(` ${id} (${major},${minor})\n`);
    });
    expect(missing.map(({ id }) => id)).toEqual([]);
  });
});
