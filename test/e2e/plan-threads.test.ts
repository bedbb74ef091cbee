import { expect, test } from 'vitest';
import { logOf, poisson } from '../plan/sessions.ts';
import { Folder, run, textOf } from './processes.ts';

/** Notes which files of ours begin as threads. */
const witness = `
const { isMainThread } = require('node:worker_threads');
const { appendFileSync } = require('node:fs');
if (!isMainThread) appendFileSync(process.env.THREADS_SEEN, 'thread\\n');
`;

test('the built planner replays in threads, and says what it says without', async () => {
  using folder = new Folder();
  // More than 20,000 starts: fewer are replayed before a thread has begun.
  const log = logOf(poisson('threads', 30, 40));
  const seen = folder.file('threads', '');
  const preload = folder.file('witness.cjs', witness);
  const env = { NODE_OPTIONS: `--require=${preload}`, THREADS_SEEN: seen };
  const asked = ['--feature', 'solve', '--time-zone', 'UTC', '--replications', '3'];
  const words = ['plan', log, ...asked, '--json'];
  const alone = await run('fauxlm', [...words, '--workers', '1'], { env });
  expect([alone.status, textOf(seen)], alone.err).toEqual([0, '']);
  const together = await run('fauxlm', [...words, '--workers', '2'], { env });
  expect([together.status, textOf(seen)], together.err).toEqual([0, 'thread\nthread\n']);
  expect(JSON.parse(together.out)).toEqual(JSON.parse(alone.out));
});
