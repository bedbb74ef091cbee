import { z } from 'zod';
import { expectation, type Miss, type View } from '../expectation-row.ts';
import { attemptsText } from '../outcomes.ts';
import type { CheckoutOutcome } from '../stand.ts';
import { type Amount, amount, amountText, isAmount } from '../words.ts';

type Kind = CheckoutOutcome['kind'];

function attemptsOf({ outcome }: View): readonly CheckoutOutcome[] {
  return outcome?.kind === 'checkouts' ? outcome.attempts : [];
}

/** All of them, or a number of them. */
function countMiss(
  chosen: readonly CheckoutOutcome[],
  wanted: Amount | true,
  { what, view }: { readonly what: string; readonly view: View },
): Miss | undefined {
  const all = attemptsOf(view);
  const isMet = wanted === true ? chosen.length === all.length : isAmount(chosen.length, wanted);
  if (isMet) return undefined;
  const number = wanted === true ? '' : `${amountText(wanted)} `;
  return { expected: `${number}${what}`, got: attemptsText(all) };
}

function ofKind(view: View, kind: Kind): readonly CheckoutOutcome[] {
  return attemptsOf(view).filter((attempt) => attempt.kind === kind);
}

export const granted = expectation({
  summary: 'the licenses are granted; of several users how many get them',
  example: `
- checkout: { feature: solve }
  expect: granted
- checkout: { feature: mesh, users: 6 }
  expect: { granted: 5, denied: { count: 1 } }
- checkout: { feature: solve, user: ben@ws2 }
  expect: { granted: { by: acmed, from: main, version: '2030.0' } }
`,
  of: 'checkouts',
  words: z.union([
    z.literal(true),
    amount,
    z.strictObject({
      by: z.string().optional().describe('the vendor daemon'),
      from: z.string().optional().describe('the server'),
      version: z.string().optional().describe('of the license line that is used'),
    }),
  ]),
  check(words, view) {
    const chosen = ofKind(view, 'granted');
    if (words === true || typeof words === 'number' || 'atLeast' in words || 'atMost' in words) {
      return countMiss(chosen, words as Amount | true, { what: 'granted', view });
    }
    const { by, from, version } = words as { by?: string; from?: string; version?: string };
    const others = attemptsOf(view).filter((attempt) => {
      if (attempt.kind !== 'granted') return true;
      const wrong = [
        [by, attempt.vendor],
        [from, attempt.server],
        [version, attempt.version],
      ].some(([wanted, got]) => wanted !== undefined && wanted !== got);
      return wrong;
    });
    if (others.length === 0) return undefined;
    const details = [by, from, version].filter((each) => each !== undefined).join(', ');
    return { expected: `granted (${details})`, got: grantsText(others) };
  },
});

function grantsText(attempts: readonly CheckoutOutcome[]): string {
  const [first] = attempts;
  if (first?.kind !== 'granted') return attemptsText(attempts);
  return `granted (${first.vendor}, ${first.server}, ${first.version})`;
}

export const denied = expectation({
  summary: 'the licenses are refused, with a FlexNet code; of several users how many',
  example: `
- checkout: { feature: solve, count: 2 }
- checkout: { feature: solve, user: ben@ws2 }
  expect: { denied: -4 }
- checkout: { feature: other }
  expect: { denied: { code: -5, text: No such feature } }
`,
  of: 'checkouts',
  words: z.union([
    z.literal(true),
    z.int().max(-1).describe('a FlexNet code such as -4'),
    z.strictObject({
      code: z.int().max(-1).optional(),
      minor: z.int().optional(),
      count: amount.optional().describe('of several users how many'),
      text: z.string().optional().describe('words of the refusal'),
    }),
  ]),
  check(words, view) {
    const { code, minor, count, text } =
      words === true ? {} : typeof words === 'number' ? { code: words } : (words as DeniedWords);
    const all = ofKind(view, 'denied');
    const chosen = all.filter((attempt) => {
      if (attempt.kind !== 'denied') return false;
      const { major, minor: got } = attempt.refusal;
      const isCode =
        (code === undefined || code === major) && (minor === undefined || minor === got);
      return isCode && (text === undefined || attempt.text.includes(text));
    });
    const numbers = [code, minor].filter((each) => each !== undefined).join(',');
    const said = text === undefined ? '' : ` "${text}"`;
    const what = `denied${numbers === '' ? '' : ` (${numbers})`}${said}`;
    const isOfMany = isPartly(view);
    return countMiss(chosen, count ?? (isOfMany ? { atLeast: 1 } : true), { what, view });
  },
});

interface DeniedWords {
  readonly code?: number;
  readonly minor?: number;
  readonly count?: Amount;
  readonly text?: string;
}

/** Beside a number of grants, a refusal is expected of the others. */
function isPartly(view: View): boolean {
  return attemptsOf(view).length > 1 && ofKind(view, 'denied').length < attemptsOf(view).length;
}

export const queued = expectation({
  summary: 'the request waits; of several users how many',
  example: `
- checkout: { feature: solve, count: 2 }
- checkout: { feature: solve, user: ben@ws2, wait: true }
  expect: { queued: { ahead: 0 } }
`,
  of: 'checkouts',
  words: z.union([
    z.literal(true),
    amount,
    z.strictObject({ ahead: amount.describe('requests before it') }),
  ]),
  check(words, view) {
    const chosen = ofKind(view, 'queued');
    if (typeof words !== 'object' || !('ahead' in words)) {
      return countMiss(chosen, words as Amount | true, { what: 'queued', view });
    }
    const { ahead } = words;
    const all = attemptsOf(view);
    const isMet = all.every((each) => each.kind === 'queued' && isAmount(each.ahead, ahead));
    if (isMet) return undefined;
    return { expected: `queued, ${amountText(ahead)} before it`, got: attemptsText(all) };
  },
});
