import { compareDates } from './dates.ts';
import type { Attributes, CalendarDate } from './model.ts';
import { nameKey, type PlacedLine } from './seat-lines.ts';

/** FEATURE, INCREMENT and PACKAGE lines alike. */
interface Dated {
  readonly name: string;
  readonly attributes: Attributes;
}

/** Older than every date: a line that does not say when it was issued. */
const NO_DATE: CalendarDate = { year: 0, month: 1, day: 1 };

/** When a line was issued, or starts. Source: End User Guide v10, App. B, "Order of Precedence". */
export function dateOf({ attributes }: { readonly attributes: Attributes }): CalendarDate {
  return attributes.issued ?? attributes.start ?? NO_DATE;
}

/**
 * Leaves out the lines that a SUPERSEDE line replaces: those of its feature, or of the features it lists, that
 * were issued before it; those of the same day stay and add up with it. SUPERSEDE_SIGN replaces by signature,
 * whatever the date.
 * Sources: End User Guide v10, App. B (SUPERSEDE, ISSUED); FlexNet Operations, "license models".
 * unverified: a line without a date is older than all; a line that supersedes does so even before its START
 * and after its expiry; how SUPERSEDE_SIGN lists several signatures (any blank-separated word counts).
 */
export function withoutSuperseded<Line extends Dated>(
  lines: readonly PlacedLine<Line>[],
  caseSensitive: boolean | undefined,
): readonly PlacedLine<Line>[] {
  const newest = new Map<string, CalendarDate>();
  const signatures = new Set<string>();
  for (const { line } of lines) {
    const { supersede, supersedeSign } = line.attributes;
    for (const sign of signaturesIn(supersedeSign)) signatures.add(sign);
    const date = dateOf(line);
    if (supersede === undefined || date === NO_DATE) continue;
    for (const name of supersede.length === 0 ? [line.name] : supersede) {
      const key = nameKey(name, caseSensitive);
      const known = newest.get(key);
      if (known === undefined || compareDates(known, date) < 0) newest.set(key, date);
    }
  }
  if (newest.size === 0 && signatures.size === 0) return lines;
  return lines.filter(({ line }) => {
    const since = newest.get(nameKey(line.name, caseSensitive));
    if (since !== undefined && compareDates(dateOf(line), since) < 0) return false;
    return !signatures.has(plainSignature(line.attributes.sign ?? ''));
  });
}

/** A signature may be written in groups, so that several words are either one or several. */
function signaturesIn(text: string | undefined): readonly string[] {
  if (text === undefined) return [];
  return [text, ...text.split(/\s+/)].map(plainSignature).filter((sign) => sign !== '');
}

function plainSignature(text: string): string {
  return text.replaceAll(/\s/g, '').toUpperCase();
}
