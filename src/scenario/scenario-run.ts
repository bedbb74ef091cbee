import { dirname, join } from 'node:path';
import type { EpochMs } from '../base/clock.ts';
import { KnownError } from '../base/errors.ts';
import { limits } from '../base/limits.ts';
import { parseDuration } from '../base/time-words.ts';
import type { Place } from '../documents/places.ts';
import { CapacityWatch } from './capacity-watch.ts';
import type { Miss } from './expectation-row.ts';
import { firstMiss } from './expecting.ts';
import { textOf } from './file-texts.ts';
import type { Scenario } from './loading.ts';
import { type Outcome, outcomeText } from './outcomes.ts';
import type { Recordings } from './recordings.ts';
import type { Failure, TimelineEntry } from './results.ts';
import type { Stand } from './stand.ts';
import { type RawStep, type Scene, StepRefused, type StepRow } from './step-row.ts';
import { stepTable } from './step-table.ts';
import { momentOf } from './steps/time.ts';
import { Timeline } from './timeline.ts';
import { fillIn } from './variables.ts';

/** Ends a run at its first failure. */
class Failed extends Error {
  readonly failure: Failure;

  constructor(failure: Failure) {
    super(failure.expected);
    this.failure = failure;
  }
}

/** Where in the scenario steps stand. */
interface Block {
  /** How many steps stand around them. */
  readonly depth: number;
  /** In which rows of parallel steps. */
  readonly row: string;
}

const outermost: Block = { depth: 0, row: '' };

/** A step, its kind and its words. */
interface Named {
  readonly block: Block;
  readonly raw: RawStep;
  readonly place: Place;
  readonly row: StepRow | undefined;
  readonly words: unknown;
  readonly text: string;
}

/** An expectation that may come true until the end of the scenario. */
interface OpenExpectation {
  readonly step: Named;
  readonly place: Place;
  readonly later: () => Miss | undefined;
}

export interface RunParts {
  readonly stand: Stand;
  readonly recordings: Recordings;
  readonly seed: string;
}

/** One run of a scenario's steps on a stand; the timeline has what happened. */
export class ScenarioRun {
  readonly #scenario: Scenario;
  readonly #stand: Stand;
  readonly #capacity: CapacityWatch;
  readonly #timeline: Timeline;
  readonly #recordings: Recordings;
  readonly #seed: string;
  /** What is to come true by the end, by the words that say so. */
  readonly #open = new Map<unknown, OpenExpectation>();
  #steps = 0;

  constructor(scenario: Scenario, { stand, recordings, seed }: RunParts) {
    this.#scenario = scenario;
    this.#stand = stand;
    this.#recordings = recordings;
    this.#seed = seed;
    this.#capacity = new CapacityWatch(stand);
    this.#timeline = new Timeline(stand);
  }

  /** What becomes of clients without their asking. */
  tell(client: string, text: string): void {
    this.#timeline.client(client, text);
  }

  get timeline(): readonly TimelineEntry[] {
    return this.#timeline.entries;
  }

  /** Takes every step, or those up to the first failure. */
  async take(): Promise<Failure | undefined> {
    try {
      await this.#takeAll(this.#scenario.steps, outermost);
      for (const { step, place, later } of this.#open.values()) {
        const miss = later();
        if (miss)
          await this.#fail(step, place, { ...miss, expected: `${miss.expected} by the end` });
      }
      return undefined;
    } catch (error) {
      if (error instanceof Failed) return error.failure;
      throw error;
    } finally {
      this.#timeline.settle();
    }
  }

