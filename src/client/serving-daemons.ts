import type { LicenseLine } from '../domain/license/model.ts';
import type { Dialogue } from './context.ts';
import { endpointText } from './license-path.ts';
import type { ManagerLine } from './manager-line.ts';
import { daemonNames, readLicenseText } from './public-commands.ts';
import { isRefused, type Refused, reasonText, refused } from './refused.ts';

/** Vendor daemons to ask for a feature, in the manager's order. */
export interface ServingDaemons {
  readonly vendors: readonly string[];
  /** Each of them has the feature by the license text; otherwise any of them may. */
  readonly known: boolean;
}

/**
 * Which of a manager's daemons may have a feature: those that its license text gives it to. All of them when
 * the text cannot be had, may have been cut, or gives it to none: then it is for them to say.
 */
export async function servingDaemons(
  line: ManagerLine,
  feature: string,
  dialogue: Dialogue,
): Promise<ServingDaemons | Refused> {
  const { log } = dialogue;
  const where = endpointText(line.endpoint);
  const manager = await line.manager();
  if (isRefused(manager)) return manager;
  const names = await daemonNames(manager, dialogue);
  if (isRefused(names)) {
    log.step('daemons', `${where}: ${reasonText(names)}`);
    return names;
  }
  if (names.length === 0) {
    log.step('daemons', `${where}: none`);
    const explanation = 'The license manager has no vendor daemon.';
    return refused('manager', { major: -97, minor: 121 }, explanation);
  }
  // One daemon is asked whatever the text says.
  const text = names.length === 1 ? undefined : await readLicenseText(manager, dialogue);
  const licensed =
    text === undefined || isRefused(text) || text.cut ? [] : vendorsOf(text.lines, feature);
  const serving = names.filter((name) => licensed.includes(name.toLowerCase()));
  const known = serving.length > 0;
  const said = known
    ? `${names.join(' ')}; ${feature} is of ${serving.join(' ')}`
    : names.join(' ');
  log.step('daemons', `${where}: ${said}`);
  return { vendors: known ? serving : names, known };
}

/** Vendors, in lower case, of the lines that grant the feature: its own, or a package's that has it inside. */
function vendorsOf(lines: readonly LicenseLine[], feature: string): readonly string[] {
  const wanted = feature.toLowerCase();
  return lines.flatMap((line) => {
    if (line.kind !== 'feature' && line.kind !== 'package') return [];
    const names = [line.name, ...(line.kind === 'package' ? line.components.map(nameOf) : [])];
    return names.some((name) => name.toLowerCase() === wanted) ? [line.vendor.toLowerCase()] : [];
  });
}

const nameOf = ({ name }: { readonly name: string }): string => name;
