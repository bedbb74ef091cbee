import { z } from 'zod';
import { parseDuration } from '../../base/time-words.ts';
import { expectation, type View } from '../expectation-row.ts';
import type { JobEnd } from '../job-run.ts';
import { jobEndText } from '../outcomes.ts';
import { amount, amountText, duration, isAmount, name } from '../words.ts';

const ways = z.enum(['checkin', 'dies', 'vanishes', 'timedOut']);

const wait = z.union([
  duration,
  z.strictObject({ atLeast: duration.optional(), atMost: duration.optional() }),
]);

function jobsOf({ outcome }: View): readonly JobEnd[] {
  return outcome?.kind === 'jobs' ? outcome.jobs : [];
}

function isWait(ms: number, wanted: z.infer<typeof wait>): boolean {
  if (typeof wanted === 'string') return ms === parseDuration(wanted);
  const { atLeast = '0s', atMost } = wanted;
  return ms >= parseDuration(atLeast) && (atMost === undefined || ms <= parseDuration(atMost));
}

export const started = expectation({
  summary: 'the jobs that got their licenses, in the order in which they did; `all` unless given',
  example: `
- job:
    - { name: a, resources: { requests: { licenses: { flexlm/solve: 2 } } }, holds: 3h }
    - { name: b, resources: { requests: { licenses: { flexlm/solve: 1 } } }, timeout: 1h }
  expect: { started: [a], ended: { b: timedOut } }
`,
  of: 'jobs',
  words: z.union([z.literal('all'), z.array(name)]),
  check(words, view) {
    const jobs = jobsOf(view).filter(({ startedAt }) => startedAt !== undefined);
    if (words === 'all') {
      const left = jobsOf(view).filter(({ startedAt }) => startedAt === undefined);
      if (left.length === 0) return undefined;
      return { expected: 'all jobs to start', got: left.map(jobEndText).join('; ') };
    }
    const got = [...jobs].sort((a, b) => a.startedAt! - b.startedAt!).map((job) => job.name);
    if (got.join('\n') === words.join('\n')) return undefined;
    return { expected: `started: ${words.join(', ')}`, got: got.join(', ') || 'none' };
  },
});

export const ended = expectation({
  summary: 'how jobs ended, how long they had waited, how often they had asked, what they took',
  example: `
- job: { resources: { requests: { licenses: { flexlm/mesh: 2 } }, limits: { licenses: { flexlm/mesh: 8 } } } }
  expect: { ended: { job: { how: checkin, waited: 0s, looks: 1, took: { mesh: 5 } } } }
`,
  of: 'jobs',
  words: z.record(
    name,
    z.union([
      ways,
      z.strictObject({
        how: ways.optional(),
        waited: wait.optional(),
        looks: amount.optional().describe('how often lmstat was asked'),
        took: z.record(name, amount).optional(),
      }),
    ]),
  ),
  check(words, view) {
    for (const [jobName, wanted] of Object.entries(words)) {
      const got = jobsOf(view).find((each) => each.name === jobName);
      const given = typeof wanted === 'string' ? { how: wanted } : wanted;
      const { how, waited, looks, took = {} } = { waited: undefined, looks: undefined, ...given };
      const isIt =
        got !== undefined &&
        (how === undefined || got.ended === how) &&
        (waited === undefined || isWait(got.waitedMs, waited)) &&
        (looks === undefined || isAmount(got.looks, looks)) &&
        Object.entries(took).every(([feature, number]) => isAmount(got.took[feature] ?? 0, number));
      if (isIt) continue;
      const parts = [
        how,
        waited && `waited ${JSON.stringify(waited)}`,
        looks === undefined ? undefined : `${amountText(looks)} looks`,
        Object.keys(took).length > 0 ? `took ${JSON.stringify(took)}` : undefined,
      ].filter((part) => part !== undefined);
      return {
        expected: `${jobName}: ${parts.join(', ')}`,
        got: got === undefined ? 'no such job' : jobEndText(got),
      };
    }
    return undefined;
  },
});
