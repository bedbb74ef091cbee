import type { EpochMs } from '../../base/clock.ts';
import type { CheckoutCommand } from './commands.ts';
import { denialRow, isWaitable, refusalOf } from './denials.ts';
import { sharingKey } from './dup-groups.ts';
import type { CheckoutDequeued, LedgerEvent, QueueRelined } from './events.ts';
import type { LedgerPool } from './holdings.ts';
import { noSuchFeature } from './refusals.ts';
import { findFeature, isSteady, type Ledger } from './state.ts';
import { suiteTrialOf, trialOf } from './trials.ts';
import { dequeued, type Waiting } from './waiting-lines.ts';

/** Stands for the reason that the feature is not there any more. */
export const noRow = -1;

/** No pool can give it seats any more, whoever brings some back. */
export function refusedAt(waiting: Waiting, row: number, now: EpochMs): CheckoutDequeued {
  const refusal = row === noRow ? noSuchFeature : refusalOf(row);
  return { ...dequeued(waiting, 'refused', now), refusal };
}

/** Works out in which pools' lines everybody is to stand, now that pools or rules are others. */
export function decideRelining(ledger: Ledger, now: EpochMs): readonly LedgerEvent[] {
  const refused: CheckoutDequeued[] = [];
  const lines: { handle: number; pools: readonly string[] }[] = [];
  for (const waiting of ledger.queue.values()) {
    const { handle, request } = waiting;
    const feature = findFeature(ledger, request.feature);
    const { pools, closest } = poolsInReach(ledger, feature?.pools ?? [], request, now);
    const ids = [...new Set(pools)].map(({ definition }) => definition.id);
    if (ids.length > 0) lines.push({ handle, pools: ids });
    else refused.push(refusedAt(waiting, closest, now));
  }
  return [...refused, { kind: 'queueRelined', at: now, lines }];
}

/** Pools that would give a request its seats, now or when some come back; and how close the others come. */
function poolsInReach(
  ledger: Ledger,
  pools: readonly LedgerPool[],
  request: CheckoutCommand,
  now: EpochMs,
): { readonly pools: readonly LedgerPool[]; readonly closest: number } {
  const steady = isSteady(ledger, now);
  const found: LedgerPool[] = [];
  let closest = noRow;
  for (const pool of pools) {
    const { suite } = pool;
    const trial = trialOf(pool, request, now, steady);
    let row = denialRow(trial);
    const reached = [pool];
    if (row < 0 && suite !== undefined) {
      row = denialRow(suiteTrialOf(suite, trial, now, steady));
      reached.push(suite);
    }
    if (row < 0 || isWaitable(row)) found.push(...reached);
    closest = Math.max(closest, row);
  }
  return { pools: found, closest };
}

export function recordRelined({ queue, pools }: Ledger, { lines }: QueueRelined): void {
  queue.leaveLines();
  for (const { handle, pools: ids } of lines) {
    const waiting = queue.get(handle)!;
    for (const id of ids) {
      const pool = pools.get(id)!;
      waiting.join(pool);
      queue.free(pool);
      const { client, data } = waiting.request;
      const key = sharingKey(pool, client, data);
      if (key !== undefined && pool.groups.has(key)) queue.share(pool, key);
    }
  }
  queue.stale = false;
}
