import { readFileSync, writeFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { Folder, programs, run } from './processes.ts';

const license = `SERVER this_host ANY
VENDOR acmed
INCREMENT solve acmed 1.0 permanent 2 SIGN=00
`;

const log = ` 9:00:00 (acmed) OUT: "solve" ann@ws1  (2 licenses) 
 9:05:00 (acmed) DENIED: "solve" ben@ws2  (Licensed number of users already reached. (-4,342))
 9:06:00 (acmed) DENIED: "solve" ben@ws2  (User/host on EXCLUDE list for feature. (-38,348))
 9:30:00 (acmed) IN: "solve" ann@ws1  (2 licenses) 
not a line of FlexNet
`;

const fauxlm = `"${process.execPath}" ${programs.fauxlm}`;

test('what a server of ours logs is recorded, and runs', async () => {
  using folder = new Folder();
  const file = folder.file('acme.lic', license);
  const script = folder.file(
    'script',
    `${fauxlm} checkout solve -n 2 --user ann --host ws1 -- ${fauxlm} checkout solve --user ben --host ws2
${fauxlm} clock advance 1d >/dev/null
${fauxlm} checkout solve --user ben --host ws2 -- true
`,
  );
  const server = ['--clock', 'manual@2030-01-07T09:00', '--http', '127.0.0.1:0'];
  const debug = folder.at('debug.log');
  const words = ['exec', file, ...server, '--log', debug, '--', 'sh', script];
  expect(await run('fauxlm', words)).toMatchObject({ status: 0 });
  const out = folder.at('recorded.yaml');
  for (const more of [[], ['--license', file], ['--anonymize', '--speed', 'max']]) {
    const recorded = await run('fauxlm', ['record', debug, '-o', out, ...more]);
    expect(recorded).toMatchObject({ status: 0, out: '' });
    expect(recorded.err).toContain('2 checkouts, 1 denial, 0 requests in the queue, 2 check-ins');
    expect(await run('fauxlm', ['run', out])).toMatchObject({ status: 0 });
  }
  expect(readFileSync(out, 'utf8')).not.toMatch(/ann@|ben@|ws1|debug\.log|advance/);
}, 240_000);

test('standard input to standard output; what was left out and not understood goes to standard error', async () => {
  const { status, out, err } = await run('fauxlm', ['record', '-'], { input: log });
  expect(status).toBe(0);
  expect(out).toMatch(/^name: recorded from standard input\n/);
  expect(out).toContain('expect: { denied: -4 }');
  expect(
    err,
  ).toBe(`recorded 5 steps: 1 checkout, 1 denial, 0 requests in the queue, 1 check-in; 2 users, 1 feature
from 2030-01-07T09:00:00 to 2030-01-07T09:30:00, of 5 lines
left out: denials with -38, which these licenses do not explain: 1
not understood: 1 line, the first is line 5
`);
});

test('--json tells the same to programs', async () => {
  using folder = new Folder();
  const words = ['record', folder.file('debug.log', log), '-o', folder.at('a.yaml'), '--json'];
  const { status, out, err } = await run('fauxlm', words);
  expect({ status, err }).toEqual({ status: 0, err: '' });
  expect(JSON.parse(out)).toMatchObject({
    ...{ steps: 5, checkouts: 1, denied: 1, checkins: 1, users: 2, features: 1 },
    ...{ lines: 5, notUnderstood: 1, firstNotUnderstood: 5 },
    leftOut: { 'denials with -38, which these licenses do not explain': 1 },
  });
});

test('a gzipped log is unpacked, one that was cut off as far as it goes', async () => {
  using folder = new Folder();
  const path = folder.at('debug.log.gz');
  const packed = gzipSync(Buffer.from(log));
  const record = async (bytes: Buffer) => {
    writeFileSync(path, bytes);
    return run('fauxlm', ['record', path]);
  };
  const whole = await record(packed);
  expect(whole.status).toBe(0);
  expect(whole.out).toContain('checkout: { feature: solve');
  // Without the checksum and the length at its end.
  const cut = await record(packed.subarray(0, -8));
  expect({ status: cut.status, out: cut.out }).toEqual({ status: 0, out: whole.out });
  const broken = await record(Buffer.concat([packed.subarray(0, 12), Buffer.alloc(99, 7)]));
  expect(broken.status).toBe(2);
  expect(broken.err).toContain('debug.log.gz: expected a readable file');
});

test.each([
  ['a log without checkouts', ['empty.log'], 'expected a debug log with checkouts'],
  ['a log that is not there', ['no.log'], 'no.log: expected a readable file, got: no such file'],
  ['a speed', ['debug.log', '--speed', 'fast'], '--speed: expected x1, x60 or max, got "fast"'],
  ['a number of steps', ['debug.log', '--steps', '0'], '--steps: expected a whole number from 1'],
  ['--json alone', ['debug.log', '--json'], '--json: expected -o FILE with it'],
  ['the log as output', ['debug.log', '-o', 'debug.log'], '-o: expected another file than'],
  ['options alone', ['debug.log', '--options', 'a=acme.lic'], '--options: expected --license'],
  [
    'options that name users',
    ['debug.log', '--license', 'acme.lic', '--options', 'a=acme.lic', '--anonymize'],
    '--options: expected it without --anonymize',
  ],
  ['no license file', ['debug.log', '--license', 'debug.log'], 'expected a license file'],
])('bad input is exit 2, and writes nothing: %s', async (_, words, message) => {
  using folder = new Folder();
  folder.file('empty.log', 'nothing\n');
  folder.file('debug.log', log);
  folder.file('acme.lic', license);
  const paths = words.map((word) =>
    /\.(log|lic)$/.test(word) ? word.replace(/[\w.]+$/, folder.at('$&')) : word,
  );
  const { status, out, err } = await run('fauxlm', ['record', ...paths]);
  expect({ status, out, has: err.includes(message) }, err).toEqual({
    status: 2,
    out: '',
    has: true,
  });
  expect(readFileSync(folder.at('debug.log'), 'utf8')).toBe(log);
});
