import { statSync } from 'node:fs';
import { KnownError } from '../base/errors.ts';
import { didYouMean } from '../base/nearest.ts';
import type { Catalog } from './catalog.ts';
import type { ServerConfig } from './server-config.ts';

/**
 * What of a configuration cannot be, seen together with the files it names.
 * @throws KnownError USAGE
 */
export function checkConfig(config: ServerConfig, catalog: Catalog): void {
  if (config.processes && config.singlePort) {
    const text = 'expected --processes or --single-port, got both: one listener is one process';
    throw new KnownError('USAGE', text);
  }
  checkAdvertised(config, catalog);
  checkOptionsVendors(config, catalog);
  if (config.log?.path !== undefined) refuseSource(config.log.path, catalog, 'a debug log');
}

/**
 * One advertised port cannot lead to several daemons that listen apart.
 * @throws KnownError USAGE
 */
export function checkAdvertised({ advertise, singlePort }: ServerConfig, catalog: Catalog): void {
  if (advertise?.port === undefined || singlePort || catalog.vendors.length < 2) return;
  const { host, port } = advertise;
  const names = catalog.vendors.map(({ name }) => name).join(', ');
  const text =
    `--advertise: expected ${host} without a port, or --single-port, got port ${port} ` +
    `for ${catalog.vendors.length} vendor daemons (${names}): each listens on a port of its own, and clients of ` +
    'all but one would be sent to the wrong one';
  throw new KnownError('USAGE', text);
}

function checkOptionsVendors({ options = {} }: ServerConfig, { vendors }: Catalog): void {
  const names = vendors.map(({ name }) => name);
  for (const vendor of Object.keys(options)) {
    if (names.some((name) => name.toLowerCase() === vendor.toLowerCase())) continue;
    const text =
      `--options: expected a vendor daemon that is served (${names.join(', ')}), ` +
      `got "${vendor}"${didYouMean(vendor, names)}`;
    throw new KnownError('USAGE', text);
  }
}

/**
 * Writing to a license or options file would destroy it, by whatever name or link.
 * @throws KnownError USAGE when `path` is one of them
 */
export function refuseSource(path: string, catalog: Catalog, what: string): void {
  const target = identityOf(path);
  if (target === undefined) return;
  const same = sourcesOf(catalog).find((source) => identityOf(source) === target);
  if (same === undefined) return;
  const text = `${path}: expected a file for ${what}, got one that is served: ${same}`;
  throw new KnownError('USAGE', text, { path });
}

function sourcesOf({ files, vendors }: Catalog): readonly string[] {
  const options = vendors.flatMap((vendor) => (vendor.options ? [vendor.options] : []));
  return [...files, ...options].map(({ source }) => source.name);
}

/** Device and inode; undefined for what is not there, such as a text that was given without a file. */
function identityOf(path: string): string | undefined {
  try {
    const { dev, ino } = statSync(path, { bigint: true });
    return `${dev}:${ino}`;
  } catch {
    return undefined;
  }
}
