import type { EpochMs } from '../../base/clock.ts';
import { KnownError } from '../../base/errors.ts';
import { limits } from '../../base/limits.ts';
import { shownPath } from '../../files/system-reasons.ts';
import { textLines } from '../../files/text-lines.ts';
import { dayNumber, instantAtOffset, type WallClock } from '../scan/wall-clock.ts';
import { csvCells } from './csv-lines.ts';
import { newSampleFile, type SampleFile } from './poll.ts';

/** What a table has a row for: seats in use at a time, or a session. Columns in `[]` may be missing. */
const shapes = {
  samples: { needs: ['time', 'feature', 'used'], may: ['total', 'daemon', 'user', 'host'] },
  sessions: { needs: ['start', 'end', 'feature', 'user'], may: ['host', 'count', 'daemon'] },
} as const;

export type TableShape = keyof typeof shapes;

/** Cells of a row by column; '' where there is none. */
export type Cell = (column: string) => string;

/** `time,feature,used[,total]...`, for messages. */
export const TABLE_COLUMNS = Object.values(shapes)
  .map(({ needs, may }) => `${needs.join(',')}[,${may.join(',')}]`)
  .join(' or ');

/** The first line of a table that can be read, as what it is. */
export function tableHead(
  line: string,
):
  | { readonly shape: TableShape; readonly separator: string; readonly columns: Columns }
  | undefined {
  for (const separator of [',', ';', '\t']) {
    const names = csvCells(line.replace(/^\uFEFF/, ''), separator).map((name) =>
      name.toLowerCase(),
    );
    for (const shape of Object.keys(shapes) as TableShape[]) {
      if (!shapes[shape].needs.every((name) => names.includes(name))) continue;
      return { shape, separator, columns: new Map(names.map((name, at) => [name, at])) };
    }
  }
  return undefined;
}

type Columns = ReadonlyMap<string, number>;

/**
 * Reads the rows of tables that all have the same shape. `take` gives false for a row that says nothing sensible.
 * @throws KnownError FILE_UNREADABLE, PLAN_NOT_A_LOG, PLAN_TOO_LARGE
 */
export async function readTables(
  paths: readonly string[],
  take: (shape: TableShape, cell: Cell) => boolean,
): Promise<{ readonly shape: TableShape; readonly files: readonly SampleFile[] }> {
  const files: SampleFile[] = [];
  let shape: TableShape | undefined;
  for (const path of paths) {
    const file = newSampleFile(path);
    files.push(file);
    let head: ReturnType<typeof tableHead>;
    for await (const line of textLines(path)) {
      file.lines++;
      if (line.trim() === '' || line.startsWith('#')) {
        file.ignored++;
      } else if (head === undefined) {
        head = checkedHead(line, file, shape);
        shape = head.shape;
        file.understood++;
      } else {
        const cells = csvCells(line, head.separator);
        const { columns } = head;
        countRow(
          file,
          line,
          take(head.shape, (name) => cells[columns.get(name) ?? -1] ?? ''),
        );
      }
    }
  }
  if (shape !== undefined) return { shape, files };
  throw new KnownError('PLAN_NOT_A_LOG', `${paths.join(', ')}: expected a table, got nothing`);
}

function checkedHead(line: string, { path, lines }: SampleFile, shape: TableShape | undefined) {
  const head = tableHead(line);
  const where = `${shownPath(path)}:${lines}`;
  if (head === undefined) {
    const text = `${where}: expected the columns ${TABLE_COLUMNS}, got "${line.slice(0, 100)}"`;
    throw new KnownError('PLAN_NOT_A_LOG', text, { path });
  }
  if (shape === undefined || shape === head.shape) return head;
  const text = `${where}: expected ${shape} as in the tables before it, got ${head.shape}`;
  throw new KnownError('USAGE', text, { path });
}

function countRow(file: SampleFile, line: string, isUnderstood: boolean): void {
  if (isUnderstood) {
    if (++file.understood <= limits.sampleRowsMax) return;
    const text = `${shownPath(file.path)}: expected at most ${limits.sampleRowsMax} rows, got more`;
    throw new KnownError('PLAN_TOO_LARGE', text);
  }
  file.notUnderstood++;
  if (file.strangeLines.length >= limits.logStrangeLinesMax) return;
  file.strangeLines.push({ line: file.lines, text: line.slice(0, 200) });
}

const timeForm =
  /^(\d{4})-(\d\d)-(\d\d)[T ](\d\d):(\d\d)(?::(\d\d)(?:[.,]\d{1,9})?)?\s?(?:(Z)|([+-])(\d\d):?(\d\d)?)?$/i;
/** From so many digits on they are milliseconds: seconds would be the year 5138. */
const MS_DIGITS = 12;

/** `2026-03-09T09:05:00Z`, the same without a zone (then by the wall), or seconds since 1970; else undefined. */
export function tableTime(text: string, wall: WallClock): EpochMs | undefined {
  const [seconds] = /^\d{9,14}(?=(?:\.\d{1,9})?$)/.exec(text) ?? [];
  if (seconds !== undefined) {
    return seconds.length >= MS_DIGITS ? Number(seconds) : Math.round(1_000 * Number(text));
  }
  const found = timeForm.exec(text);
  if (!found) return undefined;
  const [year, month, day, hour, minute, second] = found
    .slice(1, 7)
    .map((part) => Number(part ?? 0)) as [number, number, number, number, number, number];
  const days = dayNumber(year, month, day);
  const exists = new Date(days * 86_400_000).getUTCDate() === day && month <= 12;
  if (!exists || hour > 23 || minute > 59 || second > 59) return undefined;
  const ofDay = 3_600 * hour + 60 * minute + second;
  const [zulu, sign, zoneHours, zoneMinutes] = found.slice(7);
  if (zulu === undefined && sign === undefined) {
    return wall.instant(days, ofDay, Number.NEGATIVE_INFINITY);
  }
  const zone = 60 * Number(zoneHours ?? 0) + Number(zoneMinutes ?? 0);
  return instantAtOffset(days, ofDay, sign === '-' ? -zone : zone);
}

/** A whole number of seats; else undefined. */
export function tableCount(text: string): number | undefined {
  return /^\d{1,9}(?:\.0{1,6})?$/.test(text) ? Number(text) : undefined;
}
