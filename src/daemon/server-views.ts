import type { LedgerSnapshot } from '../domain/ledger/snapshot.ts';
import type { LicenseManager } from './license-manager.ts';
import type { RunningVendor } from './running-vendor.ts';

/** What a manager's vendor daemons look like from outside, in the order of the VENDOR lines. */
export function runningVendors({ runners }: LicenseManager): readonly RunningVendor[] {
  return runners.map(({ name, port, pid, up }) => ({ name, port, pid, up }));
}

/** Open connections of a manager and of daemons in its process. */
export function connectionsOf({ host, runners }: LicenseManager): number {
  const daemons = runners.map(({ daemon }) => daemon?.host.connections ?? 0);
  return daemons.reduce((sum, count) => sum + count, host.connections);
}

/** The ledgers of a manager's vendor daemons. */
export class ServerLedgers {
  readonly #manager: LicenseManager;

  constructor(manager: LicenseManager) {
    this.#manager = manager;
  }

  /** Of those daemons that are up, in this process or in their own; what they did before is in the journal then. */
  async read(): Promise<readonly LedgerSnapshot[]> {
    const { runners } = this.#manager;
    const ledgers = await Promise.all(runners.map((runner) => runner.snapshot()));
    return ledgers.flatMap((ledger) => ledger ?? []);
  }

  /**
   * What changes, beside the journal, whenever they may have changed; undefined when that cannot be known at once,
   * since a daemon in another process tells its events a little later.
   */
  get marks(): readonly unknown[] | undefined {
    const marks: unknown[] = [];
    for (const { name, port, pid, up, daemon } of this.#manager.runners) {
      if (up && daemon === undefined) return undefined;
      marks.push(name, port, pid, daemon?.ledger, daemon?.entry);
    }
    return marks;
  }
}
