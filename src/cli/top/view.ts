import type { Holder, Watched, WatchedFeature } from './watched.ts';

/** What a person has chosen to see. */
export interface View {
  readonly sort: Sort;
  /** Only what has this in its names; '' is all. */
  readonly filter: string;
  /** The filter is being typed. */
  readonly typing: boolean;
  /** Place of the chosen feature among those shown, from 0. */
  readonly chosen: number;
  /** Only holders of the chosen feature. */
  readonly focused: boolean;
  /** Holders passed over. */
  readonly scrolled: number;
}

export const firstView: View = {
  sort: 'use',
  filter: '',
  typing: false,
  chosen: 0,
  focused: false,
  scrolled: 0,
};

type Compare = (a: WatchedFeature, b: WatchedFeature) => number;

const byName: Compare = (a, b) => (a.name === b.name ? 0 : a.name < b.name ? -1 : 1);

/** Orders of the features; `s` goes from one to the next. */
const sorts = {
  use: (a, b) => useOf(b) - useOf(a),
  name: byName,
  out: (a, b) => b.used - a.used,
  waiting: (a, b) => b.queued - a.queued,
  free: (a, b) => a.free - b.free,
} as const satisfies Record<string, Compare>;

export type Sort = keyof typeof sorts;
export const sortNames = Object.keys(sorts) as readonly Sort[];

/** Longest text of a filter. */
const FILTER_MAX = 60;
/** Holders that Page Up and Page Down pass over. */
const PAGE = 10;

/** Seats out and reserved of those there are. */
function useOf({ seats, used, reserved }: WatchedFeature): number {
  return seats === undefined ? -1 : seats === 0 ? 0 : (used + reserved) / seats;
}

/** What of it is to be seen, in order. */
export interface Chosen {
  readonly features: readonly WatchedFeature[];
  readonly holders: readonly Holder[];
  /** The feature that the cursor is on. */
  readonly current: WatchedFeature | undefined;
}

/** Filters and orders. A filter that names a person keeps the features this person has. */
export function chosenOf(watched: Watched, view: View): Chosen {
  const filter = view.filter.toLowerCase();
  const has = (text: string) => text.toLowerCase().includes(filter);
  const wanted = watched.holders.filter(
    ({ user, host, feature }) => filter === '' || has(user) || has(host) || has(feature),
  );
  const held = new Set(filter === '' ? [] : wanted.map(keyOf));
  const features = watched.features
    .filter(
      (row) => filter === '' || has(row.name) || held.has(keyOf({ ...row, feature: row.name })),
    )
    .sort((a, b) => sorts[view.sort](a, b) || byName(a, b));
  const current = features[Math.min(view.chosen, features.length - 1)];
  const isOfCurrent = ({ vendor, feature }: Holder) =>
    feature === current?.name && vendor === current.vendor;
  const holders = view.focused ? wanted.filter(isOfCurrent) : wanted;
  return { features, holders: longestFirst(holders), current };
}

function keyOf({ vendor, feature }: { readonly vendor: string; readonly feature: string }): string {
  return `${vendor} ${feature}`;
}

/** Who waits stands on top, then who has had it longest. */
function longestFirst(holders: readonly Holder[]): readonly Holder[] {
  const rank = ({ state, since }: Holder) =>
    state === 'waits' ? -1 : (since ?? Number.MAX_SAFE_INTEGER);
  return [...holders].sort((a, b) => rank(a) - rank(b));
}

/** A key as node:readline tells it. */
export interface Key {
  readonly name?: string;
  readonly sequence?: string;
  readonly ctrl?: boolean;
}

/** The view after a key, 'quit' or 'suspend'; `shown` bounds the cursor. */
export function viewAfter(view: View, key: Key, shown: Chosen): View | 'quit' | 'suspend' {
  const { name = '', sequence = '', ctrl = false } = key;
  if (ctrl && (name === 'c' || name === 'd')) return 'quit';
  if (ctrl && name === 'z') return 'suspend';
  if (view.typing) return typed(view, name, sequence);
  if (name === 'q') return 'quit';
  if (sequence === '/') return { ...view, typing: true };
  return (moves[name] ?? ((same) => same))(view, shown);
}

function typed(view: View, name: string, sequence: string): View {
  if (name === 'return' || name === 'enter') return { ...view, typing: false };
  if (name === 'escape') return { ...view, typing: false, filter: '', chosen: 0, scrolled: 0 };
  const filter =
    name === 'backspace'
      ? view.filter.slice(0, -1)
      : /^[^\p{Cc}]$/u.test(sequence)
        ? (view.filter + sequence).slice(0, FILTER_MAX)
        : view.filter;
  return { ...view, filter, chosen: 0, scrolled: 0 };
}

type Move = (view: View, shown: Chosen) => View;

const choose =
  (by: number): Move =>
  (view, { features }) => {
    const last = Math.max(0, features.length - 1);
    const chosen = Math.min(Math.max(Math.min(view.chosen, last) + by, 0), last);
    return { ...view, chosen, scrolled: view.focused ? 0 : view.scrolled };
  };

const scroll =
  (by: number): Move =>
  (view, { holders }) => {
    const most = Math.max(0, holders.length - 1);
    return { ...view, scrolled: Math.min(Math.max(view.scrolled + by, 0), most) };
  };

/** By key; to add one: its row, and its word in the line of keys. */
const moves: Readonly<Record<string, Move>> = {
  s: (view) => {
    const next = (sortNames.indexOf(view.sort) + 1) % sortNames.length;
    return { ...view, sort: sortNames[next]!, chosen: 0 };
  },
  up: choose(-1),
  k: choose(-1),
  down: choose(1),
  j: choose(1),
  pageup: scroll(-PAGE),
  pagedown: scroll(PAGE),
  return: (view) => ({ ...view, focused: !view.focused, scrolled: 0 }),
  escape: (view) => ({ ...view, focused: false, filter: '', scrolled: 0 }),
};
