import type { ProductName } from './error-message.ts';
import { dialectTraits, releaseDialects, vendorDialects } from './lmstat-dialects.ts';

/**
 * How lmutil of one release, or of one vendor, writes its reports. Every difference is a field here, never a
 * branch; the rows are in `lmstat-dialects.ts`.
 */
export interface Dialect {
  /** As `dialectOf` takes it: `11.18.1`, `comsol`, `11.16.2+windows`. */
  readonly name: string;
  /** The release that the tools of this dialect say they are. */
  readonly release: string;
  /** Before the `"feature" v1.0` line: two blanks, an empty line, or a line of two blanks. */
  readonly detailLead: '  ' | '\n' | '  \n';
  /** `, PID: 4711` at the end of a user line, where the pid is known. */
  readonly pidColumn: boolean;
  /** ` (linger: total)`, or `  (linger: remaining / total)`; in seconds. */
  readonly lingerForm: 'total' | 'remaining';
  /** A blank line between the vendor daemon's line and `Feature usage info:`. */
  readonly headerBlank: boolean;
  /** `, expiry: ...` at the end of the `"feature" v1.0` line. */
  readonly showsExpiry: boolean;
  /** How a permanent license is told, in `expiry:` and in the table of -i. */
  readonly permanentText: string;
  /** What stands for a blank in a vendor string. */
  readonly vendorStringBlank: ' ' | '\\u0020';
  /** A server whose name has capital letters is listed twice, the second time in small ones. */
  readonly doublesHosts: boolean;
  /** The order of the last two columns of the table of -i. */
  readonly tableOrder: 'expiresVendor' | 'vendorExpires';
  /** What the product calls itself. */
  readonly productName: ProductName;
  /** What an error calls the server: `Cannot connect to license server system.` */
  readonly serverWords: 'license server' | 'license server system';
  /** Windows builds look for lmgrds first, and name errors as WinSock does. */
  readonly windows: boolean;
  /** Whether -v says more than the program's name. */
  readonly tellsBuild: boolean;
  /** Exit status 0 whatever happened. */
  readonly exitZero: boolean;
}

export const DEFAULT_DIALECT_NAME = '11.18.1';

/** What a name may be, for error messages. */
export const DIALECT_NAMES = `a release such as ${DEFAULT_DIALECT_NAME}, ${vendorDialects
  .map(({ name }) => name)
  .join(' or ')}, each perhaps with ${Object.keys(dialectTraits)
  .map((trait) => `+${trait}`)
  .join(' or ')}`;

/**
 * The dialect of a release (of `11.9.1` that of 11.7, the newest row that is not newer; before the oldest row
 * comes the oldest row), or of a vendor, with traits behind `+`. Undefined when there is none of that name.
 */
export function dialectOf(name: string): Dialect | undefined {
  const [base = '', ...traits] = name.toLowerCase().split('+');
  let dialect = vendorDialects.find((row) => row.name === base) ?? releaseDialect(base);
  for (const trait of new Set(traits)) {
    if (!dialect || !Object.hasOwn(dialectTraits, trait)) return undefined;
    dialect = { ...dialect, ...dialectTraits[trait], name: `${dialect.name}+${trait}` };
  }
  return dialect;
}

function releaseDialect(version: string): Dialect | undefined {
  if (!/^\d{1,5}(\.\d{1,5}){0,3}$/.test(version)) return undefined;
  const row = releaseDialects.findLast(({ release }) => compareReleases(release, version) <= 0);
  return row ?? releaseDialects[0];
}

/** By number, part for part; a missing part is 0. */
function compareReleases(left: string, right: string): number {
  const rights = right.split('.').map(Number);
  const lefts = left.split('.').map(Number);
  for (let part = 0; part < Math.max(lefts.length, rights.length); part++) {
    const difference = (lefts[part] ?? 0) - (rights[part] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

export const defaultDialect: Dialect = releaseDialect(DEFAULT_DIALECT_NAME)!;
