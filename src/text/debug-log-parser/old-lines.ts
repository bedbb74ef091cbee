import type { EpochMs } from '../../base/clock.ts';
import { printable } from '../wording.ts';
import type { ParsedSeat, SeatEvent } from './parsed.ts';

/**
 * Events as FLEXlm up to 5 wrote them, without quotes and with words between the names; a line there begins with
 * `3/9 09:05 (acmed) ` (`logPrefix`). Source: tables of older end user manuals; where a host stands is inferred.
 */
export interface OldSeatLine {
  readonly feature: string;
  /** `ann` or `ann@ws1`. */
  readonly client: string;
  readonly count: number;
  /** How long the seat was out, in seconds; IN tells it. */
  readonly usedSeconds?: number;
}

/** `OUT: solve by ann@ws1`, `IN: solve by ann@ws1 (2 licenses) (used: 0:01:02:03)` */
export function oldSeatLine(kind: 'OUT' | 'IN', seat: OldSeatLine): string {
  return `${kind}: ${oldSeatText(seat)}`;
}

/** The daemon of a triad's other server died, and with it the seat. */
export function oldServerDiedLine(seat: OldSeatLine): string {
  return `IN server died: ${oldSeatText(seat)}`;
}

function oldSeatText({ feature, client, count, usedSeconds }: OldSeatLine): string {
  const licenses = count === 1 ? '' : ` (${count} licenses)`;
  const used = usedSeconds === undefined ? '' : ` (used: ${usedText(usedSeconds)})`;
  return `${printable(feature)} by ${printable(client)}${licenses}${used}`;
}

/** Days, hours, minutes, seconds: `0:01:02:03`. */
function usedText(seconds: number): string {
  const two = (value: number): string => `${Math.floor(value) % 60}`.padStart(2, '0');
  const hours = `${Math.floor(seconds / 3_600) % 24}`.padStart(2, '0');
  return `${Math.floor(seconds / 86_400)}:${hours}:${two(seconds / 60)}:${two(seconds)}`;
}

/** `DENIED: 2 solve to ann@ws1 (03/09/26 09:05)` */
export function oldDeniedLine({ feature, client, count }: OldSeatLine, at: EpochMs): string {
  const date = new Date(at);
  const two = (value: number): string => `${value}`.padStart(2, '0');
  const day = [date.getMonth() + 1, date.getDate(), date.getFullYear() % 100].map(two).join('/');
  const time = `${two(date.getHours())}:${two(date.getMinutes())}`;
  return `DENIED: ${count} ${printable(feature)} to ${printable(client)} (${day} ${time})`;
}

const byPattern =
  /^(?:"([^"]*)"|(\S+)) by (.+?)(?: \((\d{1,9}) licenses?\))?(?: \(used: (\d+):(\d\d):(\d\d):(\d\d)\))?$/;
const toPattern = /^(?:(\d{1,9}) )?(?:"([^"]*)"|(\S+)) to (.+?)(?: \([\d/]+ [\d:]+\))?$/;

/** `solve by ann@ws1 (used: 0:01:02:03)` behind OUT, IN or IN server died; `2 solve to ann@ws1` behind DENIED. */
export function readOldSeatLine(word: string, rest: string): SeatEvent | undefined {
  const text = rest.trimEnd();
  if (word === 'DENIED') {
    const [, count = '1', quoted, bare, client] = toPattern.exec(text) ?? [];
    if (client === undefined) return undefined;
    return { kind: 'denied', ...seatOf(quoted ?? bare ?? '', client, count) };
  }
  const [, quoted, bare, client, count = '1', ...used] = byPattern.exec(text) ?? [];
  if (client === undefined) return undefined;
  const seat = seatOf(quoted ?? bare ?? '', client, count);
  if (word === 'OUT') return { kind: 'out', ...seat };
  const reason = word === 'IN server died' ? ({ reason: 'SERVER DIED' } as const) : {};
  if (!word.startsWith('IN')) return undefined;
  return { kind: 'in', ...seat, ...reason, ...(used[0] ? { usedSeconds: secondsOf(used) } : {}) };
}

function seatOf(feature: string, client: string, count: string): ParsedSeat {
  const at = client.lastIndexOf('@');
  const user = at < 0 ? client : client.slice(0, at);
  return { feature, user, host: at < 0 ? '' : client.slice(at + 1), count: Number(count) };
}

function secondsOf(used: readonly (string | undefined)[]): number {
  const [days = 0, hours = 0, minutes = 0, seconds = 0] = used.map(Number);
  return ((days * 24 + hours) * 60 + minutes) * 60 + seconds;
}
