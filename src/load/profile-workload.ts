import { limits } from '../base/limits.ts';
import { parseDuration } from '../base/time-words.ts';
import type { Distribution } from '../domain/workload/distributions.ts';
import type {
  PollStream,
  RetryPolicy,
  SeatRequest,
  SessionKind,
  SessionStream,
  Workload,
} from '../domain/workload/model.ts';
import type { Phase } from '../domain/workload/phases.ts';
import { parseDistribution, parseRate } from '../domain/workload/words.ts';
import { parseBundle, parseRetry, shareOf, USERS } from './flag-workload.ts';
import type {
  DistributionWords,
  MonitorWords,
  PhaseName,
  ProfileWords,
  RateWords,
  SessionWords,
} from './profile-schema.ts';

/** The times that a file beside the profile holds; empty when it has none, which is told elsewhere. */
export type TimesOfFile = (holder: object) => readonly number[];

/** What the words of a profile come to; they are known to be right. */
export function workloadOfProfile(words: ProfileWords, timesOf: TimesOfFile): Workload {
  const { sessions, durationMs } = streamOf(words, timesOf);
  const mix = words.sessions.map((each, index) => kindOf(each, index, timesOf));
  const features = [...new Set(mix.flatMap(({ bundle }) => bundle.map((each) => each.feature)))];
  const { users = USERS, connections = 'held', monitors = [], storms = [], churn = 0 } = words;
  return {
    durationMs,
    sessions,
    users: sessions.kind === 'closed' ? sessions.users : users,
    connections,
    mix,
    polls: monitors.map((each) => pollOf(each, features)),
    storms: storms.map(({ at, over }) => ({ atMs: ms(at), overMs: ms(over ?? '0s') })),
    churnPerSecond: rateOf(churn),
  };
}

function streamOf(
  { phases = [], spacing = 'poisson', trace, closed }: ProfileWords,
  timesOf: TimesOfFile,
): { readonly sessions: SessionStream; readonly durationMs: number } {
  if (closed !== undefined) {
    const { users, think, ramp = '0s' } = closed;
    const stream = { users, think: timeOf(think, timesOf), rampMs: ms(ramp) };
    return { sessions: { kind: 'closed', ...stream }, durationMs: ms(closed.for) };
  }
  if (trace !== undefined) {
    const given = trace.file === undefined ? (trace.at ?? []).map(ms) : timesOf(trace);
    const atMs = [...given].sort((a, b) => a - b);
    return { sessions: { kind: 'trace', atMs }, durationMs: ms(trace.for) };
  }
  const all = phases.map((each) => phaseOf(each as Readonly<Record<PhaseName, PhaseWords>>));
  const durationMs = all.reduce((sum, phase) => sum + phase.durationMs, 0);
  return { sessions: { kind: 'open', spacing, phases: all }, durationMs };
}

/** What the phases may say; the schema knows which says what. */
interface PhaseWords {
  readonly for: string;
  readonly rate: RateWords;
  readonly from: RateWords;
  readonly to: RateWords;
  readonly levels: number;
  readonly peak: RateWords;
  readonly peakFor: string;
  readonly rates: readonly RateWords[];
  readonly hour?: string;
  readonly fromHour?: number;
}

const phaseReaders: Readonly<Record<PhaseName, (words: PhaseWords, durationMs: number) => Phase>> =
  {
    steady: ({ rate }, durationMs) => ({ kind: 'steady', durationMs, rate: rateOf(rate) }),
    soak: ({ rate }, durationMs) => ({ kind: 'steady', durationMs, rate: rateOf(rate) }),
    ramp: ({ from, to }, durationMs) => {
      return { kind: 'ramp', durationMs, from: rateOf(from), to: rateOf(to) };
    },
    steps: ({ from, to, levels }, durationMs) => {
      return { kind: 'steps', durationMs, from: rateOf(from), to: rateOf(to), levels };
    },
    spike: ({ rate, peak, peakFor }, durationMs) => {
      const peakMs = Math.min(ms(peakFor), durationMs);
      return { kind: 'spike', durationMs, rate: rateOf(rate), peak: rateOf(peak), peakMs };
    },
    week: ({ rates, hour = '1h', fromHour = 0 }, durationMs) => {
      const hourlyRates = rates.map(rateOf);
      return { kind: 'week', durationMs, hourlyRates, hourMs: ms(hour), fromHour };
    },
  };

function phaseOf(words: Readonly<Record<PhaseName, PhaseWords>>): Phase {
  const [name, said] = Object.entries(words)[0] as [PhaseName, PhaseWords];
  return phaseReaders[name](said, ms(said.for));
}

function kindOf(words: SessionWords, index: number, timesOf: TimesOfFile): SessionKind {
  const { name = `session ${index + 1}`, weight = 1, hold, retry, queue, deaths = 0 } = words;
  const patience =
    typeof queue === 'object' ? { patience: timeOf(queue.patience, timesOf) } : undefined;
  return {
    name,
    weight: Number(weight),
    bundle: bundleOf(words.checkout),
    hold: timeOf(hold, timesOf),
    deaths: typeof deaths === 'number' ? deaths : shareOf(deaths, 'deaths'),
    ...(retry === undefined ? {} : { retry: retryOf(retry, timesOf) }),
    ...(queue === undefined || queue === false ? {} : { queue: patience ?? {} }),
  };
}

function bundleOf(words: SessionWords['checkout']): readonly SeatRequest[] {
  const all = typeof words === 'string' ? [words] : words;
  return all.flatMap((each): readonly SeatRequest[] => {
    if (typeof each === 'string') return parseBundle(each, 'checkout');
    const { feature, count = 1, version = '0.0' } = each;
    return [{ feature, count, version: String(version) }];
  });
}

function retryOf(words: NonNullable<SessionWords['retry']>, timesOf: TimesOfFile): RetryPolicy {
  if (typeof words === 'string') return parseRetry(words, 'retry');
  const { after, factor = 1, atMost, attempts = Number.MAX_SAFE_INTEGER } = words;
  return {
    after: timeOf(after, timesOf),
    factor: Number(factor),
    waitMsMax: atMost === undefined ? limits.durationMsMax : ms(atMost),
    attemptsMax: attempts,
  };
}

function pollOf(words: MonitorWords, features: readonly string[]): PollStream {
  const { ask, count = 1, spread = true, perSession = 0 } = words;
  return {
    name: words.name ?? ask,
    ask,
    features: words.features ?? features,
    monitors: count,
    everyMs: ms(words.every),
    spread,
    perSession,
  };
}

function timeOf(words: DistributionWords, timesOf: TimesOfFile): Distribution {
  if (typeof words === 'string') return parseDistribution(words, 'time');
  return { kind: 'empirical', valuesMs: timesOf(words) };
}

function rateOf(words: RateWords): number {
  return typeof words === 'number' ? words : parseRate(words, 'rate');
}

function ms(text: string): number {
  return parseDuration(text);
}
