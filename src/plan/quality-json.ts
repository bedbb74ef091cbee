import type { History, LogGap } from './scan/history.ts';
import type { ScannedLog } from './scan/scan-log.ts';

/** What is to be known of a history before one believes it. */
export function qualityAsJson(history: History): object {
  return {
    gaps: history.gaps.map(gapAsJson),
    clockJumps: history.jumps.map(gapAsJson),
    ...(history.gapsLeft > 0 && { gapsAndJumpsLeftOut: history.gapsLeft }),
    daemonStarts: history.starts,
    unmatched: { checkins: history.unmatchedIn, lines: history.unmatchedLines },
    openAtEnd: history.openAtEnd,
  };
}

/** What became of the lines of one log. */
export function logAsJson({ path, scanner, timeline, dated }: ScannedLog): object {
  const { lines, understood, ignored, strange, strangeLines } = scanner.counts;
  return {
    path,
    ...{ lines, understood, ignored, notUnderstood: strange },
    datedBy: dated,
    ...(timeline.notes.length > 0 && { dates: timeline.notes }),
    ...(timeline.notesLeft > 0 && { datesLeftOut: timeline.notesLeft }),
    strangeLines,
  };
}

function gapAsJson({ from, to, line }: LogGap): object {
  return { from: new Date(from).toISOString(), to: new Date(to).toISOString(), line };
}
