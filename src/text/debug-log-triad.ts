/**
 * What lmgrd logs as a member of a triad. Source: License Administration Guide, "Informational Messages", and older
 * message tables. unverified: no raw log of a triad is public, so their punctuation is a guess.
 */
export const triadLines = {
  trying: (host: string) => `Trying connection to ${host}`,
  connected: (host: string) => `Connected to ${host}`,
  /** A quorum has agreed on a master. */
  master: (host: string) => `CONNECTED, master is ${host}`,
  /** There was one already when this member came. */
  existingMaster: (host: string) => `Selected (EXISTING) master ${host}`,
  lost: (host: string) => `Lost connection to ${host}`,
  quorumLost: 'Lost quorum',
  noMaster: "Couldn't find a master",
  /** The master itself, when it is ended. */
  masterDied: (signal: number) => `MASTER SERVER died due to signal ${signal}`,
  /** The files of two members have their SERVER lines in different orders. */
  orderMismatch: ['License File SERVER line order mismatch.', 'Using alphabetical order'],
  /** Before the vendor daemons of a master that is none any more are stopped. */
  clientsRemoved: 'Removing clients of children',
  childrenKilled: 'SIGCHLD received. Killing child servers',
  shutdownRequested: 'SERVER shutdown requested',
  /** A file for demonstrations has one server. */
  demo: 'DEMO mode supports only one SERVER host',
  notValid: (host: string) => `${host}: Not a valid server host, exiting`,
  /** Wording of ours: its SERVER lines name other hosts or ports. */
  otherMembers: (host: string) => `fauxlm: ${host} has other SERVER lines; it is no member of ours`,
} as const;
