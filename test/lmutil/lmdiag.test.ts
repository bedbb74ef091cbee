import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import {
  daemonScript,
  type Features,
  greet,
  type Script,
  ScriptedServer,
  sayText,
} from '../client/scripted-server.ts';
import { banner, lines, lmutil } from './test-io.ts';

const license = `SERVER alpha ANY 27000
VENDOR acmed
FEATURE solve acmed 2030.0 31-dec-2049 3 START=1-jan-2020 VENDOR_STRING="a b" SIGN=00
INCREMENT mesh acmed 12.5 permanent 2 SIGN=00
FEATURE old acmed 1.0 1-jan-2001 5 SIGN=00
`;

async function start(script: Script): Promise<ScriptedServer> {
  const server = await ScriptedServer.start(script);
  onTestFinished(() => server.stop());
  return server;
}

/** A server whose daemon grants these features and refuses those with a code. */
async function startServer(features: Features, suffix = 0xfa01) {
  const daemon = await start(daemonScript('acmed', features));
  const manager = await start((heard, talk) => {
    if (heard.kind === 'command')
      return sayText(talk, heard.value.command === '' ? license : 'acmed');
    if (heard.kind !== 'hello') return;
    if (heard.value.vendor === '') return greet(talk, 'acmed', suffix);
    talk.send('redirect', { host: '127.0.0.1', port: daemon.port, trail: undefined });
  });
  return { manager, daemon };
}

const solve = [
  '"solve" v2030.0, vendor: acmed',
  '  License server: 127.0.0.1',
  '  floating license  starts: 1-jan-2020,   expires: 31-dec-2049',
  '',
];
const granted = ['This license can be checked out', ''];

test('lmdiag checks each license out and in again', async () => {
  const { manager, daemon } = await startServer({ solve: '2030.0', mesh: '12.5', old: -10 });
  const { status, out, err } = await lmutil(['lmdiag', '-n', '-c', manager.address]);
  const failure = [
    'This license cannot be checked out because:',
    'The license for this feature has expired.',
    'Feature:       old',
    `License path:  ${manager.address}:`,
    'FlexNet Licensing error:-10,300',
    'For further information on this error, run "fauxlm errors -10".',
    '',
  ];
  expect(out).toBe(
    lines(
      banner,
      ...solve,
      ...granted,
      '"mesh" v12.5, vendor: acmed',
      '  License server: 127.0.0.1',
      '  floating license  expires: permanent(no expiration date)',
      '',
      ...granted,
      '"old" v1.0, vendor: acmed',
      '  License server: 127.0.0.1',
      '  floating license  expires: 1-jan-2001',
      '',
      ...failure,
    ),
  );
  expect({ status, err }).toEqual({ status: -10 & 0xff, err: '' });
  expect(daemon.all('checkout').map(({ feature }) => feature)).toEqual(['solve', 'mesh', 'old']);
  expect(daemon.all('checkin')).toHaveLength(2);
});

test.each([['solve'], ['SOLVE'], ['solve:VENDOR_STRING=a b'], ['solve:version=2030.0']])(
  'lmdiag %s tries that license only, wherever -n stands',
  async (operand) => {
    const { manager } = await startServer({ solve: '2030.0' });
    const { status, out } = await lmutil(['lmdiag', '-c', manager.address, operand, '-n']);
    expect(out).toBe(lines(banner, ...solve, ...granted));
    expect(status).toBe(0);
  },
);

test('a license that no line names is -5', async () => {
  const { manager } = await startServer({});
  for (const operand of ['nosuch', 'solve:VENDOR_STRING=other', 'solve:NOSUCH=1']) {
    const { status, out } = await lmutil(['lmdiag', '-c', manager.address, operand]);
    expect(out).toContain('\nFlexNet Licensing error:-5,357\n');
    expect(status).toBe(251);
  }
});

test('at another maker’s server the license text decides, and nothing is checked out', async () => {
  const { manager, daemon } = await startServer({}, 0);
  const { status, out } = await lmutil(['lmdiag', '-c', manager.address]);
  expect(out.match(/^This license can.*/gm)).toEqual([
    'This license can be checked out',
    'This license can be checked out',
    'This license cannot be checked out because:',
  ]);
  expect(out).toContain('\nFlexNet Licensing error:-10,32\n');
  expect(status).toBe(-10 & 0xff);
  expect(daemon.kinds).toEqual([]);
});

test('an uncounted license of a file needs no server', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'fauxlm-lmdiag-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const path = join(folder, 'free.lic');
  writeFileSync(path, 'FEATURE free betad 1.0 permanent uncounted HOSTID=ANY SIGN=00\n');
  const { status, out } = await lmutil(['lmdiag', '-c', path]);
  expect(out).toBe(
    lines(
      banner,
      '"free" v1.0, vendor: betad',
      '  uncounted nodelocked license locked to NOTHING (hostid=ANY)  expires: permanent(no expiration date)',
      '',
      ...granted,
    ),
  );
  expect(status).toBe(0);
});

test('a path that leads nowhere is told with its code', async () => {
  const { status, out } = await lmutil(['lmdiag', '-c', '1@127.0.0.1']);
  expect(out).toContain(
    '\nFlexNet Licensing error:-15,570.  System Error: 111 "Connection refused"\n',
  );
  expect(status).toBe(241);
});
