import { z } from 'zod';
import { KnownError } from '../base/errors.ts';
import { limits } from '../base/limits.ts';
import { parseDuration } from '../base/time-words.ts';
import { parseFault } from '../daemon/faults/order.ts';
import { parsedText } from '../documents/parsed-text.ts';

/** The words that steps and expectations are made of, each with what an editor shows of it. */

export const duration = parsedText(
  (text) => parseDuration(text),
  'a duration: 90s, 2m, 1h30m, 30d',
);

/** A fault as `--fault` takes it. */
export const faultText = parsedText(
  (text) => parseFault(text, 'fault'),
  'a fault: NAME word=value ...',
);

/** A fault of the first server, or of one that is named. */
export const faultOrder = z.union([
  faultText,
  z.strictObject({ on: faultText, server: z.string().min(1).optional() }),
]);

export type FaultOrderWords = z.infer<typeof faultOrder>;

const clientForm = /^[^@\s]+@[^@\s]+$/;

/** `ann@ws1`: a user on a host. */
export const client = z
  .string()
  .regex(clientForm, { error: 'expected USER@HOST such as ann@ws1' })
  .describe('USER@HOST, such as ann@ws1');

export const name = z.string().min(1, { error: 'expected a name, got an empty text' });

/** What a variable is called: `${name}` stands for it. */
export const variableName = z.string().regex(/^[A-Za-z][A-Za-z0-9_]*$/, {
  error: 'expected a name of letters, digits and _',
});

/** A version: YAML reads 2024.1 as a number. */
export const version = z
  .union([z.string(), z.number()])
  .describe('a version that must be licensed, such as 2024.1');

export const count = z.int().min(1).max(1_000_000);

/** In a folder of a run, or in one below. */
export const fileName = z.string().regex(/^(?![/\\])(?!(?:.*[/\\])?\.\.(?:[/\\]|$))[^\0]+$/, {
  error: 'expected the name of a file in the folder of the run, without ..',
});

/** A number of things, or its bounds. */
export const amount = z
  .union([
    z.int().min(0),
    z.strictObject({ atLeast: z.int().min(0).optional(), atMost: z.int().min(0).optional() }),
  ])
  .describe('a whole number, or { atLeast, atMost }');

export type Amount = z.infer<typeof amount>;

export function isAmount(value: number, wanted: Amount): boolean {
  if (typeof wanted === 'number') return value === wanted;
  const { atLeast = 0, atMost = Number.POSITIVE_INFINITY } = wanted;
  return value >= atLeast && value <= atMost;
}

export function amountText(wanted: Amount): string {
  if (typeof wanted === 'number') return `${wanted}`;
  const { atLeast, atMost } = wanted;
  const parts = [
    ...(atLeast === undefined ? [] : [`at least ${atLeast}`]),
    ...(atMost === undefined ? [] : [`at most ${atMost}`]),
  ];
  return parts.join(' and ') || 'any number';
}

/** One text, or several. */
export const texts = z.union([z.string(), z.array(z.string()).min(1)]);

export function listOf<T>(value: T | readonly T[] | undefined): readonly T[] {
  if (value === undefined) return [];
  return Array.isArray(value) ? (value as readonly T[]) : [value as T];
}

/** A regular expression, as a text or between slashes with flags. */
export const pattern = parsedText(
  (text) => regularExpression(text),
  'a regular expression, or /one/i with flags',
);

/** @throws KnownError USAGE for a text that is none */
export function regularExpression(text: string): RegExp {
  const slashed = /^\/(.*)\/([imsu]*)$/s.exec(text);
  try {
    return slashed ? new RegExp(slashed[1]!, slashed[2]) : new RegExp(text, 'm');
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new KnownError('USAGE', `expected a regular expression, got "${text}": ${why}`);
  }
}

export const patterns = z.union([pattern, z.array(pattern).min(1)]);

export const featureName = name.max(limits.fieldCharactersMax).describe('a feature');

export const dayTime = /^([01]?\d|2[0-3]):([0-5]\d)$/;
