import { type Clock, isMovable, systemClock } from '../../base/clock.ts';
import { KnownError } from '../../base/errors.ts';
import { TRIAD_MEMBERS } from '../../domain/triad/order.ts';
import type { Catalog } from '../catalog.ts';
import type { LicenseManager } from '../license-manager.ts';
import type { ServerConfig } from '../server-config.ts';
import type { TriadSetting } from './setting.ts';
import { steady } from './steady-clock.ts';
import { Triad } from './triad.ts';

/** A license manager's part in a triad, before it is one. */
export interface ManagerTriad {
  readonly setting: TriadSetting;
  readonly clock: Clock;
  readonly assumesHeartbeats: boolean;
}

/**
 * What a configuration says of the triad that its server is a member of; nothing when it is a single one. `own` is
 * the server's clock.
 * @throws KnownError USAGE when its files are no triad's
 */
export function managerTriad(
  { triad, clock = systemClock }: ServerConfig,
  { servers }: Catalog,
  own: Clock,
): { readonly triad?: ManagerTriad } {
  if (triad === undefined) return {};
  if (servers.length !== TRIAD_MEMBERS) {
    const text = `expected three SERVER lines for a triad, got ${servers.length}`;
    throw new KnownError('USAGE', text);
  }
  const assumesHeartbeats = isMovable(clock);
  return { triad: { setting: triad, clock: steady(clock, own), assumesHeartbeats } };
}

/** The triad of a manager that is to be a member of one: its master runs the vendor daemons, and nobody else. */
export function triadOf(manager: LicenseManager): Triad | undefined {
  const { triad, log, notice, traffic } = manager.options;
  if (triad === undefined) return undefined;
  return new Triad({
    ...triad,
    lines: manager.catalog.servers,
    traffic,
    log: log.lines,
    notice,
    startDaemons: () => manager.serve(),
    stopDaemons: () => manager.standBy(),
    leased: (until) => {
      for (const runner of manager.runners) runner.lease(until);
    },
  });
}
