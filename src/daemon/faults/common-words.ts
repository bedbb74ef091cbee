import { chance, choice, choices, count, duration, moment, name, names } from './words.ts';

/** What a client can ask for: the moments at which a fault may act. `connect` comes before anything is said. */
export const callKinds = [
  'connect',
  'hello',
  'identify',
  'checkout',
  'checkin',
  'heartbeat',
  'borrow',
  'status',
  'query',
  'admin',
  'notice',
] as const;
export type CallKind = (typeof callKinds)[number];

/** Whom and what a fault is about. Absent words mean everybody and everything. */
export const scopeWords = {
  server: choice('the license manager, or the vendor daemons', ['manager', 'vendor']),
  vendor: names('vendor daemons'),
  user: names('users'),
  host: names('hosts of clients'),
  feature: names('features that are asked about'),
  on: choices('what is asked: the calls', callKinds),
} as const;

/** Which of the calls in its scope a fault acts on. */
export const triggerWords = {
  probability: chance('one in so many, by the seed of the server'),
  nth: count('only that one of them'),
  first: count('only the first so many'),
} as const;

/** When it is in force, on the clock of the server. */
export const windowWords = {
  after: duration('from then on'),
  for: duration('for so long'),
  until: moment('until then'),
} as const;

/** Words of every fault. */
export const everyWords = {
  id: name('what it is called when it is listed and cleared [f1, f2 ...]'),
} as const;

export const commonWords = {
  ...scopeWords,
  ...triggerWords,
  ...windowWords,
  ...everyWords,
} as const;
export type CommonWord = keyof typeof commonWords;

const window = ['after', 'for', 'until'] as const;
const triggers = ['probability', 'nth', 'first'] as const;

/** Which common words a row takes, by what it acts on. */
export const takes = {
  /** On single calls of single clients. */
  calls: ['server', 'vendor', 'user', 'host', 'feature', 'on', ...triggers, ...window],
  /** On clients as they are sent to a vendor daemon. */
  redirects: ['vendor', 'user', 'host', ...triggers, ...window],
  /** On checkouts. */
  checkouts: ['vendor', 'user', 'host', 'feature', ...triggers, ...window],
  /** On connections before anything is said. */
  connections: ['server', 'vendor', ...triggers, ...window],
  /** On ports. */
  ports: ['server', 'vendor', ...window],
  /** On vendor daemons. */
  daemons: ['vendor', ...window],
  /** On the whole server. */
  server: window,
} as const satisfies Record<string, readonly CommonWord[]>;
