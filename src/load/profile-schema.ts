import { z } from 'zod';
import { KnownError } from '../base/errors.ts';
import { limits } from '../base/limits.ts';
import { parseDuration } from '../base/time-words.ts';
import { parsedText } from '../documents/parsed-text.ts';
import { parseDistribution, parseRate } from '../domain/workload/words.ts';
import { parseThreshold } from '../report/thresholds.ts';
import { parseBundle, parseRetry, shareOf } from './flag-workload.ts';

/** The words of load profiles, each with what an editor shows of it. */

const duration = parsedText((text) => parseDuration(text), 'a duration: 90s, 2m, 1h30m');

const distribution = z
  .union([
    parsedText(
      (text) => parseDistribution(text, 'time'),
      'a time: 50ms, exp:500ms (its mean), uniform:1s,3s, lognormal:10m,1.2, empirical:1s,2s,9s',
    ),
    z.strictObject({ file: z.string().min(1) }).describe('measured times, one a line'),
  ])
  .describe('a time, fixed or drawn anew each time');

/** YAML reads 200 as a number. */
const rate = z
  .union([z.number().min(0), parsedText((text) => parseRate(text, 'rate'), 'a rate: 200/s, 90/m')])
  .describe('how many begin each second: 200, 200/s, 90/m, 5000/h');

const features = parsedText(
  (text) => parseBundle(text, 'feature'),
  'a feature: solve, or solve:2 for two of them; solve+view for both',
);

const request = z.strictObject({
  feature: z.string().min(1).max(limits.fieldCharactersMax),
  count: z.int().min(1).max(1_000_000).optional(),
  version: z.union([z.string().regex(/^\d+(\.\d*)?$/), z.number()]).optional(),
});

/** Numbers with a point come as they are written. */
const decimal = (min: number, max: number) =>
  z.union([
    z.number().min(min).max(max),
    parsedText((text) => parseDecimal(text, min, max), 'a number'),
  ]);

const retry = z.union([
  parsedText((text) => parseRetry(text, 'retry'), 'a wait, and attempts in all: 30s, exp:5s,10'),
  z.strictObject({
    after: distribution,
    factor: decimal(1, 100).optional().describe('each wait is so many times the last'),
    atMost: duration.optional().describe('the longest wait'),
    attempts: z.int().min(1).max(1_000_000).optional().describe('in all, the first included'),
  }),
]);

/** @throws KnownError USAGE */
function parseDecimal(text: string, min: number, max: number): number {
  const value = /^\d{1,9}(\.\d{1,9})?$/.test(text) ? Number(text) : Number.NaN;
  if (value >= min && value <= max) return value;
  throw new KnownError('USAGE', `expected a number from ${min} to ${max}, got "${text}"`);
}

const session = z.strictObject({
  name: z.string().min(1).max(200).optional(),
  weight: decimal(0.001, 1e6).optional().describe('how often, against the others'),
  checkout: z
    .union([
      features,
      z
        .array(z.union([features, request]))
        .min(1)
        .max(100),
    ])
    .describe('what is taken, one after the other'),
  hold: distribution.describe('how long it is held'),
  retry: retry.optional().describe('who is denied asks again'),
  queue: z
    .union([z.boolean(), z.strictObject({ patience: distribution })])
    .optional()
    .describe('who is denied waits in the queue, so long at most'),
  deaths: z
    .union([z.number().min(0).max(1), parsedText((text) => shareOf(text, 'deaths'), 'a share: 2%')])
    .optional()
    .describe('share of the sessions that end without check-in'),
});

const phases = {
  steady: z.strictObject({ rate, for: duration }).describe('the same rate throughout'),
  soak: z.strictObject({ rate, for: duration }).describe('the same, for long'),
  ramp: z.strictObject({ from: rate, to: rate, for: duration }).describe('evenly up or down'),
  steps: z
    .strictObject({ from: rate, to: rate, levels: z.int().min(1).max(1_000), for: duration })
    .describe('levels of equal length'),
  spike: z
    .strictObject({ rate, peak: rate, peakFor: duration, for: duration })
    .describe('a peak in the middle'),
  week: z
    .strictObject({
      rates: z.array(rate).min(1).max(168).describe('of each hour: 24 of a day, 168 of a week'),
      hour: duration.optional().describe('how long an hour lasts here [1h]'),
      fromHour: z.int().min(0).max(167).optional().describe('the hour it begins with'),
      for: duration,
    })
    .describe('the hours of a week, from Monday midnight'),
} as const;

export type PhaseName = keyof typeof phases;

const phase = z.union(
  Object.entries(phases).map(([name, words]) => z.strictObject({ [name]: words })) as unknown as [
    z.ZodObject,
    ...z.ZodObject[],
  ],
);

/** One of the phases; its only key says which. */
export const phaseUnion: z.ZodType = phase;
/** In the order of the union's members. */
export const phaseNames = Object.keys(phases) as readonly PhaseName[];

const monitor = z.strictObject({
  name: z.string().min(1).optional(),
  ask: z.enum(['all', 'each feature']).describe('as lmstat -a, or lmstat -f for each'),
  features: z.array(z.string().min(1)).min(1).max(10_000).optional(),
  count: z.int().min(1).max(10_000).optional().describe('how many monitors [1]'),
  every: duration,
  spread: z.boolean().optional().describe('one after the other; else all at once, as cron does'),
  perSession: z.int().min(0).max(1_000).optional().describe('more questions as a session begins'),
});

/** A whole load profile. */
export const profileSchema = z
  .strictObject({
    $schema: z.string().optional(),
    name: z.string().min(1).max(200).optional().describe('what it shows, in a line'),
    about: z.string().optional().describe('the story: who does this, and what to look at'),
    server: z.string().optional().describe('27000@host, unless -c names another'),
    seed: z.union([z.string(), z.number()]).optional(),
    phases: z.array(phase).min(1).max(1_000).optional().describe('open load: they come anyway'),
    spacing: z.enum(['poisson', 'uniform']).optional(),
    trace: z
      .strictObject({
        at: z.array(duration).min(1).optional(),
        file: z.string().min(1).optional().describe('one time a line'),
        for: duration,
      })
      .optional()
      .describe('sessions at these times'),
    closed: z
      .strictObject({
        users: z.int().min(1).max(limits.loadUsersMax),
        think: distribution.describe('from the end of a session to the next'),
        ramp: duration.optional().describe('the users begin one after the other over this time'),
        for: duration,
      })
      .optional()
      .describe('users who take turns'),
    users: z.int().min(1).max(limits.loadUsersMax).optional(),
    connections: z.enum(['held', 'fresh']).optional(),
    sessions: z.array(session).min(1).max(1_000),
    monitors: z.array(monitor).max(1_000).optional(),
    storms: z.array(z.strictObject({ at: duration, over: duration.optional() })).optional(),
    churn: rate.optional().describe('connections that only come and go, each second'),
    thresholds: z
      .array(parsedText(parseThreshold, 'a bound: p99<5ms, denied<1%, failover_gap<3s'))
      .optional(),
  })
  .describe('a profile of fauxlm load');

export type ProfileWords = z.infer<typeof profileSchema>;
export type SessionWords = z.infer<typeof session>;
export type MonitorWords = z.infer<typeof monitor>;
export type DistributionWords = z.infer<typeof distribution>;
export type RateWords = z.infer<typeof rate>;

/** The JSON Schema of load profiles, for editors. */
export function profileJsonSchema(): object {
  return z.toJSONSchema(profileSchema, { io: 'input' });
}
