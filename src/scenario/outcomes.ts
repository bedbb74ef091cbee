import type { RunRecord } from '../report/run-record.ts';
import type { Threshold } from '../report/thresholds.ts';
import type { JobEnd } from './job-run.ts';
import type { CheckoutOutcome, StandOutput } from './stand.ts';

/** What a step came to. */
export type Outcome =
  | { readonly kind: 'checkouts'; readonly attempts: readonly CheckoutOutcome[] }
  | { readonly kind: 'output'; readonly output: StandOutput }
  | { readonly kind: 'jobs'; readonly jobs: readonly JobEnd[] }
  | {
      readonly kind: 'load';
      readonly record: RunRecord;
      readonly durationMs: number;
      /** What its profile expects of it. */
      readonly bounds: readonly Threshold[];
    }
  | { readonly kind: 'start'; readonly refused?: StartRefusal }
  | { readonly kind: 'done'; readonly text: string };

/** Why a server did not start, as `fauxlm serve` ends. */
export interface StartRefusal {
  readonly exit: number;
  readonly code: string;
  readonly message: string;
}

export function outcomeText(outcome: Outcome): string {
  switch (outcome.kind) {
    case 'checkouts':
      return attemptsText(outcome.attempts);
    case 'output':
      return `exit ${outcome.output.exit}`;
    case 'jobs':
      return outcome.jobs.map(jobEndText).join('; ');
    case 'load':
      return loadText(outcome.record);
    case 'start':
      return outcome.refused === undefined ? 'up' : `refused: ${outcome.refused.message}`;
    case 'done':
      return outcome.text;
  }
}

/** What a load came to, in words. */
function loadText({ counters }: RunRecord): string {
  const { arrivals, granted, denied, failed, abandoned, denials } = counters;
  const others = [
    [denied, 'denied'],
    [abandoned, 'left the queue'],
    [failed, 'failed'],
    [denials, 'denials'],
  ] as const;
  const told = others.filter(([count]) => count > 0).map(([count, words]) => `${count} ${words}`);
  return [`${granted} of ${arrivals} sessions granted`, ...told].join(', ');
}

/** What became of a job, in words. */
export function jobEndText({ name, ended, waitedMs, looks, took }: JobEnd): string {
  const all = Object.entries(took).map(([feature, count]) => `${count} of ${feature}`);
  const what = all.length === 0 ? '' : `, took ${all.join(' and ')}`;
  return `${name}: ${ended}, waited ${waitedMs / 1000} s, ${looks} looks${what}`;
}

/** One in words, several as counts. */
export function attemptsText(attempts: readonly CheckoutOutcome[]): string {
  if (attempts.length === 1) return attemptText(attempts[0]!);
  const counts = new Map<string, number>();
  for (const attempt of attempts) {
    const text = attempt.kind === 'denied' ? codeText(attempt) : attempt.kind;
    counts.set(text, (counts.get(text) ?? 0) + 1);
  }
  return [...counts].map(([text, times]) => `${times} ${text}`).join(', ');
}

export function attemptText(attempt: CheckoutOutcome): string {
  switch (attempt.kind) {
    case 'granted':
      return `granted by ${attempt.vendor}`;
    case 'queued':
      return `queued, ${attempt.ahead} before it`;
    case 'denied':
      return `${codeText(attempt)}: ${attempt.text}`;
  }
}

function codeText({ refusal }: CheckoutOutcome & { kind: 'denied' }): string {
  return `denied (${refusal.major},${refusal.minor})`;
}
