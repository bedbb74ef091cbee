import type { EpochMs } from '../base/clock.ts';
import type { VendorEntry } from '../daemon/catalog.ts';
import { newLedger, rulesInForce } from '../daemon/vendor-ledger.ts';
import type { Command } from '../domain/ledger/commands.ts';
import type { LedgerEvent } from '../domain/ledger/events.ts';
import { type Ledger, nextDeadline } from '../domain/ledger/ledger.ts';
import { perform, performReread } from '../domain/ledger/performance.ts';
import { vendorPolicy } from '../domain/vendors/index.ts';

export interface LedgerGround {
  readonly now: EpochMs;
  /** What the license server's machine is called. */
  readonly serverHosts: readonly string[];
  /** Told of everything that happens. */
  readonly tell: (event: LedgerEvent) => void;
}

/** What a vendor daemon decides, without a daemon: its ledger, carried forward by hand. */
export class LedgerDaemon {
  readonly name: string;
  readonly #tell: (event: LedgerEvent) => void;
  #entry: VendorEntry;
  #ledger: Ledger;

  constructor(entry: VendorEntry, { now, serverHosts, tell }: LedgerGround) {
    this.name = entry.name;
    this.#entry = entry;
    this.#tell = tell;
    const policy = vendorPolicy(entry.name);
    this.#ledger = newLedger(entry, { policy, serverHosts }, now);
  }

  get ledger(): Ledger {
    return this.#ledger;
  }

  get entry(): VendorEntry {
    return this.#entry;
  }

  /** When something lapses by itself. */
  get next(): EpochMs | undefined {
    return nextDeadline(this.#ledger);
  }

  /** Carries a command out; gives the events that hold its answer. */
  apply(command: Command, now: EpochMs): readonly LedgerEvent[] {
    return perform(this.#ledger, command, now, this.#tell);
  }

  /** Puts changed files in force, as lmreread does. @throws KnownError OPTIONS_SYNTAX as `rulesInForce` does */
  reread(entry: VendorEntry, now: EpochMs): void {
    const rules = rulesInForce(entry, vendorPolicy(entry.name));
    performReread(this.#ledger, { ...rules, definitions: entry.definitions }, now, this.#tell);
    this.#entry = entry;
  }
}
