import type { HeldCheckout, LedgerPool } from './holdings.ts';
import { lacksSerial } from './serials.ts';
import type { Trial } from './trials.ts';

/** The checkouts of several pools, oldest first. */
export function* oldestFirst(pools: readonly LedgerPool[]): Generator<HeldCheckout> {
  const walks = pools.map(({ checkouts }) => checkouts.values());
  const heads = walks.map((walk) => nextOf(walk));
  for (;;) {
    let oldest = -1;
    for (const [at, head] of heads.entries()) {
      if (head !== undefined && !(oldest >= 0 && heads[oldest]!.handle < head.handle)) oldest = at;
    }
    if (oldest < 0) return;
    yield heads[oldest]!;
    heads[oldest] = nextOf(walks[oldest]!);
  }
}

function nextOf(walk: Iterator<HeldCheckout>): HeldCheckout | undefined {
  const next = walk.next();
  return next.done === true ? undefined : next.value;
}

/** The pools whose seats a refused request waits for: all of a serial number, where that has too few. */
export function poolsInTheWay(trial: Trial): readonly LedgerPool[] {
  return lacksSerial(trial) ? trial.pool.serial!.pools : [trial.pool];
}
