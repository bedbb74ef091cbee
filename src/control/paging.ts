import { z } from 'zod';
import { queryNumber, queryText } from './query-fields.ts';

/** Rows of one answer unless told: a table of 10,000 users is whole. */
const ROWS_USUAL = 10_000;
const ROWS_MAX = 100_000;

const number = (most: number) =>
  queryNumber(9).refine((value) => value <= most, `expected at most ${most}`);

/** What every listing takes. */
const page = {
  limit: number(ROWS_MAX).optional().describe(`rows at most [${ROWS_USUAL}]`),
  offset: number(999_999_999).optional().describe('rows to pass over [0]'),
};

const places = {
  vendor: queryText.optional().describe('of this vendor daemon'),
  feature: queryText.optional().describe('of this feature'),
};

const people = {
  user: queryText.optional().describe('of this user'),
  host: queryText.optional().describe('of this host'),
  search: queryText
    .optional()
    .describe('whose user, host, display, project or feature has this in it'),
};

export const placesQuery = z.strictObject({ ...places, ...page });
export const peopleQuery = z.strictObject({ ...places, ...people, ...page });

export type PeopleQuery = z.infer<typeof peopleQuery>;

/** A listing: how many rows there are of what was asked for, and those of this page. */
export interface Page<Row> {
  readonly total: number;
  readonly rows: readonly Row[];
}

/** Rows that a query means, letter case aside. */
export function pageOf<Row extends object>(rows: readonly Row[], query: PeopleQuery): Page<Row> {
  const { limit = ROWS_USUAL, offset = 0 } = query;
  const wanted = filtered(rows, query);
  return { total: wanted.length, rows: wanted.slice(offset, offset + limit) };
}

function filtered<Row extends object>(rows: readonly Row[], query: PeopleQuery): readonly Row[] {
  const names = (['vendor', 'feature', 'user', 'host'] as const).filter(
    (name) => query[name] !== undefined,
  );
  const wanted = names.map((name) => [name, query[name]!.toLowerCase()] as const);
  const search = query.search?.toLowerCase() ?? '';
  if (wanted.length === 0 && search === '') return rows;
  return rows.filter((row) => {
    const texts = row as Readonly<Record<string, unknown>>;
    const isNamed = wanted.every(([name, value]) => lower(texts[name]) === value);
    return (
      isNamed && (search === '' || searched.some((name) => lower(texts[name]).includes(search)))
    );
  });
}

const searched = ['user', 'host', 'display', 'project', 'feature'] as const;

function lower(value: unknown): string {
  return typeof value === 'string' ? value.toLowerCase() : '';
}
