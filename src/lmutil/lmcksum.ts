import { KnownError } from '../base/errors.ts';
import type { Refusal } from '../base/refusal.ts';
import { isRefusal } from '../client/status-source.ts';
import { type CheckedLine, checkLines } from '../domain/license/checksums.ts';
import type { LicenseLine } from '../domain/license/model.ts';
import { renderBanner } from '../text/banner.ts';
import { renderShortError } from '../text/error-message.ts';
import { type FileSums, renderSums } from '../text/lmutil-files.ts';
import type { FlagTable } from './flags.ts';
import { licenseTexts } from './license-lines.ts';
import { askOptions, licensePath } from './sources.ts';
import { subcommand } from './subcommand.ts';

/** Source: LAG, "lmcksum". */
const flags = {
  k: { takes: 'nothing', summary: 'regard letter case' },
} as const satisfies FlagTable;

/** A line's `ck=` disagrees: the file was not entered as it was written. */
const badLine: Refusal = { major: -2, minor: 1 };

export const lmcksum = subcommand({
  name: 'lmcksum',
  operands: ['[vendor]'],
  flags,
  async run({ c, k }, operands, { io, program }) {
    const [vendor] = operands;
    if (operands.length > 1) {
      throw new KnownError('USAGE', `expected at most one vendor, got ${operands.length}`);
    }
    const files: FileSums[] = [];
    let refusal: Refusal | undefined;
    for (const element of licensePath(io, c)) {
      for (const found of await licenseTexts(element, askOptions(io))) {
        if (isRefusal(found)) refusal ??= found;
        else files.push(sumsOf(element.text, ofVendor(found.lines, vendor), k === true));
      }
    }
    if (files.length === 0 && refusal !== undefined) {
      await io.print(`${renderBanner(program)}lmcksum failed: ${renderShortError(refusal)}\n`);
      return refusal;
    }
    await io.print(renderSums(program, files));
    return refusal ?? (files.some(hasBadLine) ? badLine : undefined);
  },
});

/** SERVER lines are everybody's. */
function ofVendor(
  lines: readonly LicenseLine[],
  vendor: string | undefined,
): readonly LicenseLine[] {
  if (vendor === undefined) return lines;
  const wanted = vendor.toLowerCase();
  return lines.filter((line) => !('vendor' in line) || line.vendor.toLowerCase() === wanted);
}

function sumsOf(name: string, lines: readonly LicenseLine[], caseSensitive: boolean): FileSums {
  const { lines: checked, total } = checkLines(lines, { caseSensitive });
  return { name, lines: checked.map((each) => ({ ...each, line: headOf(each) })), total };
}

/** What tells a line from the others. */
function headOf({ line }: CheckedLine): string {
  switch (line.kind) {
    case 'server':
      return ['SERVER', line.host, ...line.hostids, line.port ?? ''].join(' ').trimEnd();
    case 'vendor':
      return [line.keyword, line.vendor, line.daemonPath ?? ''].join(' ').trimEnd();
    case 'feature':
      return `${line.keyword} ${line.name} ${line.vendor} ${line.version} ${line.expiry.text} ${line.count}`;
    case 'upgrade':
      return `UPGRADE ${line.name} ${line.vendor} ${line.fromVersion} ${line.version}`;
    case 'package':
      return `PACKAGE ${line.name} ${line.vendor} ${line.version ?? ''}`.trimEnd();
    default:
      return line.kind;
  }
}

function hasBadLine({ lines }: FileSums): boolean {
  return lines.some(({ sum, expected }) => expected !== undefined && expected !== sum);
}
