import type { Rng } from '../../../src/base/rng.ts';
import type { TriadMember } from '../../../src/domain/triad/member.ts';
import type { TriadWord } from '../../../src/domain/triad/word.ts';
import type { EventQueue } from './event-queue.ts';
import type { Machine } from './simulated-machine.ts';
import type { Weather } from './weather.ts';

const REDIAL_MS = 1_000;
/** The longest that a word is on its way once all is calm. */
export const SETTLED_DELAY_MS = 20;

/** What a member hears, at the time that its clock shows. */
export type Hear = (machine: Machine, input: (member: TriadMember, now: number) => void) => void;

/** What lies between the members of a simulated triad: words on it are lost, late, repeated and out of order. */
export class SimulatedLinks {
  /** From here on nothing is lost, and nothing late. */
  calm = false;
  readonly #queue: EventQueue;
  readonly #rng: Rng;
  readonly #weather: Weather;
  readonly #hear: Hear;
  readonly #cuts = new Set<string>();

  constructor(queue: EventQueue, rng: Rng, weather: Weather, hear: Hear) {
    this.#queue = queue;
    this.#rng = rng;
    this.#weather = weather;
    this.#hear = hear;
  }

  isCut(a: Machine, b: Machine): boolean {
    return this.#cuts.has(pairOf(a, b));
  }

  cut(a: Machine, b: Machine): void {
    this.#cuts.add(pairOf(a, b));
  }

  heal(): void {
    this.#cuts.clear();
  }

  /** How long the next word is on its way. */
  delay(): number {
    return this.#rng.below((this.calm ? SETTLED_DELAY_MS : this.#weather.delayMsMax) + 1);
  }

  /** A line to another member: it stands, or is refused, or nobody answers and it is tried again. */
  dial(from: Machine, to: Machine, life: number): void {
    if (from.life !== life || from.member === undefined) return;
    const boot = from.member.bootOf(to.index);
    const isCut = this.isCut(from, to);
    const isRefused = !isCut && to.member === undefined;
    this.#queue.in(this.delay(), () => {
      if (from.life !== life) return;
      if (!isCut && !isRefused) {
        this.#hear(from, (member, now) => member.connected(to.index, now));
        return;
      }
      if (isRefused) this.#hear(from, (member, now) => member.gone(to.index, boot, now));
      this.#queue.in(REDIAL_MS, () => this.dial(from, to, life));
    });
  }

  /** The line ends for `machine`; it tries another at once. */
  closed(machine: Machine, other: Machine): void {
    this.#hear(machine, (member, now) => member.closed(other.index, now));
    this.dial(machine, other, machine.life);
  }

  send(from: Machine, word: TriadWord, to: Machine): void {
    const { lossPercent, duplicatePercent } = this.#weather;
    if (this.isCut(from, to) || (!this.calm && this.#rng.chance(lossPercent, 100))) return;
    const copies = !this.calm && this.#rng.chance(duplicatePercent, 100) ? 2 : 1;
    for (let copy = 0; copy < copies; copy++) {
      const { life } = to;
      this.#queue.in(this.delay(), () => {
        if (to.life === life) this.#hear(to, (member, now) => member.receive(word, now));
      });
    }
  }
}

function pairOf(a: Machine, b: Machine): string {
  return [a.index, b.index].sort().join();
}
