import type { EpochMs } from '../../base/clock.ts';
import { limits } from '../../base/limits.ts';
import { parseTime } from '../../base/time-words.ts';
import { windowWords } from './common-words.ts';
import type { FaultOrder } from './order.ts';

/** A fault with its id and the time of its life, as plain data: it goes to other processes. */
export interface ArmedFault {
  readonly id: string;
  readonly order: FaultOrder;
  /** In force from then on. */
  readonly from: EpochMs;
  /** No more from then on; absent: until it is cleared. */
  readonly to?: EpochMs;
  /** Of everything it leaves to chance. */
  readonly seed: string;
}

/** Arms a fault now, in the zone of the server. */
export function armedFault(
  id: string,
  order: FaultOrder,
  { now, seed, timeZone }: { now: EpochMs; seed: string; timeZone: string | undefined },
): ArmedFault {
  const { after: afterText, for: forText, until: untilText } = order.words;
  const afterMs = afterText === undefined ? 0 : windowWords.after.read(afterText)!;
  const from = now + afterMs;
  const lasting = forText === undefined ? undefined : from + windowWords.for.read(forText)!;
  const end = untilText === undefined ? undefined : momentOf(untilText, now, timeZone);
  const ends = [lasting, end].filter((at) => at !== undefined);
  const to = ends.length === 0 ? undefined : Math.min(...ends, limits.clockMsMax);
  return { id, order, from, seed, ...(to === undefined ? {} : { to }) };
}

function momentOf(text: string, now: EpochMs, timeZone: string | undefined): EpochMs {
  const moment = windowWords.until.read(text)!;
  return 'inMs' in moment ? now + moment.inMs : parseTime(moment.text, 'until', timeZone);
}
