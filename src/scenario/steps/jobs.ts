import { z } from 'zod';
import { parseDuration } from '../../base/time-words.ts';
import { type Job, JobRun } from '../job-run.ts';
import { step } from '../step-row.ts';
import { client, count, duration, name } from '../words.ts';

/** `flexlm/FLUENT: 4` */
const licenses = z.record(name, count).describe('how many of each feature: flexlm/FLUENT: 4');

const jobWords = z.strictObject({
  name: name.optional().describe('how expectations name it; job, job2 ... unless given'),
  user: client.optional(),
  resources: z.strictObject({
    requests: z.strictObject({ licenses }).describe('as many as it needs'),
    limits: z.strictObject({ licenses }).optional().describe('as many as it takes where free'),
  }),
  priority: z.int().optional().describe('the highest goes first; 0 unless given'),
  after: duration.optional().describe('when it is submitted, from the beginning of the step'),
  holds: duration.optional().describe('how long it runs; 1h unless given'),
  every: duration.optional().describe('between two looks at lmstat; 1m unless given'),
  timeout: duration.optional().describe('the longest wait for licenses; 24h unless given'),
  ends: z
    .enum(['checkin', 'dies', 'vanishes'])
    .optional()
    .describe('dies: without check-in; vanishes: its host is cut off'),
});

const checkedJob = jobWords.superRefine(({ resources: { requests, limits } }, context) => {
  for (const [feature, most] of Object.entries(limits?.licenses ?? {})) {
    const least = requests.licenses[feature];
    if (least !== undefined && most >= least) continue;
    const expected = least === undefined ? 'a feature of the requests' : `at least ${least}`;
    const message = `expected ${expected}, got ${least === undefined ? `"${feature}"` : most}`;
    const path = ['resources', 'limits', 'licenses', feature];
    context.addIssue({ code: 'custom', path, message });
  }
});

type JobWords = z.infer<typeof jobWords>;

function jobsOf(words: JobWords | readonly JobWords[]): readonly Job[] {
  const list = Array.isArray(words) ? words : [words as JobWords];
  return list.map((each: JobWords, index) => jobOf(each, index));
}

function jobOf(words: JobWords, index: number): Job {
  const { resources, priority = 0, after = '0s', holds = '1h', every = '1m' } = words;
  const { timeout = '24h', ends = 'checkin' } = words;
  const most = new Map(entriesOf(resources.limits?.licenses ?? {}));
  const wanted = entriesOf(resources.requests.licenses).map(([feature, least]) => {
    return [feature, { least, most: Math.max(least, most.get(feature) ?? least) }] as const;
  });
  return {
    name: words.name ?? (index === 0 ? 'job' : `job${index + 1}`),
    client: words.user ?? `job${index + 1}@node${index + 1}`,
    licenses: new Map(wanted),
    ...{ priority, ends },
    afterMs: parseDuration(after),
    holdsMs: parseDuration(holds),
    everyMs: Math.max(1_000, parseDuration(every)),
    timeoutMs: parseDuration(timeout),
  };
}

/** The kind of license server stands before the feature. */
function entriesOf(all: Readonly<Record<string, number>>): readonly (readonly [string, number])[] {
  return Object.entries(all).map(([key, number]) => [key.replace(/^.*\//, ''), number] as const);
}

export const job = step({
  summary: 'runs batch jobs side by side that look whether licenses are free, wait, hold and end',
  example: `
- job:
    user: ann@node1
    resources: { requests: { licenses: { flexlm/mesh: 4 } } }
    holds: 2h
- job:
    - { name: low, resources: { requests: { licenses: { flexlm/mesh: 3 } } }, holds: 1h }
    - { name: late, after: 5m, resources: { requests: { licenses: { flexlm/mesh: 5 } } }, ends: dies }
    - { name: urgent, after: 10m, priority: 9, resources: { requests: { licenses: { flexlm/mesh: 4 } } } }
  expect:
    started: [low, urgent, late]
    ended: { late: dies, urgent: { how: checkin, waited: { atLeast: 49m, atMost: 51m } } }
`,
  words: z.union([checkedJob, z.array(checkedJob).min(1).max(100)]),
  yields: 'jobs',
  needs: (words) => {
    const vanishes = jobsOf(words).some(({ ends }) => ends === 'vanishes');
    return vanishes ? ['tools', 'clock', 'lives'] : ['tools', 'clock'];
  },
  async run(words, { stand }) {
    return { kind: 'jobs', jobs: await new JobRun(stand, jobsOf(words)).take() };
  },
  show: (words) => {
    const jobs = jobsOf(words);
    const [first] = jobs;
    return jobs.length === 1 ? `job of ${first!.client}` : `${jobs.length} jobs`;
  },
});
