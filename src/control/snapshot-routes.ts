import { z } from 'zod';
import { type Route, route } from './route.ts';
import { loadSnapshot } from './snapshot-loading.ts';
import { saveSnapshot } from './snapshot-saving.ts';
import { snapshotSchema } from './snapshot-schema.ts';

/** The state of a server, to take elsewhere or to come back to. */
export const snapshotRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/snapshot',
    summary: 'seats, queue, clock and faults as a document that POST /snapshot takes',
    role: 'admin',
    answer: snapshotSchema,
    run: (server) => saveSnapshot(server),
  },
  route({
    method: 'POST',
    path: '/snapshot',
    summary: 'resets the server, and brings it into the state of a snapshot of the same license',
    role: 'admin',
    body: snapshotSchema,
    answer: z.strictObject({ seats: z.int(), queue: z.int(), faults: z.int() }),
    run: async (_server, snapshot, desk) => {
      await loadSnapshot(desk, snapshot);
      const { seats, queue, faults } = snapshot;
      return { seats: seats.length, queue: queue.length, faults: faults.length };
    },
  }),
];
