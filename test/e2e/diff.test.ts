import { expect, test } from 'vitest';
import { Folder, programs, run, Server } from './processes.ts';

const license = `SERVER this_host ANY
VENDOR acmed
INCREMENT solve acmed 2030.0 permanent 3 VENDOR_STRING="site 7" SIGN=00
INCREMENT mesh acmed 1.000 31-dec-2049 2 SIGN=00
INCREMENT mesh acmed 1.0 31-dec-2049 3 SIGN=00
FEATURE view acmed 1.0 permanent uncounted HOSTID=ANY SIGN=00
`;

/** The same in another order and spelling. */
const rewritten = `SERVER elsewhere ANY 2000
VENDOR acmed PORT=2001
FEATURE view acmed 1 permanent uncounted HOSTID=ANY SIGN=11
INCREMENT mesh acmed 1.0 31-dec-2049 5 SIGN=11
INCREMENT solve acmed 2030 permanent 3 VENDOR_STRING="site 7" SIGN=11
`;

const smaller = rewritten.replace('permanent 3', 'permanent 1');

const reservation = 'RESERVE 2 mesh USER zed\n';

const fauxlm = `"${process.execPath}" ${programs.fauxlm}`;
const lmutil = `"${process.execPath}" ${programs.lmutil}`;

/** Runs a line of the shell while ann and ben hold licenses of a server of the first license. */
async function whileInUse(folder: Folder, line: string) {
  const options = folder.file('acmed.options', reservation);
  const words = [folder.file('acme.lic', license), '--options', `acmed=${options}`];
  const ann = `${fauxlm} checkout solve --user ann --host ws1 --display :0`;
  const ben = `${fauxlm} checkout solve -n 2 --user "ben b" --host ws2 --display ws2:0.0`;
  const script = folder.file('script', `${ann} -- ${ben} -- sh -c '${line}'\n`);
  return run('fauxlm', ['exec', ...words, '--', 'sh', script]);
}

test('a server does not differ from its files, however they are written and whoever uses it', async () => {
  using folder = new Folder();
  const other = folder.file('other.lic', rewritten);
  const options = `--options acmed=${folder.at('acmed.options')}`;
  const line = `${fauxlm} diff $LM_LICENSE_FILE ${other} ${options}`;
  expect(await whileInUse(folder, line)).toEqual({
    ...{ status: 0, signal: null, err: '' },
    out: 'the same: 1 vendor daemon, 3 features, 3 license lines, 2 users\n',
  });
});

test('what differs is told, with why a user would get nothing here: exit 1', async () => {
  using folder = new Folder();
  const other = folder.file('smaller.lic', smaller);
  const line = `${fauxlm} diff $LM_LICENSE_FILE ${other}`;
  const { status, out } = await whileInUse(folder, line);
  expect(status).toBe(1);
  expect(out.split('\n').map((each) => each.split(/ {2,}/))).toEqual([
    ['what', 'theirs', 'ours'],
    ['acmed solve: license lines', '3 of v2030, permanent', '1 of v2030, permanent'],
    ['acmed solve: licenses issued', '3', '1'],
    ['acmed solve: licenses in use', '3', '1'],
    [
      'acmed solve: used by ben b ws2 ws2:0.0, version 0',
      '2',
      'none, More licenses were asked for than this feature has.',
    ],
    ['acmed mesh: licenses in use', '2', '0'],
    ['acmed mesh: reserved for USER zed', '2', 'none'],
    [''],
    ['6 differences in 1 vendor daemon, 3 features, 3 license lines, 2 users'],
    [''],
  ]);
});

test('outputs of any release are compared, at their own time, from a file or standard input', async () => {
  using folder = new Folder();
  const line = `${lmutil} --dialect 9.2 lmstat -a >${folder.at('old')}; ${lmutil} lmstat -a -i`;
  const { out: text } = await whileInUse(folder, line);
  const options = ['--options', `acmed=${folder.at('acmed.options')}`];
  const files = [folder.file('other.lic', rewritten), ...options];
  const fromInput = await run('fauxlm', ['diff', '-', ...files], { input: text });
  expect(fromInput).toMatchObject({ status: 0, err: '' });
  const fromFile = await run('fauxlm', ['diff', folder.at('old'), ...files]);
  expect(fromFile).toMatchObject({
    status: 0,
    out: 'the same: 1 vendor daemon, 3 features, 2 users\n',
    err: `note: ${folder.at('old')} has no table of license lines (lmstat -i): they are not compared\n`,
  });
  // All expires with the year 2049.
  const later = folder.file('later', text.replace(/status on .*/, 'status on Mon 1/10/2050 09:00'));
  const expired = await run('fauxlm', ['diff', later, ...files, '--no-users', '--json']);
  expect(expired.status).toBe(1);
  const place = { vendor: 'acmed', feature: 'mesh', what: 'is' };
  expect(JSON.parse(expired.out)).toMatchObject({
    ...{ same: false, notes: [], theirs: { source: later, at: '2050-01-10T09:00' } },
    ours: { licenses: [files[0]] },
    differences: [{ ...place, theirs: 'counted', ours: 'unsupported by the server' }],
  });
});

test('a server elsewhere that stands alone is asked, too, and one that is not there is exit 3', async () => {
  using folder = new Folder();
  const file = folder.file('acme.lic', license);
  const server = await Server.start(folder, [file]);
  const { address } = server.ready;
  const same = await run('fauxlm', ['diff', address, file, '--json']);
  server.child.kill();
  await server.ended;
  expect(same.status).toBe(0);
  expect(JSON.parse(same.out)).toMatchObject({ same: true, differences: [] });
  const gone = await run('fauxlm', ['diff', address, file]);
  expect(gone).toMatchObject({ status: 3, out: '' });
  expect(gone.err).toContain(`${address}: expected a license manager, got: `);
});

test.each([
  ['a text that is none of lmstat', 'Hello\n', 'expected port@host, or what lmstat -a printed'],
  [
    'an lmstat that reached nobody',
    'Error getting status: Cannot connect to license server system. (-15,570:111 "Connection refused")\n',
    'got: Cannot connect to license server system.',
  ],
])('bad input is exit 2: %s', async (_, text, message) => {
  using folder = new Folder();
  const words = ['diff', folder.file('theirs', text), folder.file('acme.lic', license)];
  const { status, err } = await run('fauxlm', words);
  expect({ status, has: err.includes(message) }, err).toEqual({ status: 2, has: true });
});

test('more users than can be tried are refused, and may be left out', async () => {
  using folder = new Folder();
  const user = (at: number) => `    u${at} h${at} (v1.0) (a/27000 ${at}), start Mon 3/9 8:49\n`;
  const text = `Vendor daemon status (on a):
     acmed: UP v11.18.1
Users of solve:  (Total of 3 licenses issued;  Total of 1001 licenses in use)
${Array.from({ length: 1001 }, (_, at) => user(at)).join('')}`;
  const words = ['diff', folder.file('theirs', text), folder.file('acme.lic', license)];
  const { status, err } = await run('fauxlm', words);
  expect({ status, err }).toMatchObject({ status: 2 });
  expect(err).toContain('expected at most 1000 users, got 1001: compare with --no-users');
  expect((await run('fauxlm', [...words, '--no-users'])).out).not.toContain('solve: licenses');
});