  async #takeAll(steps: readonly RawStep[], block: Block): Promise<void> {
    for (const raw of steps) await this.#takeOne(this.#named(raw, block));
  }

  async #takeOne(step: Named): Promise<void> {
    if (++this.#steps > limits.scenarioStepsMax) {
      const expected = `at most ${limits.scenarioStepsMax} steps`;
      await this.#fail(step, step.place, { expected, got: 'more' });
    }
    const { raw } = step;
    if (raw['at'] !== undefined) {
      await this.#waitUntil(momentOf(String(raw['at']), this.#stand.now()), step);
    }
    if (step.row?.nested) this.#noteStep(step, undefined);
    const began = this.#stand.now();
    const outcome = step.row === undefined ? undefined : await this.#outcomeOf(step, step.row);
    await this.#stand.settled();
    if (!step.row?.nested) this.#noteStep(step, outcome, began);
    this.#timeline.settle();
    await this.#expect(step, outcome);
    await this.#checkInvariants(step);
  }

  async #waitUntil(at: EpochMs, step: Named): Promise<void> {
    const now = this.#stand.now();
    if (at < now) {
      const expected = `a time from ${new Date(now).toISOString()} on`;
      await this.#fail(step, step.place, { expected, got: new Date(at).toISOString() });
    }
    await this.#stand.moveTo(at);
    this.#timeline.settle();
  }

  async #outcomeOf(step: Named, row: StepRow): Promise<Outcome> {
    const scene: Scene = {
      stand: this.#stand,
      seed: `${this.#seed}/${this.#steps}`,
      text: (each) => textOf(each, step.place.file),
      beside: (file) => join(dirname(step.place.file), file),
      take: (steps, vars = {}) => this.#takeNested(steps, step.block, vars),
      takeTogether: (rows) => this.#takeTogether(rows, step.block),
    };
    try {
      return await row.run(step.words, scene);
    } catch (error) {
      if (error instanceof StepRefused) {
        const { expected, got } = error;
        this.#noteStep(step, undefined);
        return this.#fail(step, step.place, { expected, got });
      }
      if (error instanceof KnownError) {
        this.#noteStep(step, undefined);
        return this.#fail(step, step.place, {
          expected: 'the step to succeed',
          got: error.message,
        });
      }
      throw error;
    }
  }

  async #takeNested(
    steps: readonly RawStep[],
    { depth, row }: Block,
    vars: Readonly<Record<string, string | number>>,
  ): Promise<void> {
    const { places } = this.#scenario;
    const filled = fillIn(steps, vars, { places, unknown: () => {} });
    await this.#takeAll(filled as readonly RawStep[], { depth: depth + 1, row });
  }

  async #takeTogether(rows: readonly (readonly RawStep[])[], { depth, row }: Block): Promise<void> {
    const from = this.#timeline.entries.length;
    try {
      await Promise.all(
        rows.map((steps, index) => {
          const own = `${row}/${String(index).padStart(3, '0')}`;
          return this.#takeAll(steps, { depth: depth + 1, row: own });
        }),
      );
    } finally {
      this.#timeline.arrange(from);
    }
  }

  async #expect(step: Named, first: Outcome | undefined): Promise<void> {
    const { raw, row } = step;
    const view = this.#viewFrom(step.place);
    const expected = { words: raw['expect'], yields: row?.yields ?? ('nothing' as const) };
    const place = this.#scenario.places.key(raw, 'expect') ?? step.place;
    const until = this.#deadline(raw);
    const defer = (later: OpenExpectation['later']) => this.#open.set(raw, { step, place, later });
    const own = { ...view, outcome: first };
    let miss = await firstMiss(expected, own, raw['within'] === undefined ? defer : undefined);
    while (miss !== undefined && this.#stand.now() < until.at) {
      await this.#stand.moveTo(Math.min(this.#stand.now() + until.stepMs, until.at));
      this.#timeline.settle();
      miss = await firstMiss(expected, { ...view, outcome: this.#later(first) });
    }
    if (miss === undefined) return;
    const within = raw['within'] === undefined ? '' : ` within ${String(raw['within'])}`;
    await this.#fail(step, place, { ...miss, expected: `${miss.expected}${within}` });
  }

  #viewFrom({ file }: Place) {
    return { stand: this.#stand, beside: file, recordings: this.#recordings };
  }

  #deadline(raw: RawStep): { readonly at: number; readonly stepMs: number } {
    if (raw['within'] === undefined) return { at: 0, stepMs: 0 };
    const ms = parseDuration(String(raw['within']));
    const stepMs = Math.max(1_000, Math.ceil(ms / limits.scenarioLooksMax));
    return { at: this.#stand.now() + ms, stepMs };
  }

  /** Requests that waited may have been granted by now. */
  #later(outcome: Outcome | undefined): Outcome | undefined {
    if (outcome?.kind !== 'checkouts') return outcome;
    const holdings = this.#stand.holdings();
    const attempts = outcome.attempts.map((attempt) => {
      const held = holdings.find((each) => each.client === attempt.client && each.state === 'held');
      if (attempt.kind !== 'queued' || held === undefined) return attempt;
      const { client, server = '' } = held;
      return { kind: 'granted', client, server, vendor: '', version: '' } as const;
    });
    return { kind: 'checkouts', attempts };
  }

  async #checkInvariants(step: Named): Promise<void> {
    const { invariants, places } = this.#scenario;
    const over = await this.#capacity.miss();
    if (over) await this.#fail(step, step.place, over);
    for (const words of invariants) {
      const place = places.of(words) ?? step.place;
      const view = { ...this.#viewFrom(place), outcome: undefined };
      const defer = (later: OpenExpectation['later']) =>
        this.#open.set(words, { step, place, later });
      const miss = await firstMiss({ words, yields: 'nothing' }, view, defer);
      if (miss) await this.#fail(step, place, { ...miss, expected: `always ${miss.expected}` });
    }
  }

  async #fail(step: Named, place: Place, miss: Miss): Promise<never> {
    throw new Failed({
      place,
      step: step.text,
      expected: miss.expected,
      got: this.#stand.normalized(miss.got),
      near: miss.near ?? [],
      explanation: await this.#explanation(step),
    });
  }

  async #explanation({ row, words }: Named): Promise<readonly string[]> {
    if (row?.request === undefined) return [];
    return this.#stand.explain(row.request(words));
  }

  #named(raw: RawStep, block: Block): Named {
    const place = this.#scenario.places.of(raw) ?? this.#scenario.place;
    const verb = Object.keys(stepTable).find((each) => raw[each] !== undefined);
    const row = verb === undefined ? undefined : stepTable[verb]!;
    const words = raw[verb ?? ''];
    const shown = row?.show(words) ?? (raw['expect'] === undefined ? 'wait' : 'look');
    const time = raw['at'] === undefined ? '' : `at ${String(raw['at'])}: `;
    const note = raw['note'] === undefined ? '' : ` (${String(raw['note'])})`;
    return { block, raw, place, row, words, text: `${time}${shown}${note}` };
  }

  /** A step is told at the time at which it began, before what it caused. */
  #noteStep(
    { text, place, block }: Named,
    outcome: Outcome | undefined,
    at = this.#stand.now(),
  ): void {
    const end = outcome === undefined ? '' : ` -> ${outcomeText(outcome)}`;
    const line = this.#stand.normalized(`${text}${end}`);
    this.#timeline.step({ text: line, place, depth: block.depth }, at, block.row);
  }
}
