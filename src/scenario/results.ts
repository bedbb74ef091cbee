import type { EpochMs } from '../base/clock.ts';
import type { Place } from '../documents/places.ts';
import type { Problem } from '../documents/problems.ts';

/** A line of what happened, in order. */
export interface TimelineEntry {
  /** On the scenario's clock. */
  readonly at: EpochMs;
  /** A step that was taken, an event of a ledger, or what became of a client without its asking. */
  readonly kind: 'step' | 'event' | 'client';
  readonly text: string;
  /** Of steps: where it stands. */
  readonly place?: Place;
  /** Of steps: how many stand around it. */
  readonly depth?: number;
}

/** Why a scenario failed. */
export interface Failure {
  readonly place: Place;
  /** The step, in words. */
  readonly step: string;
  readonly expected: string;
  readonly got: string;
  readonly near: readonly string[];
  /** Why the server answered so, in lines. */
  readonly explanation: readonly string[];
  /** What there is to say of the licenses and of faults of their features, each with its place; absent: nothing. */
  readonly license?: readonly string[];
}

/**
 * What a scenario came to. `broken`: its file has mistakes and it was not run. `skipped`: it cannot be carried out as
 * asked, and `reason` says why.
 */
export interface ScenarioResult {
  readonly file: string;
  readonly name: string;
  readonly place: Place;
  readonly status: 'passed' | 'failed' | 'broken' | 'skipped';
  readonly reason?: string;
  /** It took so many, because the first failed (--retry). */
  readonly tries?: number;
  /** On the machine's clock. */
  readonly durationMs: number;
  readonly seed: string;
  readonly timeline: readonly TimelineEntry[];
  readonly failure?: Failure;
  readonly problems: readonly Problem[];
  /** The texts of a broken file and of those that it includes, for excerpts. */
  readonly sources?: ReadonlyMap<string, string>;
}

/** All of a run together. */
export interface Summary {
  readonly passed: number;
  readonly failed: number;
  readonly broken: number;
  readonly skipped: number;
  readonly durationMs: number;
  readonly seed: string;
  /** Not run, because an earlier one failed (--bail). */
  readonly left: number;
  /** Files of recorded outputs that were written (--update). */
  readonly written: readonly string[];
}
