import type { Distribution } from './distributions.ts';
import type { PollStream, RetryPolicy, SessionKind, SessionStream, Workload } from './model.ts';
import type { Phase } from './phases.ts';

/** How a workload is made smaller or quicker. */
export interface Scaling {
  /** So many times the rates, users and monitors. */
  readonly scale: number;
  /** All times are divided by this and all rates multiplied: a day in a minute, and as many licenses out. */
  readonly pace: number;
}

/** The same workload, smaller or quicker. */
export function scaled(workload: Workload, { scale, pace }: Scaling): Workload {
  if (scale === 1 && pace === 1) return workload;
  const people = (count: number): number => Math.max(1, Math.round(count * scale));
  const rate = (perSecond: number): number => perSecond * scale * pace;
  return {
    ...workload,
    durationMs: workload.durationMs / pace,
    sessions: streamOf(workload.sessions, { people, rate, pace }),
    users: people(workload.users),
    mix: workload.mix.map((kind) => kindAt(kind, pace)),
    polls: workload.polls.map(
      (stream): PollStream => ({
        ...stream,
        monitors: people(stream.monitors),
        everyMs: stream.everyMs / pace,
      }),
    ),
    storms: workload.storms.map(({ atMs, overMs }) => ({
      atMs: atMs / pace,
      overMs: overMs / pace,
    })),
    churnPerSecond: rate(workload.churnPerSecond),
  };
}

interface Factors {
  readonly people: (count: number) => number;
  readonly rate: (perSecond: number) => number;
  readonly pace: number;
}

function streamOf(stream: SessionStream, { people, rate, pace }: Factors): SessionStream {
  switch (stream.kind) {
    case 'open':
      return { ...stream, phases: stream.phases.map((phase) => phaseAt(phase, rate, pace)) };
    case 'trace':
      return { ...stream, atMs: stream.atMs.map((ms) => ms / pace) };
    case 'closed':
      return {
        ...stream,
        users: people(stream.users),
        think: quicker(stream.think, pace),
        rampMs: stream.rampMs / pace,
      };
  }
}

function phaseAt(phase: Phase, rate: Factors['rate'], pace: number): Phase {
  const durationMs = phase.durationMs / pace;
  switch (phase.kind) {
    case 'steady':
      return { ...phase, durationMs, rate: rate(phase.rate) };
    case 'ramp':
    case 'steps':
      return { ...phase, durationMs, from: rate(phase.from), to: rate(phase.to) };
    case 'spike': {
      const { peak, peakMs } = phase;
      return {
        ...phase,
        durationMs,
        rate: rate(phase.rate),
        peak: rate(peak),
        peakMs: peakMs / pace,
      };
    }
    case 'week':
      return {
        ...phase,
        durationMs,
        hourMs: phase.hourMs / pace,
        hourlyRates: phase.hourlyRates.map(rate),
      };
  }
}

function kindAt(kind: SessionKind, pace: number): SessionKind {
  const { retry, queue } = kind;
  return {
    ...kind,
    hold: quicker(kind.hold, pace),
    ...(retry === undefined ? {} : { retry: retryAt(retry, pace) }),
    ...(queue?.patience === undefined
      ? {}
      : { queue: { patience: quicker(queue.patience, pace) } }),
  };
}

function retryAt(retry: RetryPolicy, pace: number): RetryPolicy {
  return { ...retry, after: quicker(retry.after, pace), waitMsMax: retry.waitMsMax / pace };
}

function quicker(distribution: Distribution, pace: number): Distribution {
  switch (distribution.kind) {
    case 'fixed':
      return { ...distribution, ms: distribution.ms / pace };
    case 'uniform': {
      const { fromMs, toMs } = distribution;
      return { ...distribution, fromMs: fromMs / pace, toMs: toMs / pace };
    }
    case 'exponential':
      return { ...distribution, meanMs: distribution.meanMs / pace };
    case 'lognormal':
      return { ...distribution, medianMs: distribution.medianMs / pace };
    case 'empirical':
      return { ...distribution, valuesMs: distribution.valuesMs.map((ms) => ms / pace) };
  }
}
