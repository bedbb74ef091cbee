import type { ParsedPrefix } from './parsed.ts';

/** Copies that went through an editor or a script lose or gain a blank before the hour. */
const timePattern = /^ ?(\d{1,2}):(\d\d):(\d\d) \(/;
const datePattern = /^(\d{4}-\d\d-\d\d)T(\d\d:\d\d:\d\d)(Z|[+-]\d\d:?\d\d)? \(/;
const monthDayPattern = /^(\d{1,2}\/\d{1,2}) (\d{1,2}):(\d\d) \(/;

/** A line's prefix and what stands behind it, one blank taken away; undefined when it has no prefix. */
export function readPrefix(
  line: string,
): { readonly prefix: ParsedPrefix; readonly text: string } | undefined {
  const stamp = readTime(line) ?? readDate(line) ?? readMonthDay(line);
  if (!stamp) return undefined;
  const end = line.indexOf(')', stamp.length);
  if (end < 0) return undefined;
  const [, daemon = '', pid] =
    /^(.+?)(?:\[(\d{1,9})\])?$/.exec(line.slice(stamp.length, end)) ?? [];
  if (daemon === '') return undefined;
  const start = line[end + 1] === ' ' ? end + 2 : end + 1;
  const process = pid === undefined ? {} : { pid: Number(pid) };
  return { prefix: { ...stamp.fields, daemon, ...process }, text: line.slice(start) };
}

interface Stamp {
  readonly length: number;
  readonly fields: Omit<ParsedPrefix, 'daemon' | 'pid'>;
}

function readTime(line: string): Stamp | undefined {
  const found = timePattern.exec(line);
  if (!found) return undefined;
  const time = `${found[1]!.padStart(2, '0')}:${found[2]}:${found[3]}`;
  return { length: found[0].length, fields: { style: 'time', time } };
}

function readDate(line: string): Stamp | undefined {
  const [all = '', date, time, zone] = datePattern.exec(line) ?? [];
  if (date === undefined || time === undefined) return undefined;
  const fields = {
    style: 'datestamp',
    time,
    date,
    ...(zone === undefined ? {} : { zone }),
  } as const;
  return { length: all.length, fields };
}

function readMonthDay(line: string): Stamp | undefined {
  const [all = '', monthDay, hour, minute] = monthDayPattern.exec(line) ?? [];
  if (monthDay === undefined || hour === undefined) return undefined;
  const time = `${hour.padStart(2, '0')}:${minute}`;
  return { length: all.length, fields: { style: 'monthDay', time, monthDay } };
}
