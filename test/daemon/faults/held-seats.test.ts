import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { JournalEntry } from '../../../src/daemon/journal.ts';
import { Folder } from '../../e2e/processes.ts';
import { client, codes, faulty, outcome } from './faulty-server.ts';

/** How seats came back, in words. */
function returnsOf(entries: readonly JournalEntry[]): readonly string[] {
  return entries.flatMap(({ event }) =>
    event.kind === 'seatReturned' ? [`${event.client.user} ${event.feature} ${event.reason}`] : [],
  );
}

test('a feature that is removed is lost by who holds it, as with a reread, and by nobody else', async () => {
  const server = await faulty({ clock: 'manual' });
  const [ann, ben] = [await client(server, 'ann'), await client(server, 'ben')];
  for (const feature of ['solve', 'mesh']) {
    expect(codes(await ann.checkout(feature))).toBe('granted');
    expect(codes(await ben.checkout(feature))).toBe('granted');
  }
  await server.faults.add('removed feature=solve user=ann after=1h');
  await server.clock.advance('59m');
  expect(returnsOf(server.journal())).toEqual([]);
  await server.clock.advance('1m');
  expect(returnsOf(server.journal())).toEqual(['ann solve reread']);
  expect(await outcome(server, { user: 'ann' })).toBe('-5,346');
  expect(await outcome(server, { user: 'ben' })).toBe('granted');
  await server.faults.clear();
  expect(await outcome(server, { user: 'ann' })).toBe('granted');
});

test.each(['expired', 'hostid', 'removed first=5', 'removed probability=1/2', 'denied'])(
  '%s: only who asks is refused, who holds a license keeps it',
  async (fault) => {
    const server = await faulty();
    const ann = await client(server);
    expect(codes(await ann.checkout('solve'))).toBe('granted');
    await server.faults.add(fault);
    expect(returnsOf(server.journal())).toEqual([]);
    expect(server.snapshot('acmed').features.map(({ used }) => used)).toEqual([1, 0]);
  },
);

test('a daemon that crashes loses its seats and is back at once', async () => {
  const server = await faulty({ clock: 'manual' });
  const ann = await client(server);
  expect(codes(await ann.checkout('solve'))).toBe('granted');
  const { port } = server.vendors[0]!;
  await server.faults.add('crash');
  expect(await server.faults.list()).toMatchObject([{ state: 'over', hits: 1 }]);
  await server.clock.advance(0);
  expect(server.vendors[0]!.port).toBe(port);
  expect(server.snapshot('acmed').features.map(({ used }) => used)).toEqual([0, 0]);
  expect(await outcome(server, { user: 'ben' })).toBe('granted');
});

test('a restart loop ends with the daemon given up; clearing it starts the daemon', async () => {
  const noticed: string[] = [];
  const notice = (what: string): void => void noticed.push(what);
  const server = await faulty({ clock: 'manual', notice });
  await server.faults.add('restart-loop lives=2s');
  expect(await outcome(server)).toBe('granted');
  await server.clock.advance('10m');
  expect(await outcome(server)).toMatch(/^-97,121/);
  expect(noticed.filter((what) => what === 'vendor daemon restarted')).toHaveLength(10);
  const [listed] = await server.faults.list();
  expect(listed!.hits).toBeGreaterThan(10);
  await server.faults.clear();
  expect(await outcome(server)).toBe('granted');
});

test('a full disk takes no lines of the debug log; they come when there is room', async () => {
  using folder = new Folder();
  const log = join(folder.path, 'debug.log');
  const server = await faulty({ log, clock: 'manual', notice: () => {} });
  const written = async (): Promise<string> => {
    await server.clock.advance(0);
    return readFileSync(log, 'utf8');
  };
  await server.faults.add('disk-full for=10m');
  expect(await outcome(server)).toBe('granted');
  expect(await written()).not.toContain('OUT: "solve"');
  await server.clock.advance('10m');
  await expect.poll(written, { timeout: 20_000 }).toContain('OUT: "solve"');
});
