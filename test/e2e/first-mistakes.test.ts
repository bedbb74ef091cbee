import { writeFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { expect, onTestFinished, test } from 'vitest';
import { Folder, run } from './processes.ts';

/** What people get wrong in their first ten minutes: each is told with what to do, and with its exit status. */

const license =
  'SERVER this_host ANY\nVENDOR acmed\nINCREMENT solve acmed 1.0 permanent 1 SIGN=00\n';

function makeFolder(): Folder {
  const folder = new Folder();
  onTestFinished(() => folder[Symbol.dispose]());
  folder.file('acme.lic', license);
  folder.file('empty.lic', '');
  writeFileSync(folder.at('acme.lic.gz'), gzipSync(license.repeat(5)));
  folder.file('script', 'true\n');
  return folder;
}

test.each([
  ['doctor without a server', ['doctor'], 2, /expected port@host.*got none; looked in .*default/],
  ['doctor of a host', ['doctor', 'licenses'], 2, /no such file; a host is written @licenses/],
  ['doctor of a file that is not there', ['doctor', 'FOLDER/no.lic'], 2, /no\.lic.*no such file\n/],
  ['doctor of a folder without files', ['doctor', '/proc/self/fd'], 2, /\*\.lic files, got none/],
  ['doctor of an empty file', ['doctor', 'FOLDER/empty.lic'], 2, /empty\.lic, which has none/],
  ['top without a server', ['top'], 2, /top: expected port@host.*got none/],
  [
    'top of a file that is not there',
    ['top', 'FOLDER/no.lic'],
    2,
    /top: .*no\.lic: No license file/,
  ],
  ['top of an empty file', ['top', 'FOLDER/empty.lic'], 2, /top: .*empty\.lic: No SERVER lines/],
  [
    'top of a port where nobody is',
    ['top', '1@127.0.0.1'],
    3,
    /1@127\.0\.0\.1: expected a license m/,
  ],
  [
    'a shard of a seed that the others do not have',
    ['load', '-c', '1@127.0.0.1', '--feature', 'a', '--rate', '1/s', '--shard', '0/2'],
    2,
    /--shard: expected --seed, the same for all shards, got none/,
  ],
  [
    'a scale that is too much',
    ['load', 'scenarios/load/offices.profile.yaml', '-c', '1@127.0.0.1', '--scale', '999999'],
    2,
    /--scale: expected at most 30000 users, got 49999950/,
  ],
  ['a load of no server', ['load', '--feature', 'a'], 2, /-c.*no server of the environment/],
  ...['html', 'junit', 'ndjson', 'bundle'].map(
    (flag) =>
      [
        `a search for the highest rate with --${flag}`,
        ['load', 'saturate', '-c', '1@127.0.0.1', '--feature', 'a', `--${flag}`, 'FOLDER/x'],
        2,
        new RegExp(`expected --json-file for its result, not --${flag}`),
      ] as const,
  ),
  [
    'a state folder that is a file',
    ['exec', 'FOLDER/acme.lic', '--state', 'FOLDER/empty.lic', '--', 'true'],
    2,
    /empty\.lic: expected a folder that can be made and written to, got: a file/,
  ],
  [
    'a state folder where none can be made',
    ['exec', 'FOLDER/acme.lic', '--state', '/proc/nothing', '--', 'true'],
    2,
    /\/proc\/nothing: expected a folder that can be made .* got: a place that takes no folders/,
  ],
  [
    'a server of an archive',
    ['serve', 'FOLDER/acme.lic.gz', '--port', '0'],
    2,
    /acme\.lic\.gz:1:1: expected plain text, got a gzip archive: unpack it \[not-text\]\n/,
  ],
  [
    'a load that was to begin yesterday',
    ['load', '-c', '1@127.0.0.1', '--feature', 'a', '--rate', '1/s', '--start-at', '2020-01-07'],
    3,
    /--start-at: expected a time to come, got 2020-.*Z, \w+ ago: begins at once\n/,
  ],
  [
    'a script that may not be run',
    ['exec', 'FOLDER/acme.lic', '--', 'FOLDER/script'],
    126,
    /script: expected a command, got: permission denied; a script needs chmod \+x/,
  ],
  ['a plan for nowhere', ['plan', 'FOLDER/x.log', '--html', '/nowhere/x'], 2, /no such folder/],
  ['a recording for nowhere', ['record', 'FOLDER/x.log', '-o', '/nowhere/x'], 2, /no such folder/],
] as const)('%s is told', async (_, words, status, message) => {
  const folder = makeFolder();
  const ended = await run(
    'fauxlm',
    words.map((word) => word.replace('FOLDER', folder.path)),
  );
  expect(ended).toMatchObject({ status, out: '', err: expect.stringMatching(message) });
  expect(ended.err).not.toMatch(/defect|\n {4}at /);
});
