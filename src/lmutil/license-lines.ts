import type { Refusal } from '../base/refusal.ts';
import type { Dialogue } from '../client/context.ts';
import type { PathElement, ServerAddress } from '../client/license-path.ts';
import { ManagerLine } from '../client/manager-line.ts';
import { readLicenseText } from '../client/public-commands.ts';
import { isRefused } from '../client/refused.ts';
import { isRefusal } from '../client/status-source.ts';
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
  dialogue: Dialogue,
): Promise<readonly (LicenseText | Refusal)[]> {
  if (element.kind === 'servers') return [await fetchText(element.addresses, dialogue)];
  const files = await readFiles(element.path);
  if (isRefusal(files)) return [files];
  return Promise.all(
    files.map(({ lines }) => {
      const hosts = serverAddresses(lines);
      const hasFeatures = lines.some(({ kind }) => kind === 'feature' || kind === 'package');
      return hasFeatures || hosts.length === 0 ? { lines, hosts } : fetchText(hosts, dialogue);
    }),
  );
}

/** The text of the first host that answers. */
async function fetchText(
  hosts: readonly ServerAddress[],
  dialogue: Dialogue,
): Promise<LicenseText | Refusal> {
  let first: Refusal | undefined;
  for (const host of hosts) {
    const line = await ManagerLine.open(host, dialogue);
    const text = isRefused(line) ? line : await readLicenseText(line.greeted, dialogue);
    if (!isRefused(line)) line.close();
    if (!isRefused(text)) return { lines: text.lines, hosts };
    first ??= text.refusal;
  }
  return first ?? { major: -3, minor: 1 };
}
