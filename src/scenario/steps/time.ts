import { z } from 'zod';
import type { EpochMs } from '../../base/clock.ts';
import { KnownError } from '../../base/errors.ts';
import { limits } from '../../base/limits.ts';
import { isoStamp } from '../../base/local-time.ts';
import { parseDuration, parseTime } from '../../base/time-words.ts';
import { done, step } from '../step-row.ts';
import { dayTime, duration } from '../words.ts';

const DAY_MS = 24 * 3_600_000;

/** `18:00`, or a whole time. */
export const moment = z
  .string()
  .superRefine((text, context) => {
    try {
      if (!dayTime.test(text)) parseTime(text, 'at');
    } catch (error) {
      if (!(error instanceof KnownError)) throw error;
      const message = `expected a time such as 18:00 or 2030-01-07T18:00, got "${text}"`;
      context.addIssue({ code: 'custom', message });
    }
  })
  .describe('a time of the day (the next there is): 18:00; or a whole one: 2030-01-07T18:00');

/** The next time it is that late, or the time that is named. */
export function momentOf(text: string, now: EpochMs): EpochMs {
  const [, hour, minute] = dayTime.exec(text) ?? [];
  if (hour === undefined) return parseTime(text, 'at');
  const day = new Date(now);
  day.setHours(Number(hour), Number(minute), 0, 0);
  if (day.getTime() >= now) return day.getTime();
  // Not a day of 24 hours: the clocks may be changed in between.
  const next = new Date(day.getTime() + DAY_MS);
  next.setHours(Number(hour), Number(minute), 0, 0);
  return next.getTime();
}

export const advance = step({
  summary: 'lets time pass; everything that falls due on the way happens, at its own time',
  example: '- advance: 2h30m',
  words: duration,
  needs: () => ['clock'],
  async run(by, { stand }) {
    await stand.moveTo(Math.min(stand.now() + parseDuration(by), limits.clockMsMax));
    return done(isoStamp(stand.now()));
  },
  show: (by) => `advance ${by}`,
});

export const setClock = step({
  summary: 'sets the clock, back too, as an administrator does',
  example: '- setClock: 2030-01-07T08:00',
  words: moment,
  needs: () => ['clock'],
  async run(to, { stand }) {
    await stand.moveTo(momentOf(to, stand.now()));
    return done(isoStamp(stand.now()));
  },
  show: (to) => `set the clock to ${to}`,
});
