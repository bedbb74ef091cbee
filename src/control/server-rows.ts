import { z } from 'zod';
import type { LicenseServer } from '../daemon/server.ts';
import { memberStates } from '../daemon/triad/triad-view.ts';

export const serverRow = z.strictObject({
  host: z.string(),
  port: z.int().nullable().describe('null: as its SERVER line leaves open'),
  state: z.enum(['down', 'up', 'master']),
  self: z.boolean().describe('it is the one that was asked'),
});

const stateNames = Object.fromEntries(
  Object.entries(memberStates).map(([name, number]) => [number, name]),
);

/** The servers of the triad, in the order of the SERVER lines; a single server alone. */
export function serversOf(server: LicenseServer): z.infer<typeof serverRow>[] {
  const { triad, port, catalog } = server;
  if (triad === undefined) {
    const host = catalog.servers[0]?.host ?? 'this_host';
    return [{ host, port, state: 'master', self: true }];
  }
  const { member } = triad.view;
  return catalog.servers.map((line, place) => {
    const self = line.host === member;
    const state = stateNames[triad.states[place] ?? memberStates.down] as 'up';
    return { host: line.host, port: self ? port : (line.port ?? null), state, self };
  });
}
