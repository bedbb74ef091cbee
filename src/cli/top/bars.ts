import type { WatchedFeature } from './watched.ts';

/** How parts of the screen stand out; each gives the text back with what its terminal needs around it. */
export interface Paint {
  readonly head: (text: string) => string;
  readonly current: (text: string) => string;
  readonly bad: (text: string) => string;
  readonly part: Readonly<Record<Part, (text: string) => string>>;
}

type Part = 'out' | 'borrowed' | 'reserved' | 'free' | 'waiting';

const same = (text: string): string => text;

/** Letters alone tell everything: NO_COLOR, and no terminal. */
export const plain: Paint = {
  head: same,
  current: same,
  bad: same,
  part: { out: same, borrowed: same, reserved: same, free: same, waiting: same },
};

const sgr = (code: string) => (text: string) => (text === '' ? '' : `\x1b[${code}m${text}\x1b[0m`);

export const colored: Paint = {
  head: sgr('1'),
  current: sgr('7'),
  bad: sgr('1;31'),
  part: {
    out: sgr('34'),
    borrowed: sgr('35'),
    reserved: sgr('33'),
    free: sgr('2'),
    waiting: sgr('31'),
  },
};

const letters: Readonly<Record<Part, string>> = {
  out: '#',
  borrowed: 'b',
  reserved: 'r',
  free: '.',
  waiting: '!',
};

/**
 * A feature's seats as so many letters, ten at least. What there is of a kind has one letter at least; what waits
 * stands behind the seats.
 */
export function bar(row: WatchedFeature, width: number, paint: Paint): string {
  const { seats, used, borrowed, reserved, free, queued } = row;
  if (seats === undefined) return 'uncounted'.slice(0, width).padEnd(width);
  const parts: readonly (readonly [Part, number])[] = [
    ['out', Math.max(0, used - borrowed)],
    ['borrowed', borrowed],
    ['reserved', reserved],
    ['free', free],
    ['waiting', queued],
  ];
  const sizes = shares(
    parts.map(([, count]) => count),
    width,
  );
  return parts.map(([part], at) => paint.part[part](letters[part].repeat(sizes[at]!))).join('');
}

/** So many letters for each count: in proportion, one at least for what is there, together `width`. */
function shares(counts: readonly number[], width: number): readonly number[] {
  const whole = counts.reduce((sum, count) => sum + count, 0);
  if (whole === 0) return [0, 0, 0, width, 0];
  const sizes = counts.map((count) =>
    count === 0 ? 0 : Math.max(1, Math.round((width * count) / whole)),
  );
  for (let over = sizes.reduce((sum, size) => sum + size, -width); over !== 0; ) {
    const largest = sizes.indexOf(Math.max(...sizes));
    const by = over > 0 ? 1 : -1;
    sizes[largest] = sizes[largest]! - by;
    over -= by;
  }
  return sizes;
}

/** `3/4`; of what is not counted how many are out. */
export function outText({ used, seats }: WatchedFeature): string {
  return seats === undefined ? `${used}` : `${used}/${seats}`;
}

const counts = ['out', 'reserved', 'borrowed', 'waiting', 'free'] as const;
type Count = (typeof counts)[number];
/** Left out of a narrow terminal first, those that are zero most often. */
const dispensable = ['borrowed', 'reserved', 'waiting', 'free'] as const;
const COUNT_COLUMNS = 8;
const BAR_COLUMNS = { min: 10, max: 60 };
const NAME_COLUMNS = { min: 8, max: 32 };

/** Which columns a terminal has room for, and how wide they are: the name, then the bar, then counts. */
export function columnsFor(columns: number, features: readonly WatchedFeature[]) {
  const longest = features.reduce((most, { name }) => Math.max(most, name.length), 0);
  const share = Math.floor(columns / 3);
  const name = Math.min(
    Math.max(NAME_COLUMNS.min, Math.min(longest, share, NAME_COLUMNS.max)),
    Math.max(1, columns - 3),
  );
  const widest = features.reduce((most, row) => Math.max(most, outText(row).length), 0);
  const width = (count: Count) => Math.max(COUNT_COLUMNS, count === 'out' ? widest : 0);
  let shown: readonly Count[] = counts;
  const left = () => shown.reduce((rest, count) => rest - 1 - width(count), columns - name - 3);
  for (const count of dispensable) {
    if (left() >= BAR_COLUMNS.min) break;
    shown = shown.filter((each) => each !== count);
  }
  if (left() < 0) shown = [];
  const bar = left() < BAR_COLUMNS.min ? 0 : Math.min(left(), BAR_COLUMNS.max);
  return { name, bar, counts: shown.map((count) => ({ count, width: width(count) })) };
}
