import { limits } from '../../base/limits.ts';

/** A line of a log that was not understood. */
export interface StrangeLine {
  /** From 1. */
  readonly line: number;
  /** Where it begins in the (unpacked) file. */
  readonly byte: number;
  /** The beginning of it. */
  readonly text: string;
}

const TEXT_CHARACTERS_MAX = 200;

/** What became of each line of a log. `lines` is the sum of the other three. */
export class LineCounts {
  lines = 0;
  /** Seat events, and what else tells of the server's life. */
  understood = 0;
  /** Lines of FlexNet's that tell nothing of use. */
  ignored = 0;
  strange = 0;
  readonly strangeLines: StrangeLine[] = [];
  /** By name of the event. */
  readonly kinds = new Map<string, number>();

  count(kind: string): void {
    this.kinds.set(kind, (this.kinds.get(kind) ?? 0) + 1);
  }

  addStrange(line: number, byte: number, text: string): void {
    this.strange++;
    if (this.strangeLines.length >= limits.logStrangeLinesMax) return;
    this.strangeLines.push({ line, byte, text: text.slice(0, TEXT_CHARACTERS_MAX) });
  }
}
