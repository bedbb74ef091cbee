/** What a load run counts, each with its words. Sessions first: each ends in exactly one of the ways behind it. */
export const counterWords = {
  arrivals: 'sessions that were to begin',
  granted: 'sessions that got all they asked for',
  denied: 'sessions that were denied and gave up',
  failed: 'sessions that no vendor daemon decided: the network, a server that is down',
  abandoned: 'sessions that left the queue',
  dropped: 'sessions not begun because too many were in progress',
  skipped: 'sessions not begun because the run ended before',
  late: 'sessions begun too late by the generator',
  released: 'granted sessions that gave back what they had, or lost it',
  cut: 'sessions that were in progress at the end of the run',
  asked: 'checkouts asked for, retries included',
  grants: 'checkouts granted',
  denials: 'checkouts denied',
  errors: 'checkouts without an answer of a vendor daemon',
  queued: 'checkouts that waited in a queue',
  left: 'checkouts that left the queue',
  checkins: 'grants checked in',
  deaths: 'grants that ended with their connection, as planned',
  losses: 'grants that the server or the network took away',
  regained: 'grants taken again after a loss',
  connects: 'connections made',
  connectErrors: 'connections that failed',
  drops: 'connections lost',
  churned: 'connections that came and went',
  polls: 'questions about the status',
  pollErrors: 'questions about the status without a good answer',
} as const;

export type Counter = keyof typeof counterWords;
export type Counters = Record<Counter, number>;

/** In the order in which they are told. */
export const counterNames = Object.keys(counterWords) as readonly Counter[];

/** All zero. */
export function noCounts(): Counters {
  return Object.fromEntries(counterNames.map((name) => [name, 0])) as Counters;
}

/** What a load run times, each with its words. */
export const timingWords = {
  response: 'checkout, from when it was to be asked for',
  service: 'checkout, from when it was asked for',
  acquire: 'session, from its planned begin until it had everything, retries and queue included',
  queue: 'wait in the queue of who got a license',
  checkin: 'check-in',
  connect: 'connection, hello, redirect and identification',
  poll: 'status',
  start: 'begin of a session behind its plan: the generator itself',
} as const;

export type Timing = keyof typeof timingWords;

/** In the order in which they are told. */
export const timingNames = Object.keys(timingWords) as readonly Timing[];

/** Where grants end; together they are as many as the grants. */
export function releasesOf({ checkins, deaths, losses }: Counters): number {
  return checkins + deaths + losses;
}
