import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { connectClient, DebugLogReader, startLicenseServer } from '../../src/index.ts';

const license = `SERVER this_host ANY
VENDOR acmed
INCREMENT solve acmed 2.0 permanent 3 DUP_GROUP=UH SIGN=00
INCREMENT solve acmed 1.0 permanent 2 DUP_GROUP=UH SIGN=00
`;

test('the verbose form tells of each seat who took what from where, and how many are in use then', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'verbose-log-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const log = join(folder, 'debug.log');
  const server = await startLicenseServer({
    licenses: { name: 'a.lic', text: license },
    log,
    verboseLog: true,
  });
  const connect = (user: string) =>
    connectClient({ server: server.address, user, host: 'ws1', display: ':0' });
  vi.stubEnv('LM_PROJECT', 'new bridge');
  const ann = await connect('ann');
  vi.unstubAllEnvs();
  const first = await ann.checkout('solve', { version: '1.5', count: 2 });
  const again = await ann.checkout('solve', { version: '1.5', count: 2 });
  const ben = await connect('ben');
  await ben.checkout('solve', { version: '1.5', count: 2 });
  const asked = await ben.checkout('solve', { version: '2.0', count: 3, whenInUse: 'queue' });
  if (asked.ok || asked.queued === undefined) expect.fail('expected it to wait');
  for (const taken of [first, again]) if (taken.ok) await ann.checkin(taken);
  expect(await asked.queued.granted).toMatchObject({ ok: true });
  ann.close();
  ben.close();
  await server.stop();

  const reader = new DebugLogReader();
  const lines = readFileSync(log, 'utf8')
    .split('\n')
    .filter((line) => / (?:OUT|IN|DENIED|QUEUED|DEQUEUED): /.test(line));
  const told = lines.map((line) => {
    const { event } = reader.read(line);
    if (!('verbose' in event) || event.verbose === undefined) return line;
    const { at: _at, handle, flexVersion, flexRevision, ...rest } = event.verbose;
    expect({ flexVersion, flexRevision }).toEqual({ flexVersion: 11, flexRevision: 18 });
    return { kind: event.kind, count: event.count, ...rest, hasHandle: handle > 0 };
  });
  const of = (user: string) => ({ user, address: '127.0.0.1', pid: process.pid, hasHandle: true });
  const annOf = { ...of('ann'), project: 'new_bridge', outOf: 5, isDuplicate: false };
  const benOf = { ...of('ben'), project: '-', outOf: 5, isDuplicate: false };
  expect(told).toEqual([
    { kind: 'out', count: 2, ...annOf, version: '1.5', inUse: 2 },
    { kind: 'out', count: 2, ...annOf, version: '1.5', inUse: 2, isDuplicate: true },
    { kind: 'denied', count: 2, ...benOf, version: '1.5', inUse: 2, hasHandle: false },
    { kind: 'queued', count: 3, ...benOf, version: '2.0', inUse: 2 },
    { kind: 'in', count: 2, ...annOf, version: '2.0', inUse: 2 },
    { kind: 'in', count: 2, ...annOf, version: '2.0', inUse: 0 },
    { kind: 'dequeued', count: 3, ...benOf, version: '-', inUse: 0 },
    { kind: 'out', count: 3, ...benOf, version: '2.0', inUse: 3 },
    { kind: 'in', count: 3, ...benOf, version: '2.0', inUse: 0 },
  ]);
  expect(lines[0]).toMatch(
    /\(acmed\) OUT: "solve" ann@ws1 {2}\(2 licenses\) \^\^\^ 1\.5 ann 127\.0\.0\.1 \d+ 0x[\dA-F]+ 2 5 new_bridge 11 18 \d+-\d+-\d{4} \d+:\d\d:\d\d NO \^\^\^$/,
  );
});
