import type { EpochMs } from '../../base/clock.ts';

/** Seats that were out in one sample and not in the next one. */
export interface Ended {
  readonly count: number;
  /** The sample that had them last. */
  readonly seenAt: EpochMs;
  /** When they came back as far as anybody can tell: halfway. */
  readonly halfway: EpochMs;
}

/** Seats that went out between the same two samples. */
export interface Begun {
  readonly at: EpochMs;
  readonly count: number;
}

/**
 * When each of `ended` came back: halfway between two samples, but before somebody took a seat who would have found
 * none (`room`: those that were free in the first sample). Otherwise more would seem to be out than there are.
 */
export function endTimes(
  ended: readonly Ended[],
  begun: readonly Begun[],
  room: number,
): readonly EpochMs[] {
  const times = ended.map(({ halfway }) => halfway);
  if (room === Number.POSITIVE_INFINITY) return times;
  const order = [...ended.keys()].sort((a, b) => times[a]! - times[b]!);
  let free = room;
  let next = 0;
  for (const { at, count } of begun.toSorted((a, b) => a.at - b.at)) {
    for (; next < order.length && times[order[next]!]! <= at; next++) {
      free += ended[order[next]!]!.count;
    }
    free -= count;
    for (; free < 0 && next < order.length; next++) {
      const { seenAt, count: back } = ended[order[next]!]!;
      times[order[next]!] = Math.max(seenAt, at);
      free += back;
    }
  }
  return times;
}
