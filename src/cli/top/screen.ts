import { printable } from '../../text/wording.ts';
import { bar, columnsFor, outText, type Paint } from './bars.ts';
import { type Chosen, chosenOf, type View } from './view.ts';
import type { Holder, Watched, WatchedDenial, WatchedFeature } from './watched.ts';

export interface ScreenSize {
  readonly columns: number;
  /** Infinity: all there is, one below the other. */
  readonly rows: number;
}

export interface Screen extends ScreenSize {
  readonly view: View;
  readonly paint: Paint;
  /** Why the latest attempt to ask came to nothing. */
  readonly trouble?: string;
  /** The line of keys is shown, and the cursor. */
  readonly isLive: boolean;
}

/** Denials shown at most, where there is room for more. */
const DENIAL_ROWS = 6;
/** Lines that are not rows of a table: three above, a blank and a heading twice, the line of keys. */
const FIXED_ROWS = 8;

/** What a terminal of this size shows: a line each, none wider, no more than fit. */
export function renderScreen(watched: Watched, screen: Screen): readonly string[] {
  const { view, columns, rows, isLive } = screen;
  const shown = chosenOf(watched, view);
  const denials = (watched.denials ?? []).slice(-DENIAL_ROWS);
  const room = Math.max(0, rows - FIXED_ROWS - (denials.length > 0 ? denials.length + 2 : 0));
  const featureRoom = Math.min(shown.features.length, Math.max(1, Math.ceil(room / 2)));
  const lines = [
    ...headOf(watched, shown, screen),
    '',
    ...featureLines(shown, featureRoom, screen),
    '',
    ...holderLines(watched, shown, room - featureRoom, screen),
    ...(denials.length > 0 ? ['', ...denialLines(denials, screen)] : []),
  ];
  if (!isLive) return lines.map((line) => line.trimEnd());
  const kept = lines.slice(0, Math.max(0, rows - 1));
  return [...kept, cut(keysOf(view), columns)].slice(0, rows);
}

function headOf(watched: Watched, shown: Chosen, screen: Screen): readonly string[] {
  const { columns, paint, trouble, view } = screen;
  const time = new Date(watched.at).toISOString().slice(0, 19).replace('T', ' ');
  const title = `fauxlm top  ${printable(watched.source)}  ${time} UTC`;
  const hosts = watched.hosts.map(({ name, state }) => `${printable(name)} ${state}`);
  const vendors = watched.vendors.map(({ name, up }) => `${printable(name)} ${up ? 'up' : 'DOWN'}`);
  const standing = cut([...hosts, ...vendors].join(', '), columns);
  const isBad = [...watched.hosts, ...watched.vendors].some((each) =>
    'up' in each ? !each.up : each.state === 'down',
  );
  const of = view.focused && shown.current ? ` of ${printable(shown.current.name)}` : '';
  const filter = view.filter === '' ? '' : `, with "${printable(view.filter)}"`;
  const all = watched.holderCount;
  const part = shown.holders.length === all ? '' : `${shown.holders.length} of `;
  const held = `${part}${all} ${all === 1 ? 'checkout' : 'checkouts'}${of}`;
  const summary = `features by ${view.sort}, ${held}${filter}`;
  return [
    cut(title, columns),
    isBad ? paint.bad(standing) : standing,
    trouble === undefined
      ? cut(summary, columns)
      : paint.bad(cut(`asking again: ${printable(trouble)}`, columns)),
  ];
}

function featureLines(shown: Chosen, room: number, screen: Screen): readonly string[] {
  const { columns, paint, isLive } = screen;
  const places = columnsFor(columns, shown.features);
  const at = shown.current === undefined ? 0 : shown.features.indexOf(shown.current);
  // The cursor stays in sight.
  const first = Math.min(Math.max(0, at - room + 1), Math.max(0, shown.features.length - room));
  const rows = shown.features.slice(first, first + room).map((row) => {
    const isCurrent = isLive && row === shown.current;
    return featureLine(row, places, paint, isCurrent);
  });
  const head = [
    '  feature'.padEnd(places.name + 2),
    ...(places.bar === 0 ? [] : ['seats'.padEnd(places.bar)]),
    ...places.counts.map(({ count, width }) => count.padStart(width)),
  ].join(' ');
  const none = rows.length === 0 ? ['  none'] : [];
  return [paint.head(cut(head, columns)), ...rows, ...none.map((line) => cut(line, columns))];
}

