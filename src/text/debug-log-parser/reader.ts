import { readServingRest } from './feature-list.ts';
import { parseDebugLogLine } from './parse-debug-log-line.ts';
import type { ParsedEvent, ParsedLogLine } from './parsed.ts';

/** Takes a line that says nothing by itself for what the lines before it announced. */
type Continuation = (text: string) => ParsedEvent | undefined;

/** By the text that announces more: what follows it. */
const announcements: Readonly<Record<string, Continuation>> = {
  'Serving features for the following vendor names:': (text) => ({
    kind: 'vendorNames',
    names: text.split(' ').filter((name) => name !== ''),
  }),
  'Check to make sure that:': (text) => ({ kind: 'chatter', text }),
  'think. It reads:': (text) => ({ kind: 'chatter', text }),
};

/**
 * Reads a log line by line, in order, and knows what one line alone does not tell: the rest of a daemon's list of
 * features, the names it answers to, the files that lmgrd's advice names.
 */
export class DebugLogReader {
  #continuation: Continuation | undefined;
  /** The daemon whose lines go on; lines without a prefix do, too. */
  #daemon: string | undefined;

  /** A line was read elsewhere that announces nothing and goes on with nothing. */
  interrupt(): void {
    this.#continuation = undefined;
  }

  read(line: string): ParsedLogLine {
    const parsed = parseDebugLogLine(line);
    const { prefix, event } = parsed;
    if (prefix && prefix.daemon !== this.#daemon) this.#continuation = undefined;
    if (event.kind === 'unknown') {
      const continued = this.#continuation?.(event.text);
      return continued ? { ...parsed, event: continued } : parsed;
    }
    this.#daemon = prefix?.daemon ?? this.#daemon;
    this.#continuation = continuationOf(event);
    return parsed;
  }
}

function continuationOf(event: ParsedEvent): Continuation | undefined {
  if (event.kind === 'serving') return readServingRest;
  if (event.kind !== 'chatter' || !Object.hasOwn(announcements, event.text)) return undefined;
  return announcements[event.text];
}
