import { spawn } from 'node:child_process';
import { expect, test } from 'vitest';
import { connectClient } from '../../src/client/client.ts';
import { environment, Folder, programs, run, until } from './processes.ts';
import { Members, names, triadLicense } from './triad-members.ts';

/** `npm run test:slow` makes it a hundred. */
const failovers = Number(process.env['FAUXLM_FUZZ'] ?? 3);
const USERS = ['ann', 'ben', 'cat', 'dan', 'eve'];
/** (3 * s) + (s - 1) for a HEARTBEAT_INTERVAL of 1, and 2 s more. */
const WITHIN_MS = 5_000;

/** `ann` and so on, once a seat, and how many are in use, as the triad's lmstat tells. */
async function holders(address: string) {
  const { out } = await run('lmutil', ['lmstat', '-f', 'solve', '-c', address]);
  const users = [...out.matchAll(/^ {4}(\S+) \S+ .*\(v/gm)].map(([, user]) => user!).sort();
  return { users, inUse: Number(/Total of (\d+) licenses? in use/.exec(out)?.[1]) };
}

test(`${failovers} times kill -9 of the master: all hold their seats again in time, each one`, async () => {
  using folder = new Folder();
  // As many licenses as holders: a seat that is counted twice leaves somebody without.
  const feature = `INCREMENT solve acmed 2.0 permanent ${USERS.length + 1} SIGN=00`;
  const license = folder.file('triad.lic', triadLicense('HEARTBEAT_INTERVAL=1', [feature]));
  await using members = new Members((place) => [
    license,
    '--log',
    `+${Members.logOf(folder, place)}`,
  ]);
  await members.startAll();
  expect(members.master).toBe(0);

  const regainedAt = new Map<string, number>();
  const clients = await Promise.all(
    USERS.map((user) =>
      connectClient({
        ...{ server: members.address, user, host: 'ws1', vendor: 'acmed' },
        onEvent: ({ kind }) => {
          if (kind === 'regained') regainedAt.set(user, performance.now());
          else if (kind === 'gaveUp') regainedAt.set(user, Number.POSITIVE_INFINITY);
        },
      }),
    ),
  );
  for (const client of clients) expect(await client.checkout('solve')).toMatchObject({ ok: true });
  // A command under `fauxlm checkout` runs through all of it.
  const words = ['checkout', 'solve', '-c', members.address, '--user', 'zoe', '--host', 'ws2'];
  const holder = spawn(process.execPath, [programs.fauxlm, ...words, '--', 'sleep', '3600'], {
    env: environment(),
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  holder.stderr.setEncoding('utf8').on('data', (text: string) => {
    said += text;
    if (text.includes('regained')) regainedAt.set('zoe', performance.now());
  });
  const everybody = [...USERS, 'zoe'];
  const all = { users: everybody, inUse: everybody.length };
  await until(async () => (await holders(members.address)).inUse === everybody.length);

  const took: number[] = [];
  for (let round = 0; round < failovers; round++) {
    const lost = members.master!;
    regainedAt.clear();
    const began = performance.now();
    await members.end(lost, 'SIGKILL');
    await until(() => everybody.every((user) => regainedAt.has(user)));
    took.push(Math.round(Math.max(...regainedAt.values()) - began));
    expect(await holders(members.address), `after failover ${round + 1}`).toEqual(all);
    expect(members.master).toBe(lost === 0 ? 1 : 0);
    await members.start(lost);
    await members.connected();
    // Whoever comes back changes nothing for those who hold a seat.
    expect(await holders(members.address), `after return ${round + 1}`).toEqual(all);
  }
  const sorted = [...took].sort((a, b) => a - b);
  const middle = sorted[Math.floor(sorted.length / 2)];
  const figures = `min ${sorted[0]} ms, median ${middle} ms, max ${sorted.at(-1)} ms`;
  console.log(
    `triad-failover: ${took.length} of ${failovers}, ${names.length} members: ${figures}`,
  );
  expect(sorted.at(-1)).toBeLessThanOrEqual(WITHIN_MS);
  // What it runs was not touched.
  expect(holder.exitCode).toBe(null);
  expect(said.split('regained').length - 1).toBe(failovers);
  holder.kill('SIGTERM');
  for (const client of clients) client.close();
});
