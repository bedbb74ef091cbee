import type { Refusal } from '../base/refusal.ts';
import { renderShortError } from './error-message.ts';
import { printable } from './wording.ts';

/** What a vendor daemon's walk over its serial numbers is about. */
export interface WalkQuestion {
  readonly feature: string;
  readonly version: string;
  /** The vendor's versions are the days on which products were built. */
  readonly versionIsBuildDate: boolean;
  readonly count: number;
  /** `ann@ws1` */
  readonly client: string;
}

/** One serial number that was tried, with the one thing that decided it. */
export interface WalkedSerial {
  /** '' where license lines have no SN=. */
  readonly serialNumber: string;
  /** `acme.lic:12`, the license line it stands on. */
  readonly place: string;
  /** Why the license is not valid for this client; absent: it is. */
  readonly invalid?: Refusal;
  /** Seats that the client holds already and shares. */
  readonly held: number;
  /** Seats that it needs beyond those; `notFree` may be about the feature's own even where this is 0. */
  readonly needed: number;
  /** Why it cannot have them. */
  readonly notFree?: Refusal;
}

/**
 * The walk of a vendor daemon over its serial numbers for one checkout, a line a step, numbered as Intel numbers
 * them: 4 the next serial number, 5 whether its license is valid, 6 whether a seat is needed, 7 whether one is free,
 * 8 the answer. `leftOut` serial numbers were tried and are not told.
 * Source: Intel, "How does floating license checkout work?"
 */
export function walkLines(
  question: WalkQuestion,
  serials: readonly WalkedSerial[],
  { granted, leftOut }: { readonly granted: boolean; readonly leftOut: number },
): readonly string[] {
  const { feature, version, versionIsBuildDate, count, client } = question;
  const asked = `${versionIsBuildDate ? 'built' : 'version'} ${version === '' ? 'any' : version}`;
  const what = printable(`${feature}, ${asked}, ${count} for ${client}`);
  const more = leftOut === 0 ? [] : [`step 4: ${leftOut} more serial numbers were tried`];
  return [
    `checkout of ${what}`,
    ...serials.flatMap((serial) => serialLines(serial, client)),
    ...more,
    granted ? 'step 8: granted' : 'step 8: refused, no serial number is left to try',
  ].map(printable);
}

function serialLines(serial: WalkedSerial, client: string): readonly string[] {
  const { serialNumber, place, invalid, held, needed, notFree } = serial;
  const name = serialNumber === '' ? 'no serial number' : `serial number ${serialNumber}`;
  const lines = [`step 4: ${name} (${place})`];
  if (invalid !== undefined) return [...lines, `step 5: not valid: ${renderShortError(invalid)}`];
  lines.push('step 5: valid');
  lines.push(
    needed === 0
      ? `step 6: ${client} has a seat of it, and needs no other`
      : `step 6: ${client} has ${held} of it, and needs ${needed} more`,
  );
  if (notFree !== undefined) lines.push(`step 7: not free: ${renderShortError(notFree)}`);
  else if (needed > 0) lines.push('step 7: free');
  return lines;
}

/** The same as lines of the debug log: marked as a summary, which line-by-line readers pass over. */
export function walkLogLines(daemon: string, lines: readonly string[]): readonly string[] {
  return lines.map((line) => `(@${daemon}-SLOG@) ${line}`);
}
