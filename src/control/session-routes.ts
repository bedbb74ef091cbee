import { z } from 'zod';
import type { ControlDesk } from './control-desk.ts';
import { clearOf } from './fault-routes.ts';
import { type Route, route } from './route.ts';
import type { TestSession } from './test-sessions.ts';

const sessionState = z.strictObject({
  session: z.string().describe('the value of the header Fauxlm-Session'),
  name: z.string(),
  pid: z.int().describe('process id of its clients, as /users and /journal show it'),
  checkouts: z.int().describe('that its clients hold or wait for'),
  faults: z.array(z.string()).describe('ids of those that it has put in force'),
});

function stateOf(session: TestSession, { held }: ControlDesk): z.infer<typeof sessionState> {
  const { token, name, pid, faults } = session;
  const checkouts = held.states(session).length;
  return { session: token, name, pid, checkouts, faults: [...faults] };
}

/** Undoes what a session has done, and nothing else: its checkouts and faults; its events are forgotten. */
export async function resetSession(session: TestSession, desk: ControlDesk): Promise<void> {
  const { held, server } = desk;
  await held.checkinAll(session);
  await clearOf(server.faults, session);
  session.firstEvent = server.journal.count + 1;
}

/** Tests that use one server at the same time. */
export const sessionRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/sessions',
    summary: 'the sessions of tests that share the server',
    answer: z.strictObject({ sessions: z.array(sessionState) }),
    run: (_server, _input, desk) => ({
      sessions: desk.sessions.all.map((session) => stateOf(session, desk)),
    }),
  },
  route({
    method: 'POST',
    path: '/sessions',
    summary: 'begins one: requests that name it in their header Fauxlm-Session are of it',
    body: z.strictObject({ name: z.string().max(100).optional().describe('for people') }),
    answer: sessionState,
    run: (_server, { name = '' }, desk) => stateOf(desk.sessions.begin(name), desk),
  }),
  route({
    method: 'DELETE',
    path: '/sessions',
    summary: 'ends one, with what it holds and has put in force',
    body: z.strictObject({ session: z.string().describe('of /sessions') }),
    answer: z.strictObject({ ended: z.literal(true) }),
    run: async (_server, { session: token }, desk) => {
      const session = desk.sessions.get(token);
      await resetSession(session, desk);
      desk.sessions.end(session);
      return { ended: true };
    },
  }),
];
