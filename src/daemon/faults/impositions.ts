import type { Refusal } from '../../base/refusal.ts';
import type { Client } from '../../domain/ledger/model.ts';
import type { SiteFaults } from './site-faults.ts';

/** What faults put into a checkout: as fields of its command. */
export interface Impositions {
  readonly skewMs: number | undefined;
  readonly imposed: Refusal | undefined;
}

const none: Impositions = { skewMs: undefined, imposed: undefined };

/** What faults put into a client's checkout, or borrow, of a feature. */
export function impositions(
  faults: SiteFaults,
  { user, host }: Client,
  feature: string,
  on: 'checkout' | 'borrow',
): Impositions {
  if (faults.checkouts === undefined) return none;
  const { server, vendor } = faults;
  const all = faults.imposed({ server, vendor, on, user, host, feature });
  return {
    skewMs: all.find((each) => each.kind === 'skewed')?.ms,
    imposed: all.find((each) => each.kind === 'denied')?.refusal,
  };
}
