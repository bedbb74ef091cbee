import type { Cancel } from '../../base/clock.ts';
import type { Refusal } from '../../base/refusal.ts';
import type { Rng } from '../../base/rng.ts';
import type { CommonWord } from './common-words.ts';
import type { FaultTarget } from './fault-target.ts';
import type { ReplyFate } from './reply-fate.ts';
import type { ValuesOf, Word } from './words.ts';

/** What becomes of a connection, or of a call before it is answered. */
export type ConnectionFate =
  /** It is broken off. */
  | 'reset'
  /** Nothing is ever answered; what comes is read and thrown away. */
  | 'silence'
  /** Nothing is read until the fault ends; then everything goes on. */
  | 'hold'
  /** It is told that the server is full. */
  | 'full'
  /** The vendor daemon dies of it. */
  | 'crash';

/** What a manager says to who asks for a vendor daemon. */
export type Lead =
  | { readonly kind: 'down' }
  /** Where to go: what is absent is as it would be. */
  | { readonly kind: 'elsewhere'; readonly host?: string; readonly port?: number };

/** What is put into a checkout. */
export type Imposed =
  | { readonly kind: 'denied'; readonly refusal: Refusal }
  | { readonly kind: 'skewed'; readonly ms: number };

/** How a port is shut. */
export type PortState = 'refused' | 'blocked';

/** One thing that can be made to go wrong: what its words are, and where it takes hold. */
export interface FaultRow<Words extends Readonly<Record<string, Word>> = Record<string, Word>> {
  readonly summary: string;
  /** What clients and users see of it. */
  readonly sees: string;
  readonly example: string;
  readonly words: Words;
  readonly takes: readonly CommonWord[];
  readonly connection?: ConnectionFate;
  /** It acts as connections come, unless its scope says something that only a call has. */
  readonly atConnect?: true;
  readonly reply?: (values: ValuesOf<Words>, rng: Rng) => ReplyFate;
  /** Also of what clients are told unasked. */
  readonly notices?: true;
  readonly redirect?: (values: ValuesOf<Words>) => Lead;
  readonly checkout?: (values: ValuesOf<Words>) => Imposed;
  /** Who holds what it denies loses it when it comes into force, as with a reread. */
  readonly withdraws?: true;
  readonly port?: PortState;
  /** Logs take no lines. */
  readonly logs?: true;
  /** Throws KnownError USAGE for words that mean nothing at this server. */
  readonly check?: (
    words: { readonly [K in keyof Words]: string | undefined },
    target: Pick<FaultTarget, 'cutOf'>,
  ) => void;
  /** Does something to the server; what it gives ends that. */
  readonly arm?: (target: FaultTarget, values: ValuesOf<Words>) => Cancel;
}

/** Ties a row's functions to the types of its words. */
export function row<Words extends Readonly<Record<string, Word>>>(
  fields: FaultRow<Words>,
): FaultRow {
  return fields as unknown as FaultRow;
}
