import { offsetAt } from '../../base/time-zone.ts';
import type { DuckDb } from './duckdb-contract.ts';

/** Times that `Date` can tell. */
const DATE_MS_MAX = 8_640_000_000_000_000;

/** Values of an answer, as programs and as people want them. */
export class QueryValues {
  readonly #duckDb: DuckDb;
  readonly #timeZone: string;

  constructor(duckDb: DuckDb, timeZone: string) {
    this.#duckDb = duckDb;
    this.#timeZone = timeZone;
  }

  /** For JSON: times in UTC, numbers as numbers where JSON's hold them. */
  plain(value: unknown): unknown {
    const { DuckDBListValue, DuckDBArrayValue, DuckDBStructValue, DuckDBMapValue } = this.#duckDb;
    if (typeof value === 'bigint') {
      const number = Number(value);
      return Number.isSafeInteger(number) ? number : String(value);
    }
    if (typeof value === 'number') return Number.isFinite(value) ? value : String(value);
    if (value === null || typeof value !== 'object') return value;
    if (value instanceof this.#duckDb.DuckDBDecimalValue) return Number(String(value));
    const at = this.#instant(value);
    if (at !== undefined) return new Date(at).toISOString();
    if (value instanceof DuckDBListValue || value instanceof DuckDBArrayValue) {
      return value.items.map((item) => this.plain(item));
    }
    if (value instanceof DuckDBStructValue) {
      return this.#object(Object.entries(value.entries));
    }
    if (value instanceof DuckDBMapValue) {
      return this.#object(value.entries.map(({ key, value: of }) => [String(key), of]));
    }
    return String(value);
  }

  /** For a table or a spreadsheet: times as the clocks of the time zone show them, with their offset. */
  text(value: unknown): string {
    const at = this.#instant(value);
    if (at === undefined) {
      const isNested = typeof value === 'object' && typeof this.plain(value) === 'object';
      return isNested ? JSON.stringify(this.plain(value)) : String(value);
    }
    const offset = offsetAt(at, this.#timeZone);
    const wall = new Date(at + offset).toISOString().replace('T', ' ');
    return `${wall.replace(/(?:\.000)?Z$/, '')}${offsetText(offset)}`;
  }

  /** Milliseconds since 1970 of a value that is an instant; infinite ones are none. */
  #instant(value: unknown): number | undefined {
    if (!(value instanceof this.#duckDb.DuckDBTimestampTZValue)) return undefined;
    const ms = Math.floor(Number(value.micros) / 1_000);
    // A day within, for what the zone adds.
    return Math.abs(ms) < DATE_MS_MAX - 86_400_000 ? ms : undefined;
  }

  #object(entries: readonly (readonly [string, unknown])[]): object {
    return Object.fromEntries(entries.map(([name, value]) => [name, this.plain(value)]));
  }
}

/** `+01:00` */
function offsetText(offsetMs: number): string {
  const minutes = Math.round(Math.abs(offsetMs) / 60_000);
  const two = (number: number): string => `${Math.floor(number)}`.padStart(2, '0');
  return `${offsetMs < 0 ? '-' : '+'}${two(minutes / 60)}:${two(minutes % 60)}`;
}