function featureLine(
  row: WatchedFeature,
  { name, bar: width, counts }: ReturnType<typeof columnsFor>,
  paint: Paint,
  isCurrent: boolean,
): string {
  const label = `${isCurrent ? '> ' : '  '}${cut(printable(row.name), name).padEnd(name)}`;
  const told = {
    out: outText(row),
    reserved: String(row.reserved),
    borrowed: String(row.borrowed),
    waiting: String(row.queued),
    free: row.seats === undefined ? '-' : String(row.free),
  };
  return [
    isCurrent ? paint.current(label) : label,
    ...(width === 0 ? [] : [bar(row, width, paint)]),
    ...counts.map(({ count, width: columns }) => told[count].padStart(columns)),
  ].join(' ');
}

function holderLines(
  watched: Watched,
  { holders }: Chosen,
  room: number,
  { columns, paint, view }: Screen,
): readonly string[] {
  const widths = columns < 60 ? [12, 0, 14, 5] : [16, 18, Math.min(28, columns - 60), 5];
  const head = lineOf(['  user', 'host', 'feature', 'seats', 'since'], widths);
  const most = Math.max(0, room);
  const rows = holders
    .slice(view.scrolled, view.scrolled + most)
    .map((holder) => lineOf(cellsOf(holder, watched.at), widths));
  const none = rows.length === 0 && most > 0 ? ['  nobody'] : [];
  const lines = [...rows, ...none].map((line) => cut(line, columns));
  return [paint.head(cut(head, columns)), ...lines];
}

function cellsOf({ user, host, feature, count, since, state }: Holder, now: number) {
  const how = state === 'out' ? '' : ` ${state}`;
  return [`  ${user}`, host, feature, String(count), `${agoText(since, now)}${how}`.trim()];
}

/** The last cell takes what is left; a width of 0 leaves a cell out. */
function lineOf(cells: readonly string[], widths: readonly number[]): string {
  return cells
    .map((cell, at) => [cut(printable(cell), widths[at] ?? cell.length), widths[at]] as const)
    .filter(([, width]) => width !== 0)
    .map(([cell, width = 0]) => cell.padEnd(width))
    .join(' ');
}

/** `3m`, `2h`, `5d`: how long ago. */
function agoText(since: number | undefined, now: number): string {
  if (since === undefined) return '';
  const seconds = Math.max(0, Math.floor((now - since) / 1_000));
  if (seconds < 60) return `${seconds}s`;
  if (seconds < 3_600) return `${Math.floor(seconds / 60)}m`;
  return seconds < 86_400 ? `${Math.floor(seconds / 3_600)}h` : `${Math.floor(seconds / 86_400)}d`;
}

function denialLines(denials: readonly WatchedDenial[], { columns, paint }: Screen) {
  const rows = denials.map(({ at, user, host, feature, code }) => {
    const time = new Date(at).toISOString().slice(11, 19);
    return cut(printable(`  ${time} ${user}@${host}: ${feature} denied (${code})`), columns);
  });
  return [paint.head(cut('  denials', columns)), ...rows];
}

function keysOf({ typing, filter, focused }: View): string {
  if (typing) return `filter: ${printable(filter)}_   Enter: keep  Esc: none`;
  const enter = focused ? 'Enter: all' : 'Enter: its holders';
  return `q: quit  s: sort  /: filter  up/down: feature  ${enter}  PgUp/PgDn: holders`;
}

/** At most so many characters of it. */
function cut(text: string, columns: number): string {
  if (text.length <= columns) return text;
  return columns < 1 ? '' : `${text.slice(0, columns - 1)}~`;
}
