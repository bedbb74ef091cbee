import type { Counter } from '../report/counters.ts';
import type { Emitter } from './artillery-contract.ts';
import type { Answer } from './virtual-user.ts';

/** Counts that thresholds may ask for even if nothing of the kind happened. */
const always: readonly Counter[] = ['asked', 'grants', 'denials', 'errors', 'losses', 'denied'];

/** What virtual users count and time, in the words of `fauxlm load` behind `fauxlm.`. */
export class Metrics {
  readonly #emitter: Emitter;

  constructor(emitter: Emitter) {
    this.#emitter = emitter;
  }

  /** A virtual user begins. */
  started(): void {
    this.#emitter.emit('started');
    for (const name of always) this.count(name, 0);
  }

  count(name: Counter | `${Counter}.${number}`, more = 1): void {
    this.#emitter.emit('counter', `fauxlm.${name}`, more);
  }

  time(name: 'checkout' | 'connect' | 'checkin' | 'queue' | 'poll', ms: number): void {
    this.#emitter.emit('histogram', `fauxlm.${name}`, ms);
  }

  /** A checkout has its reply. */
  replied(reply: Answer): void {
    this.count('asked');
    switch (reply.kind) {
      case 'granted':
        return this.count('grants');
      case 'left':
        return this.count('left');
      case 'denied':
        this.count('denials');
        return this.count(`denials.${reply.code}`);
      case 'failed':
        this.count('errors');
        return this.count(`errors.${reply.code}`);
    }
  }

  /** Artillery's own count of errors, by its words. */
  failed(error: Error): void {
    this.#emitter.emit('error', error.message);
  }
}
