import { adminRightsOf } from './admin-rights.ts';
import type { ManagerOptions } from './license-manager.ts';
import { loopbackHosts, type ServerConfig } from './server-config.ts';

/** Options of a license manager that its server's configuration has. */
export type ManagerSettings = Pick<
  ManagerOptions,
  'hosts' | 'port' | 'advertise' | 'connectionsMax' | 'singlePort' | 'legacy' | 'rights'
>;

export function managerSettings(config: ServerConfig): ManagerSettings {
  const { hosts = loopbackHosts, port, advertise, connectionsMax, singlePort = false } = config;
  return {
    hosts,
    ...(port === undefined ? {} : { port }),
    ...(advertise === undefined ? {} : { advertise }),
    ...(connectionsMax === undefined ? {} : { connectionsMax }),
    singlePort,
    legacy: config.protocol === 'legacy',
    rights: adminRightsOf(config),
  };
}
