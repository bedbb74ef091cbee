import { KnownError } from '../base/errors.ts';
import { type VendorPolicy, vendorPolicies, vendorPolicy } from '../domain/vendors/index.ts';
import type { Catalog } from './catalog.ts';
import type { ServerConfig } from './server-config.ts';

/**
 * Where the license manager of these vendor daemons usually writes its debug log on a platform: the first vendor's
 * of which that is known.
 * @throws KnownError USAGE when it is known of none, naming those of which it is
 */
export function usualLogPath(vendors: readonly string[], platform: NodeJS.Platform): string {
  for (const vendor of vendors) {
    const path = pathOf(vendorPolicy(vendor), platform);
    if (path !== undefined) return path;
  }
  const known = vendorPolicies.filter((policy) => pathOf(policy, platform) !== undefined);
  const names = known.map(({ name }) => name).join(' or ');
  const wanted =
    names === '' ? 'a platform with usual logs' : `a vendor daemon with a usual log (${names})`;
  const got = names === '' ? platform : vendors.join(', ');
  throw new KnownError('USAGE', `--log default: expected ${wanted}, got ${got}`);
}

/** A configuration whose log has a path, where it is to be the usual one. Throws as `usualLogPath` does. */
export function withUsualLog(
  config: ServerConfig,
  { vendors }: Catalog,
  platform: NodeJS.Platform = process.platform,
): ServerConfig {
  const { log } = config;
  if (log?.usual !== true) return config;
  const { append = false } = log;
  const names = vendors.map(({ name }) => name);
  return { ...config, log: { path: usualLogPath(names, platform), append } };
}

function pathOf({ defaultLogPath }: VendorPolicy, platform: NodeJS.Platform): string | undefined {
  return (defaultLogPath as Readonly<Partial<Record<string, string>>> | undefined)?.[platform];
}
