import type { EpochMs } from '../base/clock.ts';
import { isoStamp } from '../base/local-time.ts';
import type { Refusal } from '../base/refusal.ts';
import { renderBanner } from './banner.ts';
import { renderShortError } from './error-message.ts';
import { printable } from './wording.ts';

/** A license that is borrowed on this machine. */
export interface ShownBorrow {
  readonly vendor: string;
  readonly feature: string;
  readonly version: string;
  readonly until: EpochMs;
}

const COLUMNS = [
  ['Vendor', 12],
  ['Feature', 32],
  ['Version', 12],
  ['Expiration', 16],
] as const;

/**
 * lmborrow -status, and what -clear, -purge and a new wish leave: the borrowed licenses, unless they are not asked
 * for, and what LM_BORROW says. The layout is ours; no public sample of FlexNet's was found.
 */
export function renderBorrows(
  program: string,
  borrows: readonly ShownBorrow[] | undefined,
  wish: string | undefined,
  now: EpochMs,
): string {
  const rows = borrows?.map(({ vendor, feature, version, until }) => {
    const end = isoStamp(until).slice(0, 16).replace('T', ' ');
    return cells([vendor, feature, version, until <= now ? `${end} (over)` : end]);
  });
  const heading = cells(COLUMNS.map(([name]) => name));
  const underline = cells(COLUMNS.map(([name]) => '_'.repeat(name.length)));
  const table = rows === undefined ? [] : [heading, underline, ...rows, ''];
  const wanted = wish === undefined ? 'LM_BORROW is not set' : `LM_BORROW=${wish}`;
  return renderBanner(program) + [...table, wanted].map((line) => `${printable(line)}\n`).join('');
}

/** lmborrow -return. The wording is ours. */
export function renderBorrowResult(program: string, feature: string, refusal?: Refusal): string {
  const result = refusal
    ? `lmborrow failed: ${renderShortError(refusal)}`
    : `${printable(feature)} is returned`;
  return `${renderBanner(program)}${result}\n`;
}

function cells(texts: readonly string[]): string {
  return texts
    .map((text, index) => text.padEnd(COLUMNS[index]![1]))
    .join(' ')
    .trimEnd();
}
