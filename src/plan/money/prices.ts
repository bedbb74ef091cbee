import { KnownError } from '../../base/errors.ts';

/** What seats cost, and what it costs when there are none; in one currency, which nobody needs to name. */
export interface Prices {
  /** A seat for a year. */
  readonly seatYear: number;
  /** An hour that somebody would have held a seat and was refused: work that waits. */
  readonly deniedHour?: number;
  /** A seat for one month, by a term license. */
  readonly termMonth?: number;
}

/** Prices of a feature; undefined when nobody has said any. */
export type PriceList = (feature: string) => Prices | undefined;

const PRICE_MAX = 1e12;

/** `12000`, `12_000.50`. @throws KnownError USAGE */
export function parsePrice(text: string, where: string): number {
  const plain = text.trim().replaceAll('_', '');
  const price = /^\d{1,13}(\.\d{1,6})?$/.test(plain) ? Number(plain) : Number.NaN;
  if (price <= PRICE_MAX) return price;
  throw new KnownError(
    'USAGE',
    `${where}: expected a price such as 12000, got "${text.slice(0, 50)}"`,
  );
}

const headings = ['feature', 'seat_year', 'denied_hour', 'term_month'] as const;

/**
 * A price list as a spreadsheet writes it: `feature,seat_year,denied_hour,term_month`, the last two may be empty.
 * @throws KnownError USAGE
 */
export function parsePriceList(text: string, name: string): PriceList {
  const prices = new Map<string, Prices>();
  const lines = text.split(/\r?\n/);
  for (const [index, line] of lines.entries()) {
    if (line.trim() === '' || line.startsWith('#')) continue;
    const cells = line.split(/[,;\t]/).map((cell) => cell.trim().replace(/^"(.*)"$/, '$1'));
    if (cells[0]?.toLowerCase() === headings[0]) continue;
    prices.set(cells[0]!.toLowerCase(), pricesOf(cells, `${name}:${index + 1}`));
  }
  return (feature) => prices.get(feature.toLowerCase());
}

function pricesOf(cells: readonly string[], where: string): Prices {
  const [feature = '', seat = '', denied = '', term = ''] = cells;
  if (feature === '' || seat === '' || cells.length > headings.length) {
    const got = cells.join(',').slice(0, 100);
    throw new KnownError('USAGE', `${where}: expected ${headings.join(',')}, got "${got}"`);
  }
  return {
    seatYear: parsePrice(seat, where),
    ...(denied === '' ? {} : { deniedHour: parsePrice(denied, where) }),
    ...(term === '' ? {} : { termMonth: parsePrice(term, where) }),
  };
}
