import type { TriadWord } from '../../domain/triad/word.ts';
import type { PeerLineOptions } from './peer-line.ts';
import { PeerLine } from './peer-line.ts';
import type { MemberAddress } from './setting.ts';

/**
 * Before a line that could not be had is tried again, the last one from then on: a process that is being killed
 * may still take connections for a moment.
 */
const REDIAL_MS: readonly number[] = [50, 200, 1_000];

/** What happens on the line to `peer`. */
export interface PeerLinesEvents {
  trying(peer: number): void;
  connected(peer: number): void;
  closed(peer: number): void;
  /** Nobody listens there; `boot` is what was known of the peer when it was tried. */
  refused(peer: number, boot: number): void;
  /** After a few tries in a row, once. */
  failed(peer: number, why: string): void;
}

export interface PeerLinesOptions extends Omit<PeerLineOptions, 'address' | 'events'> {
  readonly addresses: ReadonlyMap<number, MemberAddress>;
  readonly bootOf: (peer: number) => number;
  /** A line that could not be had is tried again and again. Else only when the peer calls, or is healed. */
  readonly polls: boolean;
  readonly events: PeerLinesEvents;
}

interface Line {
  readonly line: PeerLine;
  /** Tries since it was last up. */
  tries: number;
  bootAtDial: number;
  cut: boolean;
  /** It ended while cut: in a network nobody would have heard. */
  endedUnheard: boolean;
  redial: ReturnType<typeof setTimeout> | undefined;
}

/** The lines of one member to the others, kept up: one that ends is tried anew at once, and then again and again. */
export class PeerLines {
  readonly #options: PeerLinesOptions;
  readonly #lines = new Map<number, Line>();
  #ended = false;

  constructor(options: PeerLinesOptions) {
    this.#options = options;
    for (const [peer, address] of options.addresses) {
      this.#lines.set(peer, {
        line: new PeerLine({ ...options, address, events: this.#eventsOf(peer) }),
        tries: 0,
        bootAtDial: 0,
        cut: false,
        endedUnheard: false,
        redial: undefined,
      });
    }
  }

  #eventsOf(peer: number): PeerLineOptions['events'] {
    const { events } = this.#options;
    return {
      connected: () => {
        this.#of(peer).tries = 0;
        events.connected(peer);
      },
      closed: () => {
        const line = this.#of(peer);
        if (line.cut) {
          line.endedUnheard = true;
          return;
        }
        events.closed(peer);
        this.dial(peer);
      },
      refused: () => {
        const { cut, bootAtDial } = this.#of(peer);
        if (!cut) events.refused(peer, bootAtDial);
        this.#redialLater(peer);
      },
      brokenOff: (why) => {
        if (this.#options.polls) this.#failed(peer, why);
        else this.#redialSoon(peer, why);
      },
      failed: (why) => this.#failed(peer, why),
    };
  }

  #failed(peer: number, why: string): void {
    if (this.#of(peer).tries === REDIAL_MS.length) this.#options.events.failed(peer, why);
    this.#redialLater(peer);
  }

  /**
   * On a clock that is moved a moment later on the machine's, before the clock goes on: a process that is being killed
   * is to be found gone at the moment at which it was, however long the system takes to end it.
   */
  #redialSoon(peer: number, why: string): void {
    const delayMs = REDIAL_MS[this.#of(peer).tries - 1];
    if (this.#ended || delayMs === undefined) return this.#failed(peer, why);
    const wait = new Promise<void>((done) => setTimeout(done, delayMs));
    void this.#options.traffic.during(wait).then(() => this.dial(peer));
  }

  #of(peer: number): Line {
    return this.#lines.get(peer)!;
  }

  dialAll(): void {
    for (const peer of this.#lines.keys()) this.dial(peer);
  }

  /** Tries to reach a peer, unless its line stands or is on its way. */
  dial(peer: number): void {
    const line = this.#of(peer);
    if (this.#ended || line.cut || !line.line.mayDial) return;
    clearTimeout(line.redial);
    if (line.tries === 0) this.#options.events.trying(peer);
    line.tries++;
    line.bootAtDial = this.#options.bootOf(peer);
    line.line.dial();
  }

  #redialLater(peer: number): void {
    if (this.#ended || !this.#options.polls) return;
    const line = this.#of(peer);
    clearTimeout(line.redial);
    const delayMs = REDIAL_MS[Math.min(line.tries, REDIAL_MS.length) - 1];
    line.redial = setTimeout(() => this.dial(peer), delayMs);
    line.redial.unref();
  }

  /** The line is of no use: another is tried. */
  redial(peer: number): void {
    this.#of(peer).line.close();
    this.dial(peer);
  }

  send(peer: number, word: TriadWord): void {
    const { cut, line } = this.#of(peer);
    if (!cut) line.send(word);
  }

  isCut(peer: number): boolean {
    return this.#of(peer).cut;
  }

  /** Nothing passes on the line any more, or again; what happened to it meanwhile is heard now. */
  cut(peer: number, isCut: boolean): void {
    const line = this.#of(peer);
    line.cut = isCut;
    if (isCut) return;
    if (line.endedUnheard) this.#options.events.closed(peer);
    line.endedUnheard = false;
    this.dial(peer);
  }

  /** What was said last is still sent. */
  close(): void {
    this.#end((line) => line.close());
  }

  crash(): void {
    this.#end((line) => line.crash());
  }

  #end(end: (line: PeerLine) => void): void {
    this.#ended = true;
    for (const { line, redial } of this.#lines.values()) {
      clearTimeout(redial);
      end(line);
    }
  }
}
