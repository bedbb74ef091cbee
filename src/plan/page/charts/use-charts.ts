import { useChanges } from '../../demand/peaks.ts';
import type { FeaturePlan } from '../../plan-model.ts';
import { DAY_MS, dayText } from '../../scan/wall-clock.ts';
import type { PageGround } from '../plan-page.ts';
import { Plot, type Point, roundAxis } from '../plot.ts';

/** Points of a line at most: more than there are pixels is no more to see. */
const BINS_MAX = 240;

/** The most seats out by stretch of time, those wanted, what there are, and who was refused when. */
export function concurrencyChart(plan: FeaturePlan, { read }: PageGround): string {
  const days = Math.max(1, Math.ceil((read.end - read.begin) / DAY_MS));
  const size = Math.max(1, Math.ceil(days / BINS_MAX));
  const bins = Math.ceil(days / size);
  const used = binPeaks(plan.trace.sessions, read.begin, size, bins);
  const wanted = binPeaks(plan.demand, read.begin, size, bins);
  const denied = new Float64Array(bins);
  for (const { from } of plan.demand.episodes) denied[binOf(from, read.begin, size, bins)]!++;
  const limit = plan.present?.seats;
  const high = Math.max(plan.wantedPeak, limit ?? 0, plan.answer?.seats ?? 0);
  const first = Math.floor(read.wall.wallAt(read.begin) / DAY_MS);
  const ticks = [0, 0.25, 0.5, 0.75].map((share) => Math.round(share * days));
  const plot = new Plot(
    { low: 0, high: days, ticks, label: 'day', text: (day) => dayText(first + day) },
    roundAxis(high, 'seats'),
  );
  const tops = (peaks: Float64Array): readonly Point[] =>
    Array.from(peaks, (peak, bin): Point => [bin * size, peak]);
  const floor: readonly Point[] = [[bins * size, 0]];
  const most = Math.max(1, ...denied);
  plot
    .area([...tops(used), [bins * size, used.at(-1) ?? 0]], [[0, 0], ...floor], 'use')
    .steps(tops(used), 'use')
    .bars(
      Array.from(denied, (count, bin) => ({
        ...{ x: bin * size, y: (0.25 * high * count) / most },
        told: `${dayText(first + bin * size)}: ${count} denied`,
      })).filter((_, bin) => denied[bin]! > 0),
      size,
      'bad',
    );
  if (plan.demand.lost + plan.demand.delayed > 0) plot.steps(tops(wanted), 'want');
  if (limit !== undefined) plot.level(limit, `you have ${limit}`, 'bad');
  return plot.svg(`Seats in use over time, at most ${plan.peak}`);
}

function binOf(at: number, begin: number, size: number, bins: number): number {
  return Math.min(bins - 1, Math.max(0, Math.floor((at - begin) / (size * DAY_MS))));
}

function binPeaks(
  use: FeaturePlan['demand'] | FeaturePlan['trace']['sessions'],
  begin: number,
  size: number,
  bins: number,
): Float64Array {
  const peaks = new Float64Array(bins);
  const { at, change } = useChanges(use, begin);
  let out = 0;
  let last = 0;
  for (let row = 0; row < at.length; row++) {
    const bin = binOf(at[row]!, begin, size, bins);
    // What is out goes on being out.
    for (; last < bin; last++) peaks[last + 1] = Math.max(peaks[last + 1]!, out);
    out += change[row]!;
    peaks[bin] = Math.max(peaks[bin]!, out);
  }
  return peaks;
}

/** For what share of the time so many seats or more were out, and were wanted. */
export function durationChart(plan: FeaturePlan, { read }: PageGround): string {
  const used = timeAbove(plan.trace.sessions, read.begin, read.end);
  const wanted = timeAbove(plan.demand, read.begin, read.end);
  const plot = new Plot(
    { ...roundAxis(100, 'share of all hours'), text: (share) => `${share} %` },
    roundAxis(plan.wantedPeak, 'seats out, or more'),
  );
  plot.area(used, [[0, 0]], 'use').steps(used, 'use');
  if (plan.demand.lost > 0) plot.steps(wanted, 'want');
  if (plan.present !== undefined) {
    plot.level(plan.present.seats, `you have ${plan.present.seats}`, 'bad');
  }
  if (plan.answer !== undefined) {
    plot.level(plan.answer.seats, `${plan.answer.seats} seats`, 'good');
  }
  return plot.svg('Share of the time in which at least so many seats were out');
}

