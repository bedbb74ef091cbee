import { isChatter } from './chatter.ts';
import { readEventLine } from './event-lines.ts';
import { readServingLine } from './feature-list.ts';
import type { ParsedEvent, ParsedLogLine } from './parsed.ts';
import { readPrefix } from './prefix.ts';
import { readReason, readSeatLine } from './seat-lines.ts';

/** A longer line is none of FlexNet's. */
const LINE_CHARACTERS_MAX = 64 * 1024;

/**
 * Reads one line of a debug log: of `lmgrd` or a vendor daemon, with time, date stamp or FLEXlm 5's day before
 * it, short or verbose. Never throws; what it does not know is `unknown`. A line end does not matter.
 */
export function parseDebugLogLine(line: string): ParsedLogLine {
  const whole = line.replace(/[\r\n]+$/, '');
  if (whole.length > LINE_CHARACTERS_MAX) return { event: { kind: 'unknown', text: whole } };
  const { prefix, text } = readPrefix(whole) ?? { text: whole };
  return { ...(prefix ? { prefix } : {}), event: readEvent(text) };
}

function readEvent(text: string): ParsedEvent {
  return (
    readSeatLine(text) ??
    readSlog(text) ??
    readEventLine(text.trimEnd()) ??
    readServingLine(text) ??
    readBareReason(text) ?? { kind: isChatter(text) ? 'chatter' : 'unknown', text }
  );
}

/** `(@acmed-SLOG@) PID: 4711` */
function readSlog(text: string): ParsedEvent | undefined {
  const end = text.startsWith('(@') ? text.indexOf('-SLOG@)') : -1;
  if (end < 0) return undefined;
  const rest = text.slice(end + '-SLOG@)'.length).replace(/^ /, '');
  const [, label, value] = /^([A-Z][^:]*): +(\S.*)$/.exec(rest) ?? [];
  const told = label === undefined || value === undefined ? {} : { label, value: value.trimEnd() };
  return { kind: 'slog', text: rest, ...told };
}

function readBareReason(text: string): ParsedEvent | undefined {
  const error = readReason(text.trimEnd());
  return error && { kind: 'reason', error };
}
