import type { Catalog } from './catalog.ts';
import { licensePaths } from './license-text.ts';
import type { ManagerLog } from './manager-log.ts';
import type { ServerConfig } from './server-config.ts';
import { flexnetVersion } from './versions.ts';

/** What a license manager logs of its start. */
export function startOf(
  { commandLine = [], localOnly = false }: ServerConfig,
  catalog: Catalog,
  port: number,
): Parameters<ManagerLog['started']>[0] {
  return {
    port,
    release: { version: flexnetVersion.text, build: flexnetVersion.build, platform: 'x64_lsb' },
    licenseFiles: licensePaths(catalog),
    commandLine,
    triad: catalog.servers.length === 3,
    localOnly,
  };
}
