import { z } from 'zod';
import { refusalText } from '../base/flexnet-errors.ts';
import type { Refusal } from '../base/refusal.ts';

/** What is asked for. */
export const checkoutFields = {
  feature: z.string().min(1),
  count: z.int().min(1).max(0xffff_ffff).optional().describe('licenses [1]'),
  version: z.string().optional().describe('that must be licensed [0.0, which every license has]'),
  vendor: z.string().optional().describe('vendor daemon [those that have it, in their order]'),
};

/** For whom. */
export const clientFields = {
  user: z.string().min(1).optional().describe("[the server's own]"),
  host: z.string().min(1).optional().describe("[the server's own]"),
  display: z.string().optional(),
};

/** A no of FlexNet. */
export const refusalSchema = z.strictObject({
  code: z.int().describe('such as -4'),
  minor: z.int(),
  text: z.string(),
});

/** As `refusalSchema` has it. */
export function refusalOf(refusal: Refusal, text?: string): z.infer<typeof refusalSchema> {
  return { code: refusal.major, minor: refusal.minor, text: text ?? refusalText(refusal) };
}

export const checkoutState = z.strictObject({
  id: z.string().describe('names it to /checkin'),
  state: z.enum(['held', 'waiting', 'refused']),
  feature: z.string(),
  count: z.int(),
  vendor: z.string().nullable(),
  handle: z.int().describe('as lmstat shows it'),
  version: z.string().nullable().describe('of the pool that granted'),
  user: z.string(),
  host: z.string(),
  ahead: z.int().nullable().describe('requests before it when it began to wait'),
  refusal: refusalSchema.nullable().describe('why it waits, or why it waited in vain'),
});

export type CheckoutState = z.infer<typeof checkoutState>;
