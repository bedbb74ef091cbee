/**
 * What one member of a triad tells another, again and again: how it stands, whole, so that a word that is lost,
 * late or repeated does no harm. Members are numbered as `memberKeys` orders them.
 */
export interface TriadWord {
  readonly from: number;
  /** Chosen anew at each start of a member, never 0: what was said to or by an earlier life counts no more. */
  readonly boot: number;
  /** The boot of the receiver, as far as the sender has heard; 0: it has not. */
  readonly toBoot: number;
  /** Counts the words of the sender, from 1. */
  readonly number: number;
  /** The sender has heard the receiver of late. */
  readonly hears: boolean;
  /** The sender serves or wants to: only then does it count on votes it was given. */
  readonly stands: boolean;
  /** It asks for the receiver's vote, under this word's number. */
  readonly asks: boolean;
  /** The number of the receiver's latest word that asked and has the sender's vote; 0: it has it not. */
  readonly answers: number;
  /** Who serves: the sender, or a member that told the sender so itself. */
  readonly master: number | undefined;
}
