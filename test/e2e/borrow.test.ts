import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { Rng } from '../../src/base/rng.ts';
import { connectClient } from '../../src/client/client.ts';
import { Folder, run, Server, until } from './processes.ts';

const seed = process.env['FAUXLM_SEED'] ?? 'borrow';

/** How often a server is killed at a random moment. */
const rounds = Number(process.env['FAUXLM_FUZZ'] ?? 6);
/** None may be refused for want of seats. */
const seats = 200 + 80 * rounds;

const license = `SERVER this_host ANY
VENDOR acmed
INCREMENT solve acmed 2.0 permanent ${seats} BORROW=48 SIGN=00
INCREMENT plain acmed 2.0 permanent 2 SIGN=00
`;

/** `ann` and so on: who has a borrowed seat of solve, by lmstat. */
async function borrowers(address: string): Promise<readonly string[]> {
  const { out } = await run('lmutil', ['lmstat', '-f', 'solve', '-c', address]);
  return [...out.matchAll(/^ {4}(\S+) .*\(linger: /gm)].map(([, user]) => user!).sort();
}

describe.each([[[]], [['--processes']]])('serve %j --state', (more) => {
  test('a borrowed seat outlives kill -9 of the server, once, and an early return does, too', async () => {
    using folder = new Folder();
    const words = [folder.file('a.lic', license), '--state', folder.at('state'), ...more];
    const home = { HOME: folder.path };
    const checkout = ['checkout', 'solve', '--host', 'ws1', '--borrow', '20h'];
    await using first = await Server.start(folder, words);
    for (const user of ['ann', 'ben']) {
      const args = [...checkout, '-c', first.ready.address, '--user', user, '--', 'true'];
      expect((await run('fauxlm', args, { env: home })).status).toBe(0);
    }
    expect(await borrowers(first.ready.address)).toEqual(['ann', 'ben']);
    first.child.kill('SIGKILL');
    await first.ended;

    await using second = await Server.start(folder, words);
    expect(await borrowers(second.ready.address)).toEqual(['ann', 'ben']);
    const server = second.ready.address;
    const ben = await connectClient({ server, user: 'ben', host: 'ws1', vendor: 'acmed' });
    expect(await ben.returnBorrow('solve')).toBeUndefined();
    ben.close();
    second.child.kill('SIGKILL');
    await second.ended;

    await using third = await Server.start(folder, words);
    expect(await borrowers(third.ready.address)).toEqual(['ann']);
  });
});

test('whatever moment a server is killed at, no borrow that was acknowledged is lost, and none doubled', {
  timeout: 120_000 + rounds * 30_000,
}, async () => {
  const rng = new Rng(seed);
  console.log(`borrow: FAUXLM_SEED=${seed}`);
  using folder = new Folder();
  const words = [folder.file('a.lic', license), '--state', folder.at('state')];
  const acknowledged = new Set<string>();
  const asked = new Set<string>();
  /** Asked to be taken back: gone when that was acknowledged, else either. */
  const returning = new Set<string>();
  const returned = new Set<string>();
  for (let round = 0; round < rounds; round++) {
    await using server = await Server.start(folder, words);
    const { address } = server.ready;
    const killAt = acknowledged.size + 1 + rng.below(12);
    const lives = Array.from({ length: 4 }, async (_, index) => {
      for (let n = 0; n < 20; n++) {
        const user = `u${round}-${index}-${n}`;
        const client = await connectClient({ server: address, user, host: 'ws1', vendor: 'acmed' });
        asked.add(user);
        const result = await client.borrow('solve', { until: '40h' });
        if (!result.ok) return client.close();
        acknowledged.add(user);
        if (n % 3 === 2) {
          returning.add(user);
          if ((await client.returnBorrow('solve')) === undefined) returned.add(user);
        }
        client.close();
        if (acknowledged.size >= killAt) server.child.kill('SIGKILL');
      }
    });
    await Promise.allSettled(lives);
    await server.ended;
  }
  await using last = await Server.start(folder, words);
  const out = await borrowers(last.ready.address);
  expect(new Set(out).size, 'nobody twice').toBe(out.length);
  expect(
    [...acknowledged].filter((user) => !out.includes(user) && !returning.has(user)),
    'none is lost',
  ).toEqual([]);
  expect(
    out.filter((user) => !asked.has(user)),
    'none is made up',
  ).toEqual([]);
  expect(
    out.filter((user) => returned.has(user)),
    'none that was given back is back',
  ).toEqual([]);
});

test('a borrowed license serves without its server, at its version and count, on its machine', async () => {
  using folder = new Folder();
  const server = await Server.start(folder, [folder.file('a.lic', license)]);
  const { address } = server.ready;
  const env = { HOME: folder.path, LM_LICENSE_FILE: address };
  const as = ['--user', 'ann', '--host', 'ws1'];
  const checkout = (...more: string[]) => run('fauxlm', ['checkout', 'solve', ...more], { env });
  expect((await checkout(...as, '--borrow', '20h', '--', 'true')).status).toBe(0);
  await server.stop();

  const offline = await checkout(...as, '--json', '--', 'sh', '-c', 'exit 7');
  expect(offline.status).toBe(7);
  expect(JSON.parse(offline.out)).toMatchObject({ feature: 'solve', server: address });
  expect((await checkout(...as, '-V', '3.0', '--', 'true')).status).toBe(3);
  expect((await checkout(...as, '-n', '2', '--', 'true')).status).toBe(3);
  expect((await checkout('--user', 'ben', '--host', 'ws1', '--', 'true')).status).toBe(3);
  expect((await checkout('--user', 'ann', '--host', 'ws2', '--', 'true')).status).toBe(3);
});

test('LM_BORROW borrows at the next checkout, of what may be borrowed', async () => {
  using folder = new Folder();
  await using server = await Server.start(folder, [folder.file('a.lic', license)]);
  const { address } = server.ready;
  const day = new Date(Date.now() + 24 * 60 * 60 * 1000);
  const months = [
    'jan',
    'feb',
    'mar',
    'apr',
    'may',
    'jun',
    'jul',
    'aug',
    'sep',
    'oct',
    'nov',
    'dec',
  ];
  const flexnet = (date: Date) =>
    `${date.getDate()}-${months[date.getMonth()]}-${date.getFullYear()}`;
  const env = {
    HOME: folder.path,
    LM_LICENSE_FILE: address,
    LM_BORROW: `${flexnet(new Date())}:all:${flexnet(day)}`,
  };
  const as = ['--user', 'ann', '--host', 'ws1', '--', 'true'];
  expect((await run('fauxlm', ['checkout', 'solve', ...as], { env })).status).toBe(0);
  expect((await run('fauxlm', ['checkout', 'plain', ...as], { env })).status).toBe(0);
  expect(await borrowers(address)).toEqual(['ann']);
  const { out } = await run('lmutil', ['lmstat', '-f', 'plain', '-c', address]);
  expect(out).toContain('Total of 0 licenses in use');
});

test('--wait waits in the queue, which lmstat shows, until a license is free', async () => {
  using folder = new Folder();
  const log = folder.at('debug.log');
  const one = license.replace('permanent 2 ', 'permanent 1 ');
  await using server = await Server.start(folder, [folder.file('a.lic', one), '--log', log]);
  const { address } = server.ready;
  const holder = await connectClient({ server: address, user: 'ann', host: 'ws1' });
  const held = await holder.checkout('plain');
  const waiting = run('fauxlm', [
    ...['checkout', 'plain', '-c', address, '--user', 'ben', '--host', 'ws2', '--wait'],
    ...['--', 'sh', '-c', 'exit 9'],
  ]);
  const shown = async (): Promise<string> =>
    (await run('lmutil', ['lmstat', '-f', 'plain', '-c', address])).out;
  await until(async () => /^ {4}ben ws2 .* queued for 1 license$/m.test(await shown()));
  if (held.ok) await holder.checkin(held);
  expect((await waiting).status).toBe(9);
  holder.close();
  await until(() => /IN: "plain" ben@ws2/.test(readFileSync(log, 'utf8')));
  const lines = readFileSync(log, 'utf8').match(/(?:QUEUED|DEQUEUED|OUT|IN): "plain" \S+/g);
  expect(lines?.filter((line) => line.includes('ben'))).toEqual([
    'QUEUED: "plain" ben@ws2',
    'DEQUEUED: "plain" ben@ws2',
    'OUT: "plain" ben@ws2',
    'IN: "plain" ben@ws2',
  ]);
});
