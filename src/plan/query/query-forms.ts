import { printable } from '../../text/wording.ts';
import { csvLine } from '../csv.ts';
import type { QueryAnswer } from './store-query.ts';

/** What a person wants to see of an answer at once. */
export const TABLE_ROWS = 100;
/** Rows that are counted beyond those that are shown: to count on would be to wait for nothing. */
const COUNTED_MAX = 1_000_000;
/** A cell that is wider is cut. */
const CELL_WIDTH_MAX = 80;

/** Forms of an answer: its text in parts, as rows come; of at most so many rows. */
export const queryForms = { text, csv, json, ndjson } as const;

export type QueryForm = keyof typeof queryForms;

async function* text(answer: QueryAnswer, limit = TABLE_ROWS): AsyncGenerator<string> {
  const { columns } = answer;
  const shown: string[][] = [columns.map(({ name }) => cellOf(name))];
  let more = 0;
  for await (const rows of answer.batches) {
    const taken = rows.slice(0, Math.max(0, limit + 1 - shown.length));
    for (const row of taken) shown.push(row.map((value) => tableCell(value, answer)));
    more += rows.length - taken.length;
    if (more > COUNTED_MAX) break;
  }
  const widths = columns.map((_, at) => Math.max(...shown.map((cells) => cells[at]!.length)));
  for (const cells of shown) {
    const set = cells.map((cell, at) =>
      columns[at]!.isNumber ? cell.padStart(widths[at]!) : cell.padEnd(widths[at]!),
    );
    yield `${set.join('  ').trimEnd()}\n`;
  }
  if (shown.length === 1) yield '(no rows)\n';
  if (more > COUNTED_MAX) yield `... and more than ${COUNTED_MAX} ${HOW}`;
  else if (more > 0) yield `... and ${more} ${HOW}`;
}

const HOW = 'more: --limit shows more, --csv and --json all\n';

/** Of fractions so many digits tell something; the rest is how they were reckoned. */
function tableCell(value: unknown, { values }: QueryAnswer): string {
  if (value === null) return 'NULL';
  if (typeof value === 'number') return String(Number(value.toPrecision(10)));
  return cellOf(values.text(value));
}

function cellOf(words: string): string {
  const line = printable(words);
  return line.length > CELL_WIDTH_MAX ? `${line.slice(0, CELL_WIDTH_MAX - 3)}...` : line;
}

async function* csv(answer: QueryAnswer, limit?: number): AsyncGenerator<string> {
  yield csvLine(answer.columns.map(({ name }) => name));
  for await (const rows of limited(answer, limit)) {
    yield rows.map((row) => csvLine(row.map((value) => csvValue(value, answer)))).join('');
  }
}

/** What is a number goes as one: as a word it would be taken for a formula. */
function csvValue(value: unknown, { values }: QueryAnswer): string | number | bigint {
  if (value === null) return '';
  if (typeof value === 'number' || typeof value === 'bigint') return value;
  const plain = values.plain(value);
  return typeof plain === 'number' ? plain : values.text(value);
}

async function* json(answer: QueryAnswer, limit?: number): AsyncGenerator<string> {
  let before = '[';
  for await (const rows of limited(answer, limit)) {
    const objects = rows.map((row) => JSON.stringify(objectOf(row, answer)));
    yield `${before}\n  ${objects.join(',\n  ')}`;
    before = ',';
  }
  yield before === '[' ? '[]\n' : '\n]\n';
}

async function* ndjson(answer: QueryAnswer, limit?: number): AsyncGenerator<string> {
  for await (const rows of limited(answer, limit)) {
    yield rows.map((row) => `${JSON.stringify(objectOf(row, answer))}\n`).join('');
  }
}

function objectOf(row: readonly unknown[], { columns, values }: QueryAnswer): object {
  return Object.fromEntries(columns.map(({ name }, at) => [name, values.plain(row[at])]));
}

async function* limited(
  { batches }: QueryAnswer,
  limit = Number.POSITIVE_INFINITY,
): AsyncGenerator<readonly (readonly unknown[])[]> {
  let left = limit;
  for await (const rows of batches) {
    yield rows.length <= left ? rows : rows.slice(0, left);
    left -= rows.length;
    if (left <= 0) return;
  }
}
