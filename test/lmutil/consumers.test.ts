import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { records, startOwn } from './license-server.ts';
import { lmutil } from './test-io.ts';

/** What public monitors look for in lmstat's output, in our own words: reference facts, one a test. */

const { feature, pool, user } = records;

async function report(): Promise<{ out: string; port: number }> {
  const pages = [
    [
      feature({ issued: 20, used: 16 }),
      pool({ used: 16 }),
      user({ user: 'Jane Doe', count: 13 }),
      user({ handle: 202, lingerRemaining: 4_263_164, lingerTotal: 5_487_240 }),
      { kind: 'reservation', count: 2, type: 'GROUP', name: 'crew' } as const,
      {
        kind: 'queued',
        user: 'q',
        host: 'h',
        display: ':0',
        version: '1.0',
        handle: 3,
        count: 1,
      } as const,
    ],
  ];
  const server = await startOwn({ vendors: { acmed: { pages }, betad: { down: true } } });
  const { out } = await lmutil(['lmstat', '-a', '-c', server.address]);
  return { out, port: server.port };
}

test.each([
  ['the server line', /license server (UP|DOWN)( \(MASTER\))? v(\d+[.\d]*)$/m],
  ['a daemon that is up', /^\s*(\S+): UP v(\S+)$/m],
  ['a daemon that is down', /^\s*betad: .*\bdown\b.*\(-97,121\)$/m],
  [
    'totals',
    /^Users of (.*): {2}\(Total of (\d+) licenses? issued; {2}Total of (\d+) licenses? in use\)$/m,
  ],
  ['a pool', /^ {2}"([^"]+)" v([^,]+), vendor: ([^,]+), expiry: (.+)$/m],
  ['the kind of license', /^ {2}floating license$/m],
  [
    'several licenses of one user',
    /^ {4}Jane Doe .* start \w{3} \d+\/\d+ \d+:\d\d, (\d+) licenses$/m,
  ],
  ['linger', /\(linger: (\d+)( \/ (\d+))?\)/],
  ['handles for lmremove', / \(([^ /]+)\/(\d+) (\d+)\), start /],
  ['a reservation', /^\t(\d+) RESERVATIONs? for (GROUP|HOST|USER) (\S+) \(/m],
  ['the queue', / queued for (\d+) licenses?$/m],
  ['the banner', /^lm(util|stat) - /],
])('%s', async (_what, pattern) => {
  expect((await report()).out).toMatch(pattern);
});

test('an awk script sums up who uses what', async () => {
  const { out } = await report();
  const script = '/^Users of/ { f = $3; sub(/:/, "", f); print f, $6, $11 }';
  const said = execFileSync('awk', [script], { input: out, encoding: 'utf8' });
  expect(said).toBe('solve 20 16\n');
});

test('the host that is up is the host in the status line, as exporters need it', async () => {
  const { out, port } = await report();
  const [, host] = /^License server status: \d+@(\S+)$/m.exec(out) ?? [];
  expect(out).toContain(` ${host}: license server UP`);
  expect(out).toContain(`(${host}/${port} `);
});
