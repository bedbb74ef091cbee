import type { EpochMs } from '../../base/clock.ts';
import type { TriadTiming } from './timing.ts';
import type { TriadWord } from './word.ts';

/** Former lives of a peer that are remembered: words of theirs may still be on their way. */
const FORMER_MAX = 64;
/** Words that asked for a peer's vote and may still be answered. */
const ASKS_MAX = 32;

const never = Number.NEGATIVE_INFINITY;
const always = Number.POSITIVE_INFINITY;

export interface PeerRules {
  readonly timing: TriadTiming;
  /** Whoever is connected counts as heard at every moment. */
  readonly assumesHeartbeats: boolean;
}

/** What a member knows of one of the other two. */
export class PeerView {
  readonly index: number;
  readonly #rules: PeerRules;
  /** Our line to it stands. */
  linked = false;
  /** Nothing passes between us, as a fault has it, and nobody is told. */
  cut = false;
  /** Of its present life; 0 while none is known. */
  boot = 0;
  #heardAt: EpochMs = never;
  /** When it last said that it hears us, or when our line to it came about. */
  #heardUsAt: EpochMs = never;
  #hearsUs = false;
  /** It counts on no vote of an earlier life of ours: it knows the present one, or has not run all the while. */
  knowsUs = false;
  /** Who serves, by its own word. */
  master: number | undefined;
  /** It has been heard and heard us in our life. */
  met = false;
  /** Until when its vote is ours; undefined: it is not. */
  #voteUntil: EpochMs | undefined;
  /** What we told it last, but for numbers. */
  told = '';
  #number = 0;
  readonly #former: number[] = [];
  readonly #asks: { readonly number: number; readonly at: EpochMs }[] = [];

  constructor(index: number, rules: PeerRules) {
    this.index = index;
    this.#rules = rules;
  }

  get isHeard(): boolean {
    return this.linked && this.#heardAt > never;
  }

  /** We hear it and it hears us. */
  get isUp(): boolean {
    return this.isHeard && this.#hearsUs;
  }

  /** It counts as alive whatever time passes. */
  get isAssumed(): boolean {
    return this.#rules.assumesHeartbeats && this.linked && !this.cut;
  }

  /** When it counts as lost: it is not heard, or does not hear us. Never while our line is down anyway. */
  get silentAt(): EpochMs {
    if (!this.linked || this.isAssumed) return always;
    const since =
      this.#heardAt > never ? Math.min(this.#heardAt, this.#heardUsAt) : this.#heardUsAt;
    return since + this.#rules.timing.timeoutMs;
  }

  /** Until when we may count on its vote; long ago if we may not. */
  get voteEnds(): EpochMs {
    if (this.#voteUntil === undefined) return never;
    return this.isAssumed ? always : this.#voteUntil;
  }

  /** Our line to it stands; what was heard of it long ago counts no more. */
  link(now: EpochMs): void {
    this.linked = true;
    this.#heardUsAt = now;
    if (this.#heardAt + this.#rules.timing.timeoutMs <= now) this.#heardAt = never;
    this.told = '';
  }

  unlink(): void {
    this.linked = false;
    this.#hearsUs = false;
    this.#heardAt = never;
  }

  /** From here on time runs for what was assumed so far. */
  fix(now: EpochMs): void {
    if (!this.isAssumed) return;
    if (this.#heardAt > never) this.#heardAt = now;
    this.#heardUsAt = now;
    if (this.#voteUntil === undefined) return;
    this.#voteUntil = Math.max(this.#voteUntil, now + this.#rules.timing.tenureMs);
  }

  /**
   * Whether a word is news: not of a life that is over, nor older than one that came before it. Of another life than
   * the one that is heard nobody can tell whether it is the next, or one before whose word comes late: silence will.
   */
  isNews({ boot, number }: TriadWord): boolean {
    if (boot === this.boot) return number > this.#number;
    return !this.isHeard && !this.#former.includes(boot);
  }

  /** The life that we knew has ended for certain. */
  end(): void {
    if (this.boot !== 0) this.#former.push(this.boot);
    if (this.#former.length > FORMER_MAX) this.#former.shift();
    this.forget();
  }

  /** What we know of it counts no more; yet the life that we knew may still run, and count on our vote. */
  forget(): void {
    this.boot = 0;
    this.#number = 0;
    this.#heardAt = never;
    this.#hearsUs = false;
    this.master = undefined;
    this.forgetVote();
  }

  hear({ boot, number, toBoot, hears, master }: TriadWord, ownBoot: number, now: EpochMs): void {
    this.boot = boot;
    this.#number = number;
    this.#heardAt = now;
    this.#hearsUs = hears && toBoot === ownBoot;
    if (this.#hearsUs) {
      this.#heardUsAt = now;
      this.met = true;
    }
    this.knowsUs ||= toBoot === ownBoot;
    this.master = master;
  }

  /** Our word `number` asks for its vote. */
  asked(number: number, at: EpochMs): void {
    this.#asks.push({ number, at });
    if (this.#asks.length > ASKS_MAX) this.#asks.shift();
  }

  /** Its vote is ours, as of our word `number`. */
  voted(number: number): void {
    const ask = this.#asks.find((each) => each.number === number);
    if (ask === undefined) return;
    this.#voteUntil = Math.max(this.#voteUntil ?? never, ask.at + this.#rules.timing.tenureMs);
  }

  /** What was asked before is answered too late. */
  forgetVote(): void {
    this.#voteUntil = undefined;
    this.#asks.length = 0;
  }
}
