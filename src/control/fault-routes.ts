import { z } from 'zod';
import { limits } from '../base/limits.ts';
import type { ListedFault } from '../daemon/faults/listed-fault.ts';
import type { ServerFaults } from '../daemon/faults/server-faults.ts';
import { type Route, route } from './route.ts';
import { time } from './status-schemas.ts';
import type { TestSession } from './test-sessions.ts';

const listedFault = z.strictObject({
  id: z.string(),
  fault: z.string(),
  text: z.string().describe('as --fault takes it'),
  words: z.record(z.string(), z.string()),
  state: z.enum(['waiting', 'on', 'over']),
  hits: z.int().describe('calls on which it has acted, or how often it has acted by itself'),
  from: time,
  to: time.optional(),
  remark: z
    .string()
    .optional()
    .describe('why it will hardly act: it is of no feature of the licenses'),
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

/** Those of a session, where one asks. */
async function listed(
  faults: ServerFaults,
  session: TestSession | undefined,
): Promise<readonly ListedFault[]> {
  const all = await faults.list();
  return session === undefined ? all : all.filter(({ id }) => session.faults.has(id));
}

/** Ends those of a session; gives what was cleared. */
export async function clearOf(
  faults: ServerFaults,
  session: TestSession,
): Promise<readonly ListedFault[]> {
  const own = await listed(faults, session);
  for (const { id } of own) await faults.clear(id);
  session.faults.clear();
  return own;
}

/** Faults of a running server. */
export const faultRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/faults',
    summary: 'the faults that are armed, and how often each has acted',
    answer: faultList,
    scoped: true,
    run: async ({ faults }, _input, _desk, session): Promise<FaultListAnswer> => ({
      seed: faults.seed,
      faults: (await listed(faults, session)).map(answerOf),
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
    scoped: true,
    run: async ({ faults }, body, _desk, session): Promise<FaultAnswer> => {
      const fault = await faults.add(body);
      session?.faults.add(fault.id);
      return answerOf(fault);
    },
  }),
  route({
    method: 'DELETE',
    path: '/faults',
    summary: 'ends the fault of an id, or all; of a session, all of it',
    body: z.strictObject({ id: z.string().optional().describe('all unless told') }),
    answer: faultList,
    scoped: true,
    run: async ({ faults }, { id }, _desk, session): Promise<FaultListAnswer> => {
      const cleared =
        session === undefined || id !== undefined
          ? await faults.clear(id)
          : await clearOf(faults, session);
      return { seed: faults.seed, faults: cleared.map(answerOf) };
    },
  }),
];
