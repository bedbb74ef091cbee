import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { Folder, run, Server } from '../e2e/processes.ts';
import { loggedSeats, soakLicense } from './soak-parts.ts';

/** A minute in CI. */
const seconds = Number(process.env['FAUXLM_FUZZ'] ?? 60);

/** What goes wrong all the time, and a daemon that dies in the middle. */
const faults = [
  'slow latency=20ms jitter=10ms probability=1/30',
  'slice bytes=40 every=2ms probability=1/20',
  'denied code=-4 probability=1/20',
  'reset server=vendor probability=1/300',
  `crash vendor=meshd after=${Math.ceil(seconds / 2)}s`,
];

const profile = `name: soak with faults
phases: [{ soak: { rate: 60/s, for: ${seconds}s } }]
users: 100
sessions:
  - { weight: 6, checkout: solve, hold: exp:300ms, retry: '100ms,5' }
  - { weight: 2, checkout: [solve, 'mesh:2'], hold: exp:500ms, queue: { patience: exp:500ms } }
  - { weight: 1, checkout: mesh, hold: exp:200ms, deaths: 10% }
monitors: [{ ask: all, every: 5s }]
churn: 5/s
`;

test(`a soak of ${seconds} s with faults on: no session and no seat is lost count of`, async () => {
  using folder = new Folder();
  const log = folder.at('debug.log');
  const on = faults.flatMap((fault) => ['--fault', fault]);
  const words = [folder.file('a.lic', soakLicense), '--log', log, ...on];
  await using server = await Server.start(folder, words);
  const { address } = server.ready;
  const file = folder.file('faulty.profile.yaml', profile);
  const result = folder.at('result.json');
  const flags = ['-c', address, '--seed', 'faults', '--no-abort-early', '--json-file', result];
  const { status, out, err } = await run('fauxlm', ['load', file, ...flags]);
  expect([0, 5], `${out}${err}`).toContain(status);

  const told = JSON.parse(readFileSync(result, 'utf8'));
  expect(told.checkins + told.deaths + told.losses).toBe(told.grants);
  const { granted, denied, failed, abandoned, dropped, skipped } = told;
  expect(granted + denied + failed + abandoned + dropped + skipped).toBe(told.arrivals);
  for (const name of ['granted', 'denials', 'losses', 'regained', 'deaths', 'polls']) {
    expect(told[name], name).toBeGreaterThan(0);
  }

  const status1 = () => run('lmutil', ['lmstat', '-a', '-c', address]);
  await expect
    .poll(async () => (await status1()).out, { interval: 200, timeout: 60_000 })
    .toMatch(/solve:.*Total of 0 licenses in use[\s\S]*mesh:.*Total of 0 licenses in use/);
  const stopped = await server.stop();
  expect(stopped.err).not.toContain('defect');
  const counts = await loggedSeats(log);
  console.log(JSON.stringify({ counts, granted, denied, failed, losses: told.losses }));
  expect(counts['IN solve']).toBe(counts['OUT solve']);
  // What the daemon that died had out went with it.
  expect(counts['OUT mesh']! - counts['IN mesh']!).toBeLessThanOrEqual(30);
});