/** From the most seats down: the share of the time in percent in which there were at least so many. */
function timeAbove(
  use: FeaturePlan['demand'] | FeaturePlan['trace']['sessions'],
  begin: number,
  end: number,
): readonly Point[] {
  const { at, change } = useChanges(use, begin);
  const times = new Map<number, number>();
  let out = 0;
  for (let row = 0; row < at.length; row++) {
    out += change[row]!;
    const until = Math.min(at[row + 1] ?? end, end);
    const span = Math.max(0, until - at[row]!);
    times.set(out, (times.get(out) ?? 0) + span);
  }
  let sum = 0;
  const points: Point[] = [];
  for (const [seats, span] of [...times].sort((a, b) => b[0] - a[0])) {
    points.push([(100 * sum) / Math.max(1, end - begin), seats]);
    sum += span;
  }
  return [...points, [(100 * sum) / Math.max(1, end - begin), 0]];
}

const weekdays = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'];

/** How many seats are wanted on average by hour of the week. */
export function weekChart({ estimates }: FeaturePlan): string {
  const load = estimates?.profile.load ?? new Float64Array(168);
  const most = Math.max(Number.MIN_VALUE, ...load);
  const plot = new Plot(
    { low: 0, high: 24, ticks: [0, 6, 12, 18, 24], label: 'hour', text: (hour) => `${hour}:00` },
    {
      ...{ low: 0, high: 7, ticks: [0.5, 1.5, 2.5, 3.5, 4.5, 5.5, 6.5], label: '' },
      text: (row) => weekdays[6 - Math.floor(row)]!,
    },
  );
  for (let hour = 0; hour < load.length; hour++) {
    const [day, of] = [Math.floor(hour / 24), hour % 24];
    const told = `${weekdays[day]} ${of}:00: ${load[hour]!.toFixed(1)} seats`;
    plot.cell(of, 6 - day, load[hour]! / most, told);
  }
  return plot.svg(`Seats wanted by hour of the week, at most ${most.toFixed(1)} on average`);
}

const MINUTE_MS = 60_000;
const bounds = [1, 5, 15, 60, 240, 720, 1440, 10_080] as const;
const boundWords = ['1 m', '5 m', '15 m', '1 h', '4 h', '12 h', '1 d', '1 w', ''];

/** How long sessions last, in steps that grow. */
export function lengthChart({ trace: { sessions } }: FeaturePlan): string {
  const counts = new Array<number>(bounds.length + 1).fill(0);
  for (let row = 0; row < sessions.size; row++) {
    const since = sessions.since.at(row);
    if (Number.isNaN(since) || sessions.open.has(row)) continue;
    const minutes = (sessions.until.at(row) - since) / MINUTE_MS;
    const at = bounds.findIndex((bound) => minutes < bound);
    counts[at < 0 ? bounds.length : at]!++;
  }
  const plot = new Plot(
    {
      ...{ low: 0, high: counts.length, label: 'length of a session' },
      ticks: counts.map((_, index) => index + 1).slice(0, -1),
      text: (index) => boundWords[index - 1]!,
    },
    roundAxis(Math.max(1, ...counts), 'sessions'),
  );
  const words = (index: number): string =>
    index === 0
      ? `up to ${boundWords[0]}`
      : `${boundWords[index - 1]} ${boundWords[index] === '' ? 'and more' : `to ${boundWords[index]}`}`;
  plot.bars(
    counts.map((y, x) => ({ x, y, told: `${words(x)}: ${y}` })),
    1,
    'use',
  );
  return plot.svg('How long sessions last');
}
