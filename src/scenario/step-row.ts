import type { z } from 'zod';
import type { Outcome } from './outcomes.ts';
import type { Need, Stand, StandCheckout } from './stand.ts';

/** A step as its file has it: a mapping whose places are known. */
export type RawStep = Readonly<Record<string, unknown>>;

/** What a step may use. */
export interface Scene {
  readonly stand: Stand;
  /** Of what is left to chance in this step. */
  readonly seed: string;
  /** The text of a file beside the scenario's, or an inline text as it is. */
  text(fileOrText: string): string;
  /** The path of such a file. */
  beside(file: string): string;
  /** Takes steps that stand inside of one. */
  take(steps: readonly RawStep[], vars?: Readonly<Record<string, string | number>>): Promise<void>;
  /** Takes several rows of them at the same time. */
  takeTogether(rows: readonly (readonly RawStep[])[]): Promise<void>;
}

/** What there is to be expected of a step. */
export type Yield = 'checkouts' | 'output' | 'start' | 'jobs' | 'load' | 'nothing';

/** A kind of step, one row each. */
export interface StepRow {
  readonly summary: string;
  /** YAML, as it stands in docs/scenarios.md. */
  readonly example: string;
  /** What stands behind its name. */
  readonly words: z.ZodType;
  readonly yields: Yield;
  /** It takes steps of its own, and is told before them: which. */
  nested?(words: unknown): readonly RawStep[];
  /** What it needs that not every stand has. */
  needs?(words: unknown): readonly Need[];
  run(words: unknown, scene: Scene): Promise<Outcome>;
  /** In words, for the timeline. */
  show(words: unknown): string;
  /** What was asked for, so that a wrong answer can be explained. */
  request?(words: unknown): StandCheckout;
}

/** Ties the type of a row's words to their schema. */
export function step<Words extends z.ZodType>(row: {
  readonly summary: string;
  readonly example: string;
  readonly words: Words;
  readonly yields?: Yield;
  nested?(words: z.infer<Words>): readonly RawStep[];
  needs?(words: z.infer<Words>): readonly Need[];
  run(words: z.infer<Words>, scene: Scene): Promise<Outcome>;
  show(words: z.infer<Words>): string;
  request?(words: z.infer<Words>): StandCheckout;
}): StepRow {
  return { yields: 'nothing', ...row } as StepRow;
}

/** A step that cannot be taken as things are: told as its failure. */
export class StepRefused extends Error {
  readonly expected: string;
  readonly got: string;

  constructor(expected: string, got: string) {
    super(`expected ${expected}, got ${got}`);
    this.expected = expected;
    this.got = got;
  }
}

/** The server of that name, or the first. @throws StepRefused for a name that none has */
export function serverOf(stand: Stand, name: string | undefined) {
  const server =
    name === undefined ? stand.servers[0] : stand.servers.find((each) => each.name === name);
  if (server !== undefined) return server;
  const known = stand.servers.map((each) => each.name).join(', ');
  throw new StepRefused(`one of the servers ${known}`, String(name));
}

export function done(text: string): Outcome {
  return { kind: 'done', text };
}
