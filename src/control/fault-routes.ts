import { z } from 'zod';
import { limits } from '../base/limits.ts';
import type { ListedFault } from '../daemon/faults/listed-fault.ts';
import { type Route, route } from './route.ts';
import { time } from './status-schemas.ts';

const listedFault = z.strictObject({
  id: z.string(),
  fault: z.string(),
  text: z.string().describe('as --fault takes it'),
  words: z.record(z.string(), z.string()),
  state: z.enum(['waiting', 'on', 'over']),
  hits: z.int().describe('calls on which it has acted, or how often it has acted by itself'),
  from: time,
  to: time.optional(),
});

export type FaultAnswer = z.infer<typeof listedFault>;

const faultList = z.strictObject({
  seed: z.string().describe('of everything that faults leave to chance'),
  faults: z.array(listedFault),
});

export type FaultListAnswer = z.infer<typeof faultList>;

/** A fault as it is answered: its times as texts. */
function answerOf({ from, to, ...fault }: ListedFault): FaultAnswer {
  return { ...fault, from: timeText(from), ...(to === undefined ? {} : { to: timeText(to) }) };
}

function timeText(at: number): string {
  return new Date(Math.min(at, limits.clockMsMax)).toISOString();
}

/** Faults of a running server. */
export const faultRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/faults',
    summary: 'the faults that are armed, and how often each has acted',
    answer: faultList,
    run: async ({ faults }): Promise<FaultListAnswer> => ({
      seed: faults.seed,
      faults: (await faults.list()).map(answerOf),
    }),
  },
  route({
    method: 'POST',
    path: '/faults',
    summary: 'puts a fault in force: its name, or its whole text, and its words',
    body: z
      .object({ fault: z.string().describe('a fault of docs/faults.md, or NAME word=value ...') })
      .catchall(z.union([z.string(), z.number()])),
    answer: listedFault,
    run: async ({ faults }, body): Promise<FaultAnswer> => answerOf(await faults.add(body)),
  }),
  route({
    method: 'DELETE',
    path: '/faults',
    summary: 'ends the fault of an id, or all',
    body: z.strictObject({ id: z.string().optional().describe('all unless told') }),
    answer: faultList,
    run: async ({ faults }, { id }): Promise<FaultListAnswer> => ({
      seed: faults.seed,
      faults: (await faults.clear(id)).map(answerOf),
    }),
  }),
];
