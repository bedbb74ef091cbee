import { describe, expect, test } from 'vitest';
import { connectClient, startLicenseServer } from '../../src/index.ts';
import { Folder, run } from './processes.ts';
import { PseudoTerminal, scriptPath } from './pseudo-terminal.ts';

const text = [
  'SERVER this_host ANY',
  'VENDOR acmed',
  'INCREMENT solve acmed 2.0 permanent 4 SIGN=00',
  'INCREMENT mesh acmed 1.0 permanent 2 SIGN=00',
  'INCREMENT view acmed 1.0 permanent uncounted HOSTID=ANY SIGN=00',
  '',
].join('\n');
const optionsText = 'RESERVE 1 solve USER eve\n';

const start = () =>
  startLicenseServer({
    licenses: { name: 'a.lic', text },
    options: { acmed: { name: 'acmed.opt', text: optionsText } },
    http: '127.0.0.1:0',
  });

type Started = Awaited<ReturnType<typeof start>>;

async function hold(server: Started, user: string, feature: string) {
  const client = await connectClient({ server: server.address, user, host: `ws-${user}` });
  const outcome = await client.checkout(feature);
  return { client, outcome };
}

test('where output is no terminal it is one plain screen, and JSON where wanted', async () => {
  await using server = await start();
  const ann = await hold(server, 'ann', 'solve');
  const { status, out, err } = await run('fauxlm', ['top', server.address]);
  expect({ status, err }).toEqual({ status: 0, err: '' });
  expect(out).not.toContain('\x1b');
  expect(out).toMatch(/^ {2}solve +#+r+\.+ +1\/4 +1 +0 +0 +2$/m);
  expect(out).toMatch(/^ {2}mesh +\.+ +0\/2 +0 +0 +0 +2$/m);
  expect(out).toMatch(/^ {2}view +uncounted +0 +0 +0 +0 +-$/m);
  expect(out).toMatch(/^ {2}ann +ws-ann +solve +1 +\d+s$/m);
  const json = JSON.parse((await run('fauxlm', ['top', server.address, '--json'])).out);
  expect(json.holders).toMatchObject([{ user: 'ann', feature: 'solve', state: 'out' }]);
  ann.client.close();
});

test('a control plane tells of denials, too, and both ways tell of the same seats', async () => {
  await using server = await start();
  for (const user of ['ann', 'ben', 'cid']) await hold(server, user, 'mesh');
  const env = { FAUXLM_HTTP: server.http! };
  const { out } = await run('fauxlm', ['top', '--http', server.http!], { env });
  expect(out).toMatch(/ cid@ws-cid: mesh denied \(-4,\d+\)$/m);
  const wire = JSON.parse((await run('fauxlm', ['top', server.address, '--json'])).out);
  const http = JSON.parse((await run('fauxlm', ['top', '--http', server.http!, '--json'])).out);
  expect(http.features).toEqual(wire.features);
  expect(http.denials).toMatchObject([{ user: 'cid', feature: 'mesh' }]);
});

test('who is not there, and what is wrong, is told', async () => {
  expect(await run('fauxlm', ['top', '1@127.0.0.1'])).toMatchObject({ status: 3 });
  const none = await run('fauxlm', ['top', '--http', '127.0.0.1:1']);
  expect(none).toMatchObject({ status: 3 });
  const wrong = await run('fauxlm', ['top', '1@127.0.0.1', '--interval', '0']);
  expect(wrong).toMatchObject({ status: 2 });
  expect(wrong.err).toContain('--interval: expected 0.2 to 3600 seconds, got 0');
  const both = await run('fauxlm', ['top', '1@127.0.0.1', '--http', '127.0.0.1:1']);
  expect(both).toMatchObject({ status: 2 });
});

describe.skipIf(scriptPath === undefined)('in a terminal (needs script of util-linux)', () => {
  test('shows what changes as it changes, and is steered by keys', async () => {
    await using server = await start();
    using folder = new Folder();
    const words = ['top', '--http', server.http!, '--interval', '0.2'];
    await using terminal = new PseudoTerminal(folder, words, 'cols 110 rows 30');
    await terminal.shows(/^> solve +r+\.+ +0\/4 /);
    await hold(server, 'ann', 'mesh');
    await hold(server, 'ben', 'mesh');
    await terminal.shows(/^> mesh +#+ +2\/2 +0 +0 +0 +0$/);
    await hold(server, 'cid', 'mesh');
    await terminal.shows(/cid@ws-cid: mesh denied \(-4,/);
    await hold(server, 'dan', 'solve');
    await terminal.shows(/^ {2}dan +ws-dan +solve/);
    terminal.type('s');
    await terminal.shows(/features by name/);
    terminal.type('\r');
    await terminal.shows(/, 2 of 3 checkouts of mesh/);
    await terminal.shows(/Enter: all/);
    expect(terminal.screen.some((line) => /^ {2}dan /.test(line))).toBe(false);
    terminal.type('\x1b[B');
    await terminal.shows(/^> solve/);
    await terminal.shows(/^ {2}dan +ws-dan/);
    terminal.type('\r/ben\r');
    await terminal.shows(/with "ben"/);
    expect(terminal.screen.some((line) => /^[> ] solve/.test(line))).toBe(false);
    terminal.type('q');
    await terminal.ended;
    expect(terminal).toMatchObject({ status: 0, isAsBefore: true });
    expect(terminal.text.trimEnd().endsWith('\x1b[?1049l')).toBe(true);
  });

  test('writes only what has changed', async () => {
    await using server = await start();
    using folder = new Folder();
    const words = ['top', server.address, '--interval', '0.2'];
    await using terminal = new PseudoTerminal(folder, words, 'cols 100 rows 24');
    await terminal.shows(/^> solve/);
    await hold(server, 'ann', 'mesh');
    await terminal.shows(/^ {2}ann /);
    expect(terminal.text.match(/\x1b\[2J/g)!.length).toBeLessThanOrEqual(3);
    expect(terminal.text.match(/\x1b\[5;1H/g)).toHaveLength(1);
  });

  test('is as wide and as high as the terminal, and follows it', async () => {
    await using server = await start();
    await hold(server, 'ann', 'mesh');
    using folder = new Folder();
    await using terminal = new PseudoTerminal(folder, ['top', server.address], 'cols 30 rows 10');
    await terminal.shows(/^> mesh/);
    for (const size of ['cols 120 rows 40', 'cols 14 rows 5', 'cols 80 rows 24']) {
      const [, columns, rows] = /cols (\d+) rows (\d+)/.exec(size)!;
      terminal.resize(size);
      await terminal.shows(Number(columns) < 20 ? /^q: quit/ : /^> mesh/);
      expect(terminal.screen.length).toBe(Number(rows));
      for (const line of terminal.screen) expect(line.length).toBeLessThanOrEqual(Number(columns));
    }
    terminal.type('\x03');
    await terminal.ended;
    expect(terminal).toMatchObject({ status: 130, isAsBefore: true });
  });

  test.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ] as const)('gives the terminal back on %s', async (signal, status) => {
    await using server = await start();
    using folder = new Folder();
    await using terminal = new PseudoTerminal(folder, ['top', server.address], 'cols 80 rows 24');
    await terminal.shows(/^> solve/);
    terminal.kill(signal);
    await terminal.ended;
    expect(terminal).toMatchObject({ status, isAsBefore: true });
    expect(terminal.text).toContain('\x1b[?7h\x1b[?25h\x1b[?1049l');
  });

  test('gives the terminal back when it breaks down, and says why on it', async () => {
    await using server = await start();
    using folder = new Folder();
    const broken = "process.on('SIGUSR2', () => { throw new Error('a-defect'); });";
    const env = { NODE_OPTIONS: `--import=${folder.file('broken.mjs', broken)}` };
    const words = ['top', server.address];
    await using terminal = new PseudoTerminal(folder, words, 'cols 80 rows 24', env);
    await terminal.shows(/^> solve/);
    terminal.kill('SIGUSR2');
    await terminal.ended;
    expect(terminal.isAsBefore).toBe(true);
    expect(terminal.text).toContain('a-defect');
    expect(terminal.text).toContain('\x1b[?1049l');
  });

  test('asks on while the server is away, and shows it again when it is back', async () => {
    const server = await start();
    using folder = new Folder();
    const { port } = server;
    const words = ['top', server.address, '--interval', '0.2'];
    await using terminal = new PseudoTerminal(folder, words, 'cols 120 rows 24');
    await terminal.shows(/^> solve/);
    await server.stop();
    await terminal.shows(/^asking again: /);
    await using again = await startLicenseServer({ licenses: { name: 'a.lic', text }, port });
    await hold(again as Started, 'eve', 'mesh');
    await terminal.shows(/^ {2}eve /);
  });
});
