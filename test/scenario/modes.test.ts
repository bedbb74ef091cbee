import { expect, onTestFinished, test } from 'vitest';
import { startServer } from '../../src/daemon/server.ts';
import { failureLines } from '../../src/scenario/reporters/reporter.ts';
import { makeFile, runFiles } from './make.ts';

test('a scenario that cannot be carried out as asked is skipped, and says why', async () => {
  const { results, summary } = await runFiles(['scenarios/start/first-checkout.yaml'], {
    mode: 'ledger',
  });
  expect(results[0]).toMatchObject({
    status: 'skipped',
    reason: expect.stringContaining('programs'),
  });
  expect(summary).toMatchObject({ passed: 0, failed: 0, broken: 0, skipped: 1 });
});

test('why a server elsewhere does not answer is told by its own address', async () => {
  const file = makeFile(`name: nobody there
servers: [{ license: "SERVER this_host ANY\\nVENDOR acmed\\n" }]
steps:
  - checkout: { feature: solve }
`);
  const { results } = await runFiles([file], { mode: 'target', target: '1@127.0.0.1' });
  expect(results[0]!.failure?.explanation).toEqual([expect.stringMatching(/^1@127\.0\.0\.1: /)]);
});

test('the client side runs against a server elsewhere', async () => {
  const text =
    'SERVER this_host ANY\nVENDOR acmed\nINCREMENT solve acmed 2.0 permanent 2 SIGN=00\n';
  const server = await startServer({ licenses: [{ name: 'a.lic', text }], port: 0 });
  onTestFinished(() => server.stop());
  const file = makeFile(`name: client side
servers: [{ license: "SERVER this_host ANY\\nVENDOR acmed\\n" }]
steps:
  - checkout: { feature: solve, users: 3 }
    expect: { granted: 2, denied: { code: -4, count: 1 }, inUse: { solve: 2 } }
  - lmutil: lmstat -a
    expect: { contains: 'Total of 2 licenses in use' }
`);
  const target = `${server.port}@127.0.0.1`;
  const { results } = await runFiles([file, 'scenarios/denials/queue.yaml'], {
    mode: 'target',
    target,
  });
  expect(results.flatMap(failureLines).join('\n')).toBe('');
  expect(results.map(({ status }) => status)).toEqual(['passed', 'skipped']);
  expect(server.journal.entries().filter(({ event }) => event.kind === 'seatTaken')).toHaveLength(
    2,
  );
});
