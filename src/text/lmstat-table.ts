import type { EpochMs } from '../base/clock.ts';
import { type Release, releaseText, renderBanner } from './banner.ts';
import { renderStatusLine } from './lmstat.ts';
import { type Dialect, defaultDialect } from './lmstat-dialect.ts';
import { gatherPieces } from './pieces.ts';
import { printable } from './wording.ts';

/** One FEATURE or INCREMENT line of a license file, as `lmstat -i` lists it. */
export interface LicenseRow {
  readonly name: string;
  readonly version: string;
  /** 0 is uncounted. */
  readonly count: number;
  /** As in the license file, or `permanent`. */
  readonly expiry: string;
  readonly vendor: string;
}

export interface LicenseTable {
  readonly at: EpochMs;
  readonly program: 'lmutil' | 'lmstat';
  readonly rows: Iterable<LicenseRow>;
}

const note = `NOTE: lmstat -i tells what the license file says and asks no server,
      so it knows nothing of who uses what.
      To see that, run lmstat -a.
`;

/**
 * The heading as programs look for it, and the width of each column but the last, by generation.
 */
const layouts = {
  expiresVendor: {
    heading: 'Feature                         Version     #licenses    Expires      Vendor',
    rule: '_______                         _________   _________    __________   ______',
    nameWidth: 31,
  },
  vendorExpires: {
    heading: 'Feature                         Version     #licenses    Vendor        Expires',
    rule: '_______                         _________   _________    ______        ________',
    nameWidth: 32,
  },
} as const;

/**
 * `lmstat -i`: every license line, in pieces of whole lines. Source: public outputs of both
 * generations; that uncounted lines say `uncounted` is our guess.
 */
export function renderLicenseTable(
  table: LicenseTable,
  dialect: Dialect = defaultDialect,
): Generator<string, void, undefined> {
  return gatherPieces(tableLines(table, dialect));
}

function* tableLines(table: LicenseTable, dialect: Dialect): Generator<string> {
  const { heading, rule } = layouts[dialect.tableOrder];
  yield renderBanner(table.program);
  yield renderStatusLine(table.at);
  yield `${note}\n${heading}\n${rule}\n`;
  for (const row of table.rows) yield rowLine(row, dialect);
}

function rowLine(row: LicenseRow, dialect: Dialect): string {
  const { nameWidth } = layouts[dialect.tableOrder];
  const expires = row.expiry === 'permanent' ? dialect.permanentText : row.expiry;
  const last = dialect.tableOrder === 'expiresVendor' ? row.vendor : expires;
  const lastButOne = dialect.tableOrder === 'expiresVendor' ? expires : row.vendor;
  const count = row.count === 0 ? 'uncounted' : `${row.count}`;
  const start = `${row.name.padEnd(nameWidth)} ${row.version.padEnd(12)} ${count.padEnd(11)}`;
  return `${printable(`${start} ${lastButOne.padEnd(12)} ${last}`)}\n`;
}

/**
 * What -v prints: `lmstat v11.18.1.0 build 1 x64_lsb`, or in old releases the name alone. `tool` is
 * what was asked, `lmutil -v` or `lmutil lmstat -v`; `program` is in the banner.
 */
export function renderToolVersion(
  { program, tool }: { readonly program: string; readonly tool: string },
  release: Release,
  dialect: Dialect = defaultDialect,
): string {
  const line = dialect.tellsBuild ? `${tool} ${releaseText(release)}` : tool;
  return `${renderBanner(program)}${line}\n`;
}
