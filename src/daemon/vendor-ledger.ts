import type { EpochMs } from '../base/clock.ts';
import { createLedger, type Ledger } from '../domain/ledger/ledger.ts';
import { compileRules, type SeatRules } from '../domain/options/rules.ts';
import { compileTimes, type SeatTimes } from '../domain/options/time-rules.ts';
import type { VendorPolicy } from '../domain/vendors/index.ts';
import type { VendorEntry } from './catalog.ts';

/** What a vendor daemon's ledger stands on beside its files. */
export interface LedgerGround {
  readonly policy: VendorPolicy;
  readonly timeZone?: string;
  /** What the license server's machine is called. */
  readonly serverHosts: readonly string[];
}

/** A vendor's ledger as its daemon starts with it: nothing is out. Throws as `rulesInForce` does. */
export function newLedger(entry: VendorEntry, ground: LedgerGround, now: EpochMs): Ledger {
  const { policy, timeZone, serverHosts } = ground;
  const options = {
    vendor: entry.name,
    ...(timeZone === undefined ? {} : { timeZone }),
    caseSensitive: policy.caseSensitive,
    sessionTimeoutSeconds: policy.sessionTimeoutSeconds,
    clockToleranceSeconds: policy.clockToleranceSeconds,
    earlyReturn: policy.earlyReturn,
    serverHosts,
  };
  const { rules, times } = rulesInForce(entry, policy);
  return createLedger(entry.definitions, options, now, rules, times);
}

/**
 * The options file sorted to the pools it names.
 * @throws KnownError OPTIONS_SYNTAX when its lines and the pools they name are too many together.
 */
export function rulesInForce(
  { options, definitions, packages }: VendorEntry,
  policy: VendorPolicy,
): { readonly rules: SeatRules; readonly times: SeatTimes } {
  const subject = { definitions, packages, caseSensitive: policy.caseSensitive };
  return {
    rules: compileRules(options, subject),
    times: compileTimes(options, subject, policy),
  };
}
