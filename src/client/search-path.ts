import { existsSync } from 'node:fs';
import type { VendorPolicy } from '../domain/vendors/index.ts';
import { vendorPolicies, vendorPolicy } from '../domain/vendors/index.ts';
import { type PathElement, parseLicensePath } from './license-path.ts';
import { persistedPaths } from './persisted-paths.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

export interface SearchPathOptions {
  /** `-c`: overrides everything else. */
  readonly explicit?: string;
  /** The vendor whose variables come first; without one, every vendor's do. */
  readonly vendor?: string;
  readonly env: Environment;
  /** Where `.flexlmrc` is; absent: none is read. */
  readonly home?: string;
  /** As in `process.platform`. */
  readonly platform: string;
}

/** Searched for every vendor, behind its own variables. */
export const GENERAL_VARIABLE = 'LM_LICENSE_FILE';

/** Source: LAG, "Determining the Location of the License File". */
const defaultFiles: Readonly<Record<string, string>> & { readonly others: string } = {
  win32: 'C:\\flexlm\\license.dat',
  others: '/usr/local/flexlm/licenses/license.dat',
};

/**
 * Where to look for a license, in FlexNet's order: each variable's own elements and then the row of
 * `$HOME/.flexlmrc` for it, the vendor's variables before LM_LICENSE_FILE, at last the default
 * file. It is named only if it exists or nothing else is: an error then says where a license was
 * looked for. An element that comes twice is kept where it came first.
 * Source: LAG, "Order of Searching for a License", "Precedence of License Search Path".
 * @throws KnownError USAGE for an element that can be no file and no server.
 */
export function searchPath(options: SearchPathOptions): readonly PathElement[] {
  const { explicit, env, platform } = options;
  if (explicit !== undefined) return parseLicensePath(explicit, { origin: '-c', platform });
  const persisted = persistedPaths(options.home);
  const found = variablesOf(options, persisted).flatMap((name) => [
    ...parseLicensePath(env[name] ?? '', { origin: name, platform }),
    ...parseLicensePath(persisted.get(name) ?? '', { origin: `${name} in .flexlmrc`, platform }),
  ]);
  const path = defaultFiles[platform] ?? defaultFiles.others;
  if (found.length === 0 || existsSync(path)) {
    found.push({ kind: 'file', text: path, origin: 'the default', column: 1, path });
  }
  const seen = new Set<string>();
  return found.filter(({ text }) => !seen.has(text) && seen.add(text));
}

/** The variables to search, in order. */
function variablesOf(
  options: SearchPathOptions,
  persisted: ReadonlyMap<string, string>,
): readonly string[] {
  if (options.vendor !== undefined) {
    return [...vendorPolicy(options.vendor).environmentVariables, GENERAL_VARIABLE];
  }
  const names = [...Object.keys(options.env), ...persisted.keys()];
  return [...vendorVariables(names, '_LICENSE_FILE', environmentVariables), GENERAL_VARIABLE];
}

const environmentVariables = (policy: VendorPolicy): readonly string[] =>
  policy.environmentVariables;

/**
 * Those of `names` that are some vendor's: they end as such variables do, or a vendor we know names
 * them. Sorted, so that a search does not depend on the order of an environment; without the
 * general variable.
 */
export function vendorVariables(
  names: readonly string[],
  ending: string,
  known: (policy: VendorPolicy) => readonly string[],
): readonly string[] {
  const special = new Set(vendorPolicies.flatMap(known));
  const isVendors = (name: string): boolean =>
    special.has(name) || (name.endsWith(ending) && name.length > ending.length);
  return [...new Set(names)].filter((name) => name !== GENERAL_VARIABLE && isVendors(name)).sort();
}
