import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { startLicenseServer } from '../../src/testing/license-server.ts';
import { banner, lines, lmutil } from './test-io.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lmcksum-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** The sum as the documentation of `checkLines` words it, worked out here once more. */
const sumOf = (signed: string): number =>
  [...signed.toUpperCase()].reduce((sum, each) => sum + each.charCodeAt(0), 0) % 256;

const feature = 'FEATUREsolveacmed2.0permanent3SIGN=00AB';
const server = '0200aabbccdd';

function write(...rows: readonly string[]): string {
  const file = join(folder, 'a.lic');
  writeFileSync(file, lines(...rows));
  return file;
}

test('every signed line stands behind its sum; ck= is judged; the sum of all is last', async () => {
  const right = sumOf(feature);
  const file = write(
    '# a comment',
    'SERVER alpha 0200aabbccdd 27000',
    'VENDOR acmed',
    `FEATURE solve acmed 2.0 permanent 3 SIGN=00AB ck=${right}`,
    `FEATURE solve acmed 2.0 permanent 3 SIGN=00AB ck=${(right + 1) % 256}`,
  );
  const { out, status } = await lmutil(['lmcksum', '-c', file]);
  const sums = [sumOf(server), sumOf('acmed'), right, right];
  expect(out).toBe(
    lines(
      banner,
      `lmcksum: using license file "${file}"`,
      '',
      `${sums[0]}: SERVER alpha 0200aabbccdd 27000`,
      `${sums[1]}: VENDOR acmed`,
      `OK: ${right}: FEATURE solve acmed 2.0 permanent 3`,
      `BAD: ${right}: FEATURE solve acmed 2.0 permanent 3`,
      '',
      `${sums.reduce((all, each) => all + each) % 256}: (overall file checksum)`,
    ),
  );
  expect(status).toBe(254);
});

test('what a licensee may edit changes no sum, what is signed does', async () => {
  const sums = async (...rows: readonly string[]): Promise<string[]> => {
    const { out } = await lmutil(['lmcksum', '-c', write(...rows)]);
    return out.match(/\d+(?=: (?:SERVER|VENDOR|FEATURE))/g) ?? [];
  };
  const first = await sums(
    'SERVER alpha 01 27000',
    'VENDOR acmed /opt/acmed',
    'FEATURE solve acmed 2.0 permanent 3 SIGN=00AB',
  );
  const edited = await sums(
    'SERVER beta 01 27001',
    'VENDOR acmed /usr/acmed port=2000',
    'FEATURE solve acmed 2.0 permanent 3 vendor_info="x y" SIGN=00AB sort=7',
  );
  const changed = await sums(
    'SERVER alpha 02 27000',
    'VENDOR acmex /opt/acmed',
    'FEATURE solve acmed 2.0 permanent 4 SIGN=00AB',
  );
  expect(edited).toEqual(first);
  expect(changed.every((sum, index) => sum !== first[index])).toBe(true);
});

test('-k regards letter case, and a vendor asks for its lines only', async () => {
  const file = write(
    'VENDOR acmed',
    'VENDOR betad',
    'FEATURE solve acmed 2.0 permanent 3 SIGN=00ab',
    'FEATURE view betad 2.0 permanent 3 SIGN=00',
  );
  const plain = await lmutil(['lmcksum', '-c', file, 'betad']);
  expect(plain.out.match(/VENDOR \w+|FEATURE \w+/g)).toEqual(['VENDOR betad', 'FEATURE view']);
  const all = await lmutil(['lmcksum', '-c', file]);
  const cased = await lmutil(['lmcksum', '-k', '-c', file]);
  expect(cased.out).not.toBe(all.out);
});

test('the license text of a server is summed up as its file is', async () => {
  const text = lines(
    'SERVER this_host ANY',
    'VENDOR acmed',
    'FEATURE solve acmed 2.0 permanent 3 SIGN=00AB',
  );
  await using running = await startLicenseServer({ licenses: { name: 'a.lic', text } });
  const { out, status } = await lmutil(['lmcksum', '-c', running.address]);
  expect(out).toContain(`${sumOf(feature)}: FEATURE solve acmed 2.0 permanent 3\n`);
  expect(status).toBe(0);
});

test('nothing that can be summed up is an error', async () => {
  const { out, status } = await lmutil(['lmcksum', '-c', join(folder, 'nosuch.lic')]);
  expect(out).toMatch(/^lmcksum failed: .* \(-1,359:2 "No such file or directory"\)$/m);
  expect(status).toBe(255);
});
