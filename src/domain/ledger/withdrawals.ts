import type { EpochMs } from '../../base/clock.ts';
import type { Command } from './commands.ts';
import type { LedgerEvent } from './events.ts';
import type { Client } from './model.ts';
import { returnAll } from './returns.ts';
import { featureKey, type Ledger } from './state.ts';
import { dequeued } from './waiting-lines.ts';

/**
 * What a reread that takes features away comes to for those that hold them (-92), and for those that wait for them,
 * while the license files stay as they are. Source: LAG, "lmreread"; error list, -92.
 */
export function decideWithdraw(
  ledger: Ledger,
  { features, users, hosts, refusal }: Extract<Command, { kind: 'withdraw' }>,
  now: EpochMs,
): readonly LedgerEvent[] {
  const keys = features?.map((each) => featureKey(ledger.options, each));
  const places = hosts?.map((each) => each.toLowerCase());
  const isMeant = (feature: string, { user, host }: Client): boolean =>
    (keys?.includes(featureKey(ledger.options, feature)) ?? true) &&
    (users?.includes(user) ?? true) &&
    (places?.includes(host.toLowerCase()) ?? true);
  const waiting = [...ledger.queue.values()].filter((each) =>
    isMeant(each.feature, each.request.client),
  );
  const held = [...ledger.checkouts.values()].filter(({ pool, client }) =>
    isMeant(pool.feature, client),
  );
  return [
    ...waiting.map((each) => ({ ...dequeued(each, 'refused', now), refusal })),
    ...returnAll(held, 'reread', now),
  ];
}
