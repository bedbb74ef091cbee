import { z } from 'zod';
import { KnownError } from '../../base/errors.ts';
import { limits } from '../../base/limits.ts';
import { parsedText } from '../../documents/parsed-text.ts';
import type { Workload } from '../../domain/workload/model.ts';
import { expectedSessions } from '../../domain/workload/sessions.ts';
import { parseDistribution, parseRate } from '../../domain/workload/words.ts';
import { parseBundle, parseRetry, shareOf, workloadOfFlags } from '../../load/flag-workload.ts';
import { readProfile } from '../../load/profile.ts';
import { runStandLoad } from '../stand-load.ts';
import { step } from '../step-row.ts';
import { duration, listOf, name } from '../words.ts';

const features = parsedText((text) => parseBundle(text, 'feature'), 'NAME, NAME:COUNT, or A+B');
const time = parsedText((text) => parseDistribution(text, 'time'), 'fixed:1m, exp:10m ...');

/** The flags of `fauxlm load` that say what sessions do, or a profile in their place. */
const loadWords = z.strictObject({
  profile: name
    .optional()
    .describe('a load profile beside this file (*.profile.yaml), in the place of all but server'),
  feature: z
    .union([features, z.array(features).min(1).max(100)])
    .optional()
    .describe('what a session takes, together; a list for a mix of sessions'),
  rate: parsedText((text) => parseRate(text, 'rate'), 'sessions that begin: 6/m')
    .optional()
    .describe('sessions that begin, whatever becomes of the others: 6/m'),
  think: time.optional().describe('each of the users waits so long between its sessions'),
  users: z.int().min(1).max(limits.scenarioLoadSessionsMax).optional(),
  hold: time.optional().describe('how long each is held; 1s unless given'),
  for: duration.optional().describe('how long sessions begin'),
  spacing: z.enum(['poisson', 'uniform']).optional(),
  retry: parsedText(
    (text) => parseRetry(text, 'retry'),
    'who is denied asks again: 30s,10',
  ).optional(),
  queue: z
    .union([z.literal('forever'), time])
    .optional()
    .describe('who is denied waits in the queue, so long at most'),
  deaths: parsedText(
    (text) => shareOf(text, 'deaths'),
    'sessions that end without check-in: 2%',
  ).optional(),
  server: name.optional().describe('asks that server only'),
});

type LoadWords = z.infer<typeof loadWords>;

/** @throws KnownError USAGE for words that do not go together */
function workloadOf({ feature, users, for: lasts, server: _, ...words }: LoadWords): Workload {
  if (feature === undefined || lasts === undefined) {
    throw new KnownError('USAGE', 'expected feature and for, or a profile, got neither');
  }
  const workload = workloadOfFlags({
    ...words,
    feature: listOf(feature),
    duration: lasts,
    ...(users === undefined ? {} : { users: `${users}` }),
  });
  const sessions = expectedSessions(workload) ?? 0;
  const most = limits.scenarioLoadSessionsMax;
  if (sessions <= most) return workload;
  const got = Math.round(sessions);
  throw new KnownError('USAGE', `expected a load of at most ${most} sessions, got ${got}`);
}

/** @throws KnownError USAGE for words that a profile has of its own */
function checkAlone({ profile: _profile, server: _server, ...others }: LoadWords): void {
  const [other] = Object.keys(others);
  if (other === undefined) return;
  throw new KnownError('USAGE', `expected a profile and at most a server beside it, got ${other}`);
}

/** Told at the step, before anything runs. */
const checkedWords = loadWords.superRefine((words, context) => {
  // What is wrong with one word is told at that word.
  if (!loadWords.safeParse(words).success) return;
  try {
    if (words.profile === undefined) workloadOf(words);
    else checkAlone(words);
  } catch (error) {
    if (!(error instanceof KnownError)) throw error;
    const message = error.message.replace('--duration', 'for').replace(/--(?=\w)/g, '');
    context.addIssue({ code: 'custom', message });
  }
});

export const load = step({
  summary:
    'has sessions come, hold licenses and go, as `fauxlm load` does, on the clock of the scenario',
  example: `
- load: { feature: solve, rate: 10/h, hold: exp:20m, for: 8h, retry: '5m,3' }
  expect: { thresholds: ['denied<50%', 'acquire_p90<30m', 'failed<=0'], inUse: { solve: 0 } }
- load: { feature: [solve, mesh:2], users: 3, think: exp:10m, hold: 30m, for: 4h, queue: forever }
  expect: { thresholds: ['denied<=0', 'queue_max<2h'] }
`,
  words: checkedWords,
  yields: 'load',
  needs: () => ['clock'],
  async run(words, { stand, seed, beside }) {
    const { profile: file } = words;
    const profile = file === undefined ? undefined : readProfile(beside(file));
    const workload = profile?.workload ?? workloadOf(words);
    const record = await runStandLoad(stand, workload, {
      seed: `${seed}/load`,
      server: words.server,
    });
    const bounds = profile?.thresholds ?? [];
    return { kind: 'load', record, durationMs: workload.durationMs, bounds };
  },
  show: ({ profile, feature = [], for: lasts }) =>
    profile === undefined
      ? `load on ${listOf(feature).join(', ')} for ${lasts}`
      : `load of ${profile}`,
});
