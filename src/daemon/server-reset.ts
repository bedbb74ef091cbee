import type { ServerFaults } from './faults/server-faults.ts';
import type { Journal } from './journal.ts';
import type { LicenseManager } from './license-manager.ts';
import type { LogFiles } from './log-files.ts';
import type { ServerClock } from './server-clock.ts';
import type { Traffic } from './traffic.ts';

/** What a reset puts back to its beginning. */
export interface Resettable {
  readonly manager: LicenseManager;
  readonly faults: ServerFaults;
  readonly clock: ServerClock;
  readonly journal: Journal;
  readonly logs: LogFiles;
  readonly traffic: Traffic;
}

/**
 * As at the start: seats come back and clients are cut off at the old time, then the clock goes to where it began,
 * then everything begins there. The manager's lines are written out before daemons in other processes write theirs.
 * Waits for no move of the clock: those that wait are given up, the one under way ends where it is.
 * @throws KnownError of a daemon that cannot start
 */
export function resetServer(parts: Resettable): Promise<void> {
  const { manager, faults, clock, journal, logs, traffic } = parts;
  return clock.interrupt(async () => {
    await faults.reset();
    const { log } = manager.options;
    log.resetRequested();
    await logs.flushed();
    await manager.clear();
    await clock.restart();
    journal.clear();
    log.begun();
    await logs.flushed();
    await manager.begin();
    await traffic.settled();
    await logs.flushed();
  });
}
