import type { EpochMs } from '../../base/clock.ts';
import type { TriadWord } from './word.ts';

/** Former lives of a peer that are remembered: words of theirs may still be on their way. */
const FORMER_MAX = 64;
/** Words that asked for a peer's vote and may still be answered. */
const ASKS_MAX = 32;

const never = Number.NEGATIVE_INFINITY;

/** What a member knows of one of the other two. */
export class PeerView {
  readonly index: number;
  /** Our line to it stands. */
  linked = false;
  /** Nothing passes between us, as a fault has it, and nobody is told. */
  cut = false;
  /** Of its present life; 0 while none is known. */
  boot = 0;
  heardAt: EpochMs = never;
  /** When it last said that it hears us, or when our line to it came about. */
  heardUsAt: EpochMs = never;
  hearsUs = false;
  /** It knows our present life: it counts on no vote of an earlier one. Or it is known not to live. */
  knowsUs = false;
  master: number | undefined;
  /** It has been heard and heard us in our life. */
  met = false;
  /** Until when its vote is ours; undefined: it is not. */
  voteUntil: EpochMs | undefined;
  /** What we told it last, but for numbers. */
  told = '';
  #number = 0;
  readonly #former: number[] = [];
  readonly #asks: { readonly number: number; readonly at: EpochMs }[] = [];

  constructor(index: number) {
    this.index = index;
  }

  /** Whether a word is news: not of an earlier life, nor older than one that came before it. */
  isNews({ boot, number }: TriadWord): boolean {
    if (boot === this.boot) return number > this.#number;
    return !this.#former.includes(boot);
  }

  /** Our line to it stands; what was heard of it long ago counts no more. */
  linkedNow(now: EpochMs, timeoutMs: number): void {
    this.linked = true;
    this.heardUsAt = now;
    if (this.heardAt + timeoutMs <= now) this.heardAt = never;
    this.told = '';
  }

  unlinked(): void {
    this.linked = false;
    this.hearsUs = false;
    this.heardAt = never;
  }

  /** Its life `boot` has ended. */
  ended(): void {
    if (this.boot !== 0) this.#former.push(this.boot);
    if (this.#former.length > FORMER_MAX) this.#former.shift();
    this.boot = 0;
    this.#number = 0;
    this.heardAt = never;
    this.hearsUs = false;
    this.master = undefined;
    this.forgetVote();
  }

  heard({ boot, number, toBoot, hears, master }: TriadWord, ownBoot: number, now: EpochMs): void {
    this.boot = boot;
    this.#number = number;
    this.heardAt = now;
    this.hearsUs = hears && toBoot === ownBoot;
    if (this.hearsUs) {
      this.heardUsAt = now;
      this.met = true;
    }
    this.knowsUs ||= toBoot === ownBoot;
    this.master = master;
  }

  asked(number: number, at: EpochMs): void {
    this.#asks.push({ number, at });
    if (this.#asks.length > ASKS_MAX) this.#asks.shift();
  }

  /** Its vote is ours, as of our word `number`. */
  voted(number: number, tenureMs: number): void {
    const ask = this.#asks.find((each) => each.number === number);
    if (ask === undefined) return;
    this.voteUntil = Math.max(this.voteUntil ?? never, ask.at + tenureMs);
  }

  /** What was asked before is answered too late. */
  forgetVote(): void {
    this.voteUntil = undefined;
    this.#asks.length = 0;
  }
}
