import type { Refusal } from '../base/refusal.ts';
import type { PathElement } from '../client/license-path.ts';
import { isRefusal } from '../client/status-source.ts';
import type { LicenseLine } from '../domain/license/model.ts';
import { renderBanner } from '../text/banner.ts';
import { renderLmstat, renderStatusLine } from '../text/lmstat.ts';
import type { LmstatReport } from '../text/lmstat-report.ts';
import { type LicenseRow, renderLicenseTable } from '../text/lmstat-table.ts';
import { licenseTexts } from './license-lines.ts';
import { askOptions } from './sources.ts';
import type { Call } from './subcommand.ts';

export interface TableOptions {
  readonly at: number;
  readonly call: Call;
  readonly program: LmstatReport['program'];
  /** Whether banner and status line come first; a report before has them already, and what failed. */
  readonly head: boolean;
}

/** `lmstat -i`: every license line of the path, or those of one feature. Prints what failed if nothing is left. */
export async function printLicenseTable(
  path: readonly PathElement[],
  feature: string | undefined,
  { at, call, program, head }: TableOptions,
): Promise<Refusal | undefined> {
  const options = askOptions(call.io);
  const rows: LicenseRow[] = [];
  let refusal: Refusal | undefined;
  let read = 0;
  for (const element of path) {
    for (const text of await licenseTexts(element, options)) {
      if (isRefusal(text)) {
        refusal ??= text;
      } else {
        read++;
        for (const row of rowsOf(text.lines, feature)) rows.push(row);
      }
    }
  }
  if (read === 0 && !head) return refusal;
  const table = { at, program, rows };
  const pieces =
    read === 0 && refusal
      ? renderLmstat(
          { at, program, sections: [{ kind: 'failure', step: 'gettingStatus', refusal }] },
          { dialect: call.dialect },
        )
      : renderLicenseTable(table, call.dialect);
  let headLength = head ? 0 : renderBanner(program).length + renderStatusLine(at).length;
  for (const piece of pieces) {
    if (call.io.deserted) break;
    await call.io.print(piece.slice(headLength));
    headLength = 0;
  }
  return refusal;
}

function* rowsOf(
  lines: readonly LicenseLine[],
  feature: string | undefined,
): Generator<LicenseRow> {
  for (const line of lines) {
    if (line.kind !== 'feature') continue;
    if (feature !== undefined && line.name.toLowerCase() !== feature.toLowerCase()) continue;
    const { name, version, count, expiry, vendor } = line;
    yield {
      name,
      version,
      count,
      vendor,
      expiry: expiry.kind === 'date' ? expiry.text : 'permanent',
    };
  }
}
