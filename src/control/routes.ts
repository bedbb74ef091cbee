import { z } from 'zod';
import { adminRoutes } from './admin-routes.ts';
import { checkoutRoutes } from './checkout-routes.ts';
import { renderClock } from './clock-answer.ts';
import { faultRoutes } from './fault-routes.ts';
import { followingRoutes } from './following-routes.ts';
import { journalRoutes } from './journal-routes.ts';
import { resetAll } from './reset-all.ts';
import { type Route, route } from './route.ts';
import { scenarioRoutes } from './scenario-routes.ts';
import { resetSession, sessionRoutes } from './session-routes.ts';
import { snapshotRoutes } from './snapshot-routes.ts';
import { statusRoutes } from './status-routes.ts';

const clockAnswer = z.strictObject({
  kind: z.enum(['real', 'manual', 'scaled']),
  now: z.iso.datetime().describe('the time on the clock, in UTC'),
  ms: z.int().describe('the same in milliseconds since 1970'),
  factor: z.number().describe('how many times as fast as the machine; 0 stands still'),
});

const healthAnswer = z.strictObject({
  status: z.literal('up'),
  address: z.string().describe('port@host of the license manager'),
  vendors: z.array(
    z.strictObject({
      name: z.string(),
      port: z.int().describe('0 while it is down, and when it shares the port of the manager'),
      pid: z.int(),
      up: z.boolean(),
    }),
  ),
  connections: z.int().describe('of the license manager and of the daemons in its process'),
  clock: clockAnswer,
});

export const routes: readonly Route[] = [
  {
    method: 'GET',
    path: '/health',
    summary: 'whether the server is up, where, and with what',
    role: 'anyone',
    answer: healthAnswer,
    kept: true,
    live: {
      marks: ({ connections, clock }) => [connections, clock.now()],
      fields: ({ connections, clock }) => ({ connections, clock: renderClock(clock) }),
    },
    run: ({ address, vendors }) => ({ status: 'up', address, vendors }),
  },
  {
    method: 'GET',
    path: '/clock',
    summary: "the server's time",
    answer: clockAnswer,
    run: ({ clock }) => renderClock(clock),
  },
  route({
    method: 'POST',
    path: '/clock/advance',
    summary:
      'moves a manual or scaled clock forward; answers when what follows at once has happened',
    body: z.strictObject({ by: z.string().describe('a duration: 90s, 2m, 21h, 30d, 1w, 1h30m') }),
    answer: clockAnswer,
    run: async ({ clock }, { by }) => {
      await clock.advance(by);
      return renderClock(clock);
    },
  }),
  route({
    method: 'POST',
    path: '/clock/set',
    summary: 'sets a manual or scaled clock, forward or back',
    body: z.strictObject({
      to: z.string().describe('an ISO 8601 time, of the zone of the server unless it names one'),
    }),
    answer: clockAnswer,
    run: async ({ clock }, { to }) => {
      await clock.set(to);
      return renderClock(clock);
    },
  }),
  {
    method: 'POST',
    path: '/reset',
    summary:
      'as at the start: no seats out, no clients, no faults, the clock where it began; of a session: what it did',
    answer: clockAnswer,
    scoped: true,
    run: async (server, _input, desk, session) => {
      if (session === undefined) await resetAll(desk);
      else await resetSession(session, desk);
      return renderClock(server.clock);
    },
  },
  ...sessionRoutes,
  ...snapshotRoutes,
  ...scenarioRoutes,
  ...statusRoutes,
  ...journalRoutes,
  ...checkoutRoutes,
  ...adminRoutes,
  ...faultRoutes,
  ...followingRoutes,
];
