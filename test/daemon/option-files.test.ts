import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { isBookkeeping } from '../../src/domain/ledger/events.ts';
import { connectClient, startLicenseServer } from '../../src/index.ts';

const root = mkdtempSync(join(tmpdir(), 'fauxlm-options-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(root, 'test-'));
});

const licenses = {
  name: 'inline.lic',
  text: [
    'SERVER this_host ANY',
    'VENDOR acmed',
    'VENDOR betad',
    'INCREMENT solve acmed 2.0 permanent 2 SIGN=00',
    'INCREMENT view betad 1.0 permanent 7 SIGN=00',
    '',
  ].join('\n'),
};
const clock = 'manual@2030-01-07T09:00Z';

const at = (name: string): string => join(folder, name);
const textOf = (name: string): string => readFileSync(at(name), 'utf8');

/** A server whose acmed has these options, in a file that a test may change. */
function start(options: string, more: { readonly log?: string } = {}) {
  writeFileSync(at('acmed.opt'), options);
  return startLicenseServer({ licenses, clock, options: { acmed: at('acmed.opt') }, ...more });
}

async function takeSolve(address: string, user: string): Promise<void> {
  const client = await connectClient({ server: address, user, host: 'ws1', display: ':0' });
  const seat = await client.checkout('solve');
  if (seat.ok) await client.checkin(seat);
  client.close();
}

describe('DEBUGLOG', () => {
  test('gives a daemon a debug log of its own; the manager and other daemons stay in theirs', async () => {
    const log = at('server.log');
    const server = await start(`DEBUGLOG ${at('acmed.log')}\n`, { log });
    await takeSolve(server.address, 'ann');
    await server.stop();
    expect(textOf('acmed.log')).toContain('(acmed) OUT: "solve" ann@ws1');
    expect(textOf('acmed.log')).toContain('(acmed) EXITING DUE TO SIGNAL 15');
    expect(textOf('acmed.log')).not.toMatch(/\((lmgrd|betad)\)/);
    expect(textOf('server.log')).toContain('(lmgrd) acmed using TCP-port');
    expect(textOf('server.log')).toContain('(betad) Server started on');
    expect(textOf('server.log')).not.toContain('(acmed)');
  });

  test('needs no log of the server, and + keeps what the file holds', async () => {
    writeFileSync(at('acmed.log'), 'old\n');
    const server = await start(`DEBUGLOG +${at('acmed.log')}\n`);
    await server.stop();
    expect(textOf('acmed.log')).toMatch(/^old\n 9:00:00 \(acmed\) FlexNet Licensing version /);
    const other = await start(`DEBUGLOG ${at('acmed.log')}\n`);
    await other.stop();
    expect(textOf('acmed.log')).toMatch(/^ 9:00:00 \(acmed\) FlexNet Licensing version /);
  });

  test('follows a reread: to another file, and back to the log of the server', async () => {
    const log = at('server.log');
    const server = await start(`DEBUGLOG ${at('one.log')}\n`, { log });
    writeFileSync(at('acmed.opt'), `DEBUGLOG ${at('two.log')}\n`);
    await server.reread();
    await takeSolve(server.address, 'ben');
    writeFileSync(at('acmed.opt'), '# nothing\n');
    await server.reread();
    await takeSolve(server.address, 'cat');
    await server.stop();
    expect(textOf('one.log')).not.toContain('OUT:');
    expect(textOf('two.log')).toContain('OUT: "solve" ben@ws1');
    expect(textOf('two.log')).not.toContain('cat@ws1');
    expect(textOf('server.log')).toContain('OUT: "solve" cat@ws1');
  });

  test('a reread that leaves it as it is does not empty it', async () => {
    const server = await start(`DEBUGLOG ${at('acmed.log')}\n`);
    await takeSolve(server.address, 'ann');
    writeFileSync(at('acmed.opt'), `DEBUGLOG ${at('acmed.log')}\nMAX 1 solve USER ann\n`);
    await server.reread();
    await server.stop();
    expect(textOf('acmed.log')).toContain('OUT: "solve" ann@ws1');
  });

  test('in a place that cannot be written, its lines go into the log of the server, which says so', async () => {
    const log = at('server.log');
    const server = await start(`DEBUGLOG ${at('no/such/folder.log')}\n`, { log });
    await takeSolve(server.address, 'ann');
    await server.stop();
    expect(textOf('server.log')).toMatch(
      /\(acmed\) fauxlm: .*folder\.log: expected a debug log that/,
    );
    expect(textOf('server.log')).toContain('(acmed) OUT: "solve" ann@ws1');
  });

  test('is refused where a license or options file would be written over', async () => {
    const log = at('server.log');
    const server = await start(`DEBUGLOG ${at('acmed.opt')}\nREPORTLOG ${at('acmed.opt')}\n`, {
      log,
    });
    await server.stop();
    expect(textOf('acmed.opt')).toMatch(/^DEBUGLOG .*\nREPORTLOG .*\n$/);
    const refused = textOf('server.log').match(
      /acmed\.opt: expected a file for a (debug|report) log/g,
    );
    expect(refused).toHaveLength(2);
  });

  test('may name the log of the server itself', async () => {
    const log = at('server.log');
    const server = await start(`DEBUGLOG ${log}\n`, { log });
    await takeSolve(server.address, 'ann');
    await server.stop();
    expect(textOf('server.log')).toContain('(lmgrd) EXITING DUE TO SIGNAL 15');
    expect(textOf('server.log')).toContain('(acmed) OUT: "solve" ann@ws1');
  });

  test('with AUTO_ROLLOVER puts the file aside at its size, and no line is lost', async () => {
    writeFileSync(at('acmed.log.7'), '');
    writeFileSync(at('acmed.log'), `${'x'.repeat(99)}\n`.repeat(10_480));
    const server = await start(`DEBUGLOG +${at('acmed.log')} AUTO_ROLLOVER 1\n`);
    await server.clock.advance('1d');
    expect(readdirSync(folder).filter((name) => name.startsWith('acmed.log.'))).toContain(
      'acmed.log.8',
    );
    await server.clock.advance('1d');
    await server.stop();
    const all = textOf('acmed.log.8') + textOf('acmed.log');
    expect(all.match(/TIMESTAMP/g)!.length).toBe(2 * 4 - 1);
    expect(textOf('acmed.log.8').endsWith('\n')).toBe(true);
    expect(textOf('acmed.log')).toMatch(/^.{8} \(acmed\) /);
  });

  test('moves of the clock wait for it, too', async () => {
    const server = await start(`DEBUGLOG ${at('acmed.log')}\n`);
    await server.clock.advance('30d');
    expect(textOf('acmed.log').match(/TIMESTAMP \d/g)).toHaveLength(30 * 4 - 1);
    await server.stop();
  });
});

