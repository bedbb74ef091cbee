import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Environment, searchPath } from '../../src/client/search-path.ts';

let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'fauxlm-home-'));
});
afterEach(() => rmSync(home, { recursive: true }));

function search(env: Environment, more: { vendor?: string; explicit?: string } = {}) {
  return searchPath({ env, home, platform: 'linux', ...more });
}

function texts(env: Environment, more: { vendor?: string; explicit?: string } = {}) {
  return search(env, more).map(({ text }) => text);
}

describe('the license path', () => {
  test('is the vendor’s own variable, then LM_LICENSE_FILE', () => {
    const env = {
      LM_LICENSE_FILE: '2@b:3@c',
      ACMED_LICENSE_FILE: '1@a',
      BETAD_LICENSE_FILE: '9@z',
    };
    expect(texts(env, { vendor: 'acmed' })).toEqual(['1@a', '2@b', '3@c']);
  });

  test('has vendors’ own names for their variables', () => {
    const env = { CDS_LIC_FILE: '5280@c', CDSLMD_LICENSE_FILE: '2@b' };
    expect(texts(env, { vendor: 'cdslmd' })).toEqual(['5280@c', '2@b']);
    expect(texts({ ...env, ACMED_LICENSE_FILE: '1@a' })).toEqual(['1@a', '2@b', '5280@c']);
  });

  test('without a vendor is every vendor’s variable, then LM_LICENSE_FILE', () => {
    const env = {
      ZED_LICENSE_FILE: '3@c',
      LM_LICENSE_FILE: '1@a',
      ACMED_LICENSE_FILE: '2@b',
      _LICENSE_FILE: '8@none',
      SHELL: '/bin/sh',
    };
    expect(texts(env)).toEqual(['2@b', '3@c', '1@a']);
  });

  test('appends to each variable its row of .flexlmrc', () => {
    const rows = ['# kept by lmpath', 'ACMED_LICENSE_FILE=4@d', 'LM_LICENSE_FILE=5@e', 'junk'];
    writeFileSync(join(home, '.flexlmrc'), rows.join('\n'));
    const env = { LM_LICENSE_FILE: '2@b', ACMED_LICENSE_FILE: '1@a' };
    expect(texts(env, { vendor: 'acmed' })).toEqual(['1@a', '4@d', '2@b', '5@e']);
    expect(texts({})).toEqual(['4@d', '5@e']);
    expect(search({})[0]?.origin).toBe('ACMED_LICENSE_FILE in .flexlmrc');
  });

  test('is only what -c says when it says something', () => {
    expect(texts({ LM_LICENSE_FILE: '1@a' }, { explicit: '7@g' })).toEqual(['7@g']);
  });

  test('keeps an element that comes twice where it came first', () => {
    const env = { LM_LICENSE_FILE: '1@a:2@b:1@a', ACMED_LICENSE_FILE: '2@b' };
    expect(texts(env, { vendor: 'acmed' })).toEqual(['2@b', '1@a']);
  });

  test('is the default file when nothing else is named', () => {
    expect(search({})).toMatchObject([
      { kind: 'file', path: '/usr/local/flexlm/licenses/license.dat', origin: 'the default' },
    ]);
  });

  test('names the variable in which something is wrong', () => {
    expect(() => search({ LM_LICENSE_FILE: '1@a:@b:27000' })).toThrow(
      /LM_LICENSE_FILE, column 5: expected port@host \(27000@b\)/,
    );
  });
});
