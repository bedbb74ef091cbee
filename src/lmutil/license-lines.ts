import type { Refusal } from '../base/refusal.ts';
import type { PathElement, ServerAddress } from '../client/license-path.ts';
import { readLicenseLines } from '../client/status-public.ts';
import { openManager } from '../client/status-session.ts';
import { type AskOptions, isRefusal } from '../client/status-source.ts';
import type { LicenseLine } from '../domain/license/model.ts';
import { readFiles, serverAddresses } from './sources.ts';

/** What one element of the license path says, and the servers it leads to. */
export interface LicenseText {
  readonly lines: readonly LicenseLine[];
  /** Empty for a file without SERVER lines. */
  readonly hosts: readonly ServerAddress[];
}

/**
 * The license lines of an element: a file's own, or the text a server hands out. A file that holds SERVER
 * lines and no feature, as clients are given, stands for its server.
 */
export async function licenseTexts(
  element: PathElement,
  options: AskOptions,
): Promise<readonly (LicenseText | Refusal)[]> {
  if (element.kind === 'servers') return [await fetchText(element.addresses, options)];
  const files = await readFiles(element.path);
  if (isRefusal(files)) return [files];
  return Promise.all(
    files.map(({ lines }) => {
      const hosts = serverAddresses(lines);
      const hasFeatures = lines.some(({ kind }) => kind === 'feature' || kind === 'package');
      return hasFeatures || hosts.length === 0 ? { lines, hosts } : fetchText(hosts, options);
    }),
  );
}

/** The text of the first host that answers. */
async function fetchText(
  hosts: readonly ServerAddress[],
  options: AskOptions,
): Promise<LicenseText | Refusal> {
  let first: Refusal | undefined;
  for (const host of hosts) {
    const manager = await openManager(host, options);
    const lines = isRefusal(manager) ? manager : await readLicenseLines(manager, options);
    if (!isRefusal(manager)) manager.connection.close();
    if (!isRefusal(lines)) return { lines, hosts };
    first ??= lines;
  }
  return first ?? { major: -3, minor: 1 };
}
