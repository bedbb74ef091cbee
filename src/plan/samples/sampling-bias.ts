import { renderDuration } from '../../base/time-words.ts';
import type { FeatureTrace } from '../demand/trace.ts';
import type { SampledFacts } from './sampled-feature.ts';
import type { SampledSource } from './sampled-source.ts';

/** What samples cannot show of a feature. */
export interface SamplingBias {
  /** For people. */
  readonly sentences: readonly string[];
  /** Sessions that ended before a sample saw them, of all; undefined when samples do not tell when sessions began. */
  readonly unseenShare?: number;
  /** Samples in which all seats were out. */
  readonly fullShare?: number;
  /** Why nothing can be told from them. */
  readonly reason?: string;
}

/** More sessions unseen than this, and what is seen tells little of what was wanted. */
const UNSEEN_SHARE_MAX = 0.5;
/** Sessions that seem to be shorter than so many samples are mostly the chance of when these were taken. */
const SAMPLES_PER_SESSION_MIN = 2;

/** What is to be said of a feature because it was sampled. `deny`: the share of starts that may be refused. */
export function samplingBias(
  trace: FeatureTrace,
  source: SampledSource,
  deny: number,
): SamplingBias {
  const { sampling, factsOf } = source;
  if (sampling === undefined) {
    return { sentences: ['the table has sessions and no denials: who was refused is not in it'] };
  }
  const facts = factsOf(trace.daemon, trace.feature);
  const every = renderDuration(sampling.everyMs);
  const pace = sampling.polls === 1 ? 'one sample' : `${sampling.polls} samples, every ${every}`;
  const head = `from ${pace}: denials are not in them, nor sessions that ended before a sample saw them`;
  if (facts === undefined) return { sentences: [head] };
  const unseenShare = unseenShareOf(facts);
  const fullShare = facts.polls === 0 ? 0 : facts.fullPolls / facts.polls;
  const seen = unseenShare === undefined ? '' : ` (about ${whole(unseenShare)} of all sessions)`;
  const reason = reasonOf(trace, sampling.everyMs, { unseenShare, fullShare, deny });
  return {
    sentences: [`${head}${seen}`, ...fullSentence(fullShare), ...namelessSentence(facts)],
    ...(unseenShare === undefined ? {} : { unseenShare }),
    fullShare,
    ...(reason === undefined ? {} : { reason }),
  };
}

function fullSentence(share: number): readonly string[] {
  if (share === 0) return [];
  const text =
    `all seats were out in ${whole(share)} of the samples: whoever was refused then is not in them, ` +
    'and would need more';
  return [text];
}

function namelessSentence({ polls, namelessPolls }: SampledFacts): readonly string[] {
  if (namelessPolls === 0) return [];
  const text =
    `in ${whole(namelessPolls / polls)} of the samples seats are out that have no name: ` +
    'their sessions are pieced together from more and fewer seats, and rules about users do not count for them';
  return [text];
}

/**
 * The share of sessions that no sample saw. Samples come at any moment of a session's life, so that sessions as old as
 * half an interval or more when they were seen first are fewer than younger ones just as sessions end in that time.
 * With holding times taken for exponential that tells how many ended within a whole interval.
 */
function unseenShareOf({ young, old }: SampledFacts): number | undefined {
  if (young + old === 0) return undefined;
  const ended = -2 * Math.log(Math.max(old, 0.5) / Math.max(young, 0.5));
  return ended <= 0 ? 0 : 1 - (1 - Math.exp(-ended)) / ended;
}

function reasonOf(
  { sessions }: FeatureTrace,
  everyMs: number,
  told: { unseenShare: number | undefined; fullShare: number; deny: number },
): string | undefined {
  const { unseenShare, fullShare, deny } = told;
  // Who comes at any moment finds no seat as often as none is free.
  if (fullShare > deny) {
    return `all seats were out in ${whole(fullShare)} of the samples: it takes more, and how many they do not show`;
  }
  const every = renderDuration(everyMs);
  if (unseenShare !== undefined) {
    if (unseenShare <= UNSEEN_SHARE_MAX) return undefined;
    const share = `about ${whole(unseenShare)} of its sessions ended before a sample saw them`;
    return `${share}: sample more often than every ${every}`;
  }
  const mean = meanLength(sessions);
  if (mean === undefined || mean >= SAMPLES_PER_SESSION_MIN * everyMs) return undefined;
  const length = renderDuration(60_000 * Math.round(mean / 60_000));
  return `its sessions seem to last ${length} on average, and samples are ${every} apart: most happens between them`;
}

function meanLength(sessions: FeatureTrace['sessions']): number | undefined {
  let sum = 0;
  let count = 0;
  for (let row = 0; row < sessions.size; row++) {
    if (Number.isNaN(sessions.since.at(row)) || sessions.open.has(row)) continue;
    sum += sessions.until.at(row) - sessions.since.at(row);
    count++;
  }
  return count === 0 ? undefined : sum / count;
}

function whole(share: number): string {
  return share > 0 && share < 0.01 ? 'less than 1 %' : `${Math.round(100 * share)} %`;
}
