import type { TriadWord } from './word.ts';

/** What becomes known to people: lines of the debug log. */
export type TriadNews =
  | { readonly kind: 'connected' | 'lost'; readonly peer: number }
  /** `existing`: it served before this member came. */
  | { readonly kind: 'master'; readonly member: number; readonly existing: boolean }
  | { readonly kind: 'quorumLost' }
  | { readonly kind: 'noMaster' };

/** What a member wants done, in order. */
export type TriadEffect =
  | { readonly kind: 'send'; readonly to: number; readonly word: TriadWord }
  /** It is the master now: its vendor daemons serve. */
  | { readonly kind: 'startDaemons' }
  /** It is not any more, or is about to hand over: then `daemonsDown` is to be told. */
  | { readonly kind: 'stopDaemons' }
  /** The line to a peer is of no use: another is to be tried. */
  | { readonly kind: 'redial'; readonly peer: number }
  | { readonly kind: 'news'; readonly news: TriadNews };
