import type { EpochMs } from '../base/clock.ts';
import { createLedger, type Ledger } from '../domain/ledger/ledger.ts';
import { compileRules, type SeatRules } from '../domain/options/rules.ts';
import { compileTimes, type SeatTimes } from '../domain/options/time-rules.ts';
import type { VendorPolicy } from '../domain/vendors/index.ts';
import type { VendorEntry } from './catalog.ts';

/** What of a daemon's settings its ledger must know. */
export interface LedgerSettings {
  readonly policy: VendorPolicy;
  readonly timeZone?: string;
  readonly serverHosts: readonly string[];
}

/**
 * What options file, license lines and vendor say about a daemon's pools.
 * @throws KnownError OPTIONS_SYNTAX as `compileRules` does.
 */
export function rulesOf(
  { options, definitions, packages }: VendorEntry,
  policy: VendorPolicy,
): { readonly rules: SeatRules; readonly times: SeatTimes } {
  const subject = { definitions, packages, caseSensitive: policy.caseSensitive };
  return {
    rules: compileRules(options, subject),
    times: compileTimes(options, subject, policy),
  };
}

/** A daemon's ledger with nothing out. */
export function newVendorLedger(
  entry: VendorEntry,
  { policy, timeZone, serverHosts }: LedgerSettings,
  now: EpochMs,
): Ledger {
  const options = {
    vendor: entry.name,
    ...(timeZone === undefined ? {} : { timeZone }),
    caseSensitive: policy.caseSensitive,
    sessionTimeoutSeconds: policy.sessionTimeoutSeconds,
    clockToleranceSeconds: policy.clockToleranceSeconds,
    earlyReturn: policy.earlyReturn,
    serverHosts,
  };
  const { rules, times } = rulesOf(entry, policy);
  return createLedger(entry.definitions, options, now, rules, times);
}