describe('REPORTLOG', () => {
  const linesOf = (name: string): Record<string, unknown>[] =>
    textOf(name)
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);

  test('has every event as the journal has it, whatever NOLOG says', async () => {
    const server = await start(
      `REPORTLOG ${at('report')}\nNOLOG OUT\nNOLOG IN\nEXCLUDE solve USER mal\n`,
    );
    await takeSolve(server.address, 'ann');
    await takeSolve(server.address, 'mal');
    await server.clock.advance('1h');
    await takeSolve(server.address, 'ben');
    const journal = server.journal();
    await server.stop();
    const lines = linesOf('report');
    expect(lines[0]).toMatchObject({ kind: 'reportOpened', version: 1, vendor: 'acmed' });
    expect(lines.at(-1)).toMatchObject({ kind: 'reportClosed', time: '2030-01-07T10:00:00.000Z' });
    expect(lines.slice(1, -1)).toEqual(
      journal.map(({ vendor, event }) => ({
        time: new Date(event.at).toISOString(),
        vendor,
        ...event,
      })),
    );
    const kinds = lines.map(({ kind }) => kind);
    expect(kinds).toContain('checkoutDenied');
    expect(kinds.filter((kind) => kind === 'seatTaken')).toHaveLength(2);
  });

  test('HIDE_USER tells users apart and names none', async () => {
    const server = await start(`REPORTLOG ${at('report')} HIDE_USER\n`);
    for (const user of ['ann', 'ben', 'ann']) await takeSolve(server.address, user);
    await server.stop();
    expect(textOf('report')).not.toMatch(/ann|ben/);
    const users = linesOf('report')
      .filter(({ kind }) => kind === 'seatTaken')
      .map(({ client }) => (client as { user: string }).user);
    expect(users).toEqual(['user1', 'user2', 'user1']);
  });

  test('is emptied at a start unless + is before its path, and follows rereads', async () => {
    const server = await start(`REPORTLOG ${at('one')}\n`);
    writeFileSync(at('acmed.opt'), `REPORTLOG +${at('two')}\n`);
    await server.reread();
    await server.stop();
    expect(linesOf('one').map(({ kind }) => kind)).toEqual(['reportOpened', 'reportClosed']);
    const again = await start(`REPORTLOG +${at('two')}\n`);
    await again.stop();
    const kinds = ['reportOpened', 'reportClosed', 'reportOpened', 'reportClosed'];
    expect(linesOf('two').map(({ kind }) => kind)).toEqual(kinds);
    const anew = await start(`REPORTLOG ${at('two')}\n`);
    await anew.stop();
    expect(linesOf('two')).toHaveLength(2);
  });

  test('says when a reset began everything anew, and has no last word of a daemon that was killed', async () => {
    const server = await start(`REPORTLOG +${at('report')}\n`);
    await server.reset();
    await server.killVendor('acmed');
    await server.clock.advance('1s');
    await server.stop();
    const kinds = linesOf('report').map(({ kind }) => kind);
    expect(kinds).toEqual(['reportOpened', 'reset', 'reportOpened', 'reportClosed']);
  });

  test('docs/reportlog.md names each kind of event that lines can have', async () => {
    const document = readFileSync('docs/reportlog.md', 'utf8');
    const documented = new Set([...document.matchAll(/^\| `(\w+)` \|/gm)].map(([, name]) => name));
    const source = readFileSync('src/domain/ledger/events.ts', 'utf8');
    const kinds = [...source.matchAll(/readonly kind: '(\w+)'/g)].map(([, kind]) => kind);
    expect(kinds.length).toBeGreaterThan(5);
    const told = kinds.filter((kind) => !isBookkeeping({ kind } as never));
    expect(told.filter((kind) => !documented.has(kind))).toEqual([]);
  });
});
