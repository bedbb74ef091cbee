/** How a server stands at one moment: what `fauxlm top` shows of it, by whichever way it was asked. */
export interface Watched {
  /** Who was asked. */
  readonly source: string;
  /** The time there, else here: milliseconds since 1970. */
  readonly at: number;
  readonly hosts: readonly WatchedHost[];
  readonly vendors: readonly { readonly name: string; readonly up: boolean }[];
  readonly features: readonly WatchedFeature[];
  /** Who holds seats, and who waits for some, HOLDERS_MAX of them at most. */
  readonly holders: readonly Holder[];
  /** All there are. */
  readonly holderCount: number;
  /** The latest, oldest first; undefined where the way of asking does not tell. */
  readonly denials?: readonly WatchedDenial[];
}

export interface WatchedHost {
  readonly name: string;
  readonly state: 'master' | 'up' | 'down';
}

/** used + reserved + free = seats, unless more are out than there are. */
export interface WatchedFeature {
  readonly vendor: string;
  readonly name: string;
  /** Seats there are; undefined: as many as anybody wants. */
  readonly seats: number | undefined;
  /** Seats out, borrowed ones included. */
  readonly used: number;
  readonly borrowed: number;
  /** Seats reserved that nobody uses. */
  readonly reserved: number;
  readonly free: number;
  /** Requests that wait. */
  readonly queued: number;
}

export interface Holder {
  readonly vendor: string;
  readonly feature: string;
  readonly user: string;
  readonly host: string;
  readonly count: number;
  /** Milliseconds since 1970; undefined where it is not told. */
  readonly since: number | undefined;
  readonly state: 'out' | 'borrowed' | 'lingers' | 'waits';
}

export interface WatchedDenial {
  readonly at: number;
  readonly user: string;
  readonly host: string;
  readonly feature: string;
  readonly code: string;
}

/** Kept of all holders: more than anybody scrolls through. */
export const HOLDERS_MAX = 10_000;
/** Kept of all denials. */
export const DENIALS_MAX = 100;
/** Kept of all features. */
export const FEATURES_MAX = 10_000;

/** Somebody who can be asked again and again; fails as a client or a control plane does. */
export interface Watch {
  read(): Promise<Watched>;
}
