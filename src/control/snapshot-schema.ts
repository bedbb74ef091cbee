import { z } from 'zod';
import { limits } from '../base/limits.ts';

const ms = z.int().min(0).max(limits.clockMsMax).describe('milliseconds since 1970');
const text = z.string().max(limits.fieldCharactersMax);

const request = {
  vendor: text.min(1),
  feature: text.min(1),
  version: text.describe('as it was asked for'),
  count: z.int().min(1).max(0xffff_ffff),
  user: text.min(1),
  host: text.min(1),
  display: text,
  project: text.default(''),
  data: text.default('').describe("the vendor's checkout data"),
};

/** A server's state as a document: what another of the same license is brought into. */
export const snapshotSchema = z.strictObject({
  version: z.literal(1),
  clock: z.strictObject({ kind: z.enum(['real', 'manual', 'scaled']), ms }),
  features: z
    .array(z.strictObject({ vendor: text, feature: text, seats: z.int().min(0) }))
    .max(100_000)
    .describe('of the license: it is loaded where there are as many'),
  seats: z
    .array(
      z.strictObject({
        ...request,
        since: ms,
        borrowedUntil: ms.optional().describe('borrowed: nobody holds it'),
      }),
    )
    .max(limits.httpCheckoutsMax)
    .describe('that are out, oldest first'),
  queue: z.array(z.strictObject(request)).max(limits.httpCheckoutsMax).describe('who waits'),
  faults: z.array(z.string().max(4_096)).max(1_000).describe('as --fault takes them'),
  left: z.array(z.string()).max(1_000).default([]).describe('what it has no place for'),
});

export type Snapshot = z.infer<typeof snapshotSchema>;
export type SnapshotRequest = Snapshot['queue'][number];
