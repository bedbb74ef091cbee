import { describe, expect, test } from 'vitest';
import type { Attempt, Denied, Grant } from '../../src/client/checkout.ts';
import { exitOfRefusal, mostRelevant, type Refuser, refused } from '../../src/client/refused.ts';
import { diagnosticsLevel, renderDenied, renderDiagnostics } from '../../src/client/reports.ts';
import { parseLicenseFile } from '../../src/domain/license/parse.ts';
import { makePath, makeWanted } from './make.ts';

const asked = {
  wanted: makeWanted({ count: 2, version: '12.1' }),
  path: makePath('27000@alpha:27000@beta'),
  platform: 'linux',
} as const;

function attempt(element: string, by: Refuser, major: number, vendor?: string): Attempt {
  const named = vendor === undefined ? {} : { vendor };
  return { ...refused(by, { major, minor: 342 }), element, where: element, ...named };
}

const full = attempt('27000@beta', 'daemon', -4, 'acmed');
const dead: Attempt = {
  ...attempt('27000@alpha', 'client', -15),
  refusal: { major: -15, minor: 570, sys: 111, sysText: 'Connection refused' },
};
const denied: Denied = { ok: false, reported: full, attempts: [dead, full] };

test('a denial is told in FlexNet’s long form, with what the other servers said', () => {
  expect(renderDenied(denied, asked).split('\n').slice(0, 6)).toEqual([
    'Licensed number of users already reached.',
    ' 27000@alpha: Cannot connect to license server system. (-15,570:111 "Connection refused")',
    'Feature:       solve',
    'Vendor:        acmed',
    'License path:  27000@alpha:27000@beta:',
    'FlexNet Licensing error:-4,342',
  ]);
});

test('on Windows the license path is told with semicolons', () => {
  expect(renderDenied(denied, { ...asked, platform: 'win32' })).toContain('alpha;27000@beta;\n');
});

test('that other daemons do not have the feature is not worth a line', () => {
  const other = attempt('27000@beta', 'daemon', -5, 'betad');
  const text = renderDenied({ ok: false, reported: full, attempts: [full, other] }, asked);
  expect(text).not.toContain('betad');
});

test('explanations are at most five lines', () => {
  const many: Denied = { ok: false, reported: full, attempts: [...Array(20).fill(dead), full] };
  expect(renderDenied(many, asked).match(/^ /gm)).toHaveLength(5);
});

describe('FLEXLM_DIAGNOSTICS', () => {
  const line = 'FEATURE solve acmed 12.5 permanent uncounted 0123456789AB HOSTID=ANY SIGN=00\n';
  const parsed = parseLicenseFile({ name: './a.lic', text: line, encoding: 'utf-8' }).lines[0]!;
  if (parsed.kind !== 'feature') throw new Error('the line is a feature');
  const local: Grant = {
    ok: true,
    vendor: 'acmed',
    element: './a.lic',
    attempts: [],
    poolVersion: '12.5',
    local: { file: './a.lic', line: parsed },
  };

  test('is a level from 0 to 3', () => {
    const values = [undefined, '', '1', '2', '3', '9', '-1', 'yes'];
    expect(values.map(diagnosticsLevel)).toEqual([0, 0, 1, 2, 3, 3, 0, 0]);
  });

  test('1 tells a failure and the files tried', () => {
    expect(renderDiagnostics(0, denied, asked)).toBe('');
    expect(renderDiagnostics(1, local, asked)).toBe('');
    expect(renderDiagnostics(1, denied, asked)).toBe(
      'FlexNet checkout error: Licensed number of users already reached. (-4,342)\n' +
        'license file(s): 27000@alpha 27000@beta\n',
    );
  });

  test('2 adds the arguments', () => {
    expect(renderDiagnostics(2, denied, asked).split('\n')[2]).toBe(
      'lm_checkout("solve", 12.1, 2, 0x0, ..., 0x4000)',
    );
  });

  test('3 adds successes', () => {
    expect(renderDiagnostics(3, local, asked).split('\n').slice(1)).toEqual([
      'Checkout succeeded: solve/0123456789AB',
      'License file: ./a.lic',
      'No server used',
      '',
    ]);
  });
});

test.each([
  ['daemon', -4, 6],
  ['daemon', -5, 6],
  ['daemon', -26, 6],
  ['daemon', -77, 6],
  ['client', -9, 6],
  ['client', -5, 6],
  ['client', -15, 3],
  ['client', -16, 3],
  ['client', -33, 3],
  ['client', -52, 3],
  ['client', -96, 3],
  ['manager', -97, 3],
  ['daemon', -237, 3],
  ['client', -1, 2],
] as const)('a %s’s refusal %i exits with %i', (by, major, exit) => {
  expect(exitOfRefusal(refused(by, { major, minor: 0 }))).toBe(exit);
});

test('a daemon’s denial says more than a local line’s', () => {
  const local = refused('client', { major: -9, minor: 57 });
  const daemons = refused('daemon', { major: -4, minor: 342 });
  expect(mostRelevant([local, daemons])).toBe(daemons);
});
