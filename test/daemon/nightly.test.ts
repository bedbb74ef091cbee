import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ManualClock } from '../../src/base/clock.ts';
import { startLicenseServer } from '../../src/testing/license-server.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'nightly-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const license = (features: readonly string[]): string =>
  ['SERVER this_host ANY', 'VENDOR acmed']
    .concat(features.map((name) => `INCREMENT ${name} acmed 1.0 permanent 1 SIGN=00`))
    .map((line) => `${line}\n`)
    .join('');

test.each([
  ['', ['solve', 'mesh']],
  ['AUTOMATIC_REREAD ON\n', ['solve', 'mesh']],
  ['AUTOMATIC_REREAD OFF\n', ['solve']],
])('at midnight license data are read again, with %j', async (options, expected) => {
  const file = join(folder, 'a.lic');
  writeFileSync(file, license(['solve']));
  await using server = await startLicenseServer({
    licenses: file,
    options: { acmed: { name: 'acmed.opt', text: options } },
    clock: new ManualClock(Date.UTC(2030, 0, 7, 22)),
    timeZone: 'UTC',
  });
  const served = (): readonly string[] => server.snapshot('acmed').features.map(({ name }) => name);
  writeFileSync(file, license(['solve', 'mesh']));
  await server.clock.advance('1h');
  expect(served(), 'before midnight').toEqual(['solve']);
  await server.clock.advance('2h');
  expect(served()).toEqual(expected);
});
