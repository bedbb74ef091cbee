import { join } from 'node:path';
import type { EpochMs } from '../base/clock.ts';
import { FollowingClock } from './following-clock.ts';
import { ProcessServer } from './process-server.ts';
import { SocketStand, type StandOptions } from './socket-stand.ts';

/** Rounds of questions without anything new, after which nothing is on its way between the processes. */
const QUIET_ROUNDS = 2;
/** Rounds after which processes that are never quiet count as settled. */
const ROUNDS_MAX = 200;

/**
 * Servers as processes of their own, clients in this one. All clocks are moved in step: to the next moment at which
 * anything falls due anywhere, the servers first; then what follows from it happens, and then the next.
 */
export class ProcessStand extends SocketStand<ProcessServer> {
  readonly servers: readonly ProcessServer[];
  readonly #clock: FollowingClock;

  constructor({ servers, start, seed, tell }: StandOptions) {
    const clock = new FollowingClock(start);
    super(clock, tell, true);
    this.#clock = clock;
    this.servers = servers.map(
      (setup) =>
        new ProcessServer(setup, {
          now: () => clock.now(),
          folder: join(this.folder, setup.name),
          seed,
          onEvent: (server, { vendor, event }) => this.events.push({ server, vendor, event }),
        }),
    );
  }

  async moveTo(at: EpochMs): Promise<void> {
    await this.settled();
    for (let next = this.#nextMoment(); next < at; next = this.#nextMoment()) {
      await this.#stepTo(next);
    }
    await this.#stepTo(at);
  }

  #nextMoment(): EpochMs {
    const all = [this.#clock.next, ...this.servers.map(({ next }) => next)];
    const known = all.filter((at) => at !== undefined && at > this.now());
    return Math.min(Infinity, ...(known as number[]));
  }

  async #stepTo(at: EpochMs): Promise<void> {
    const before = this.#stirs;
    this.#clock.show(at);
    for (const server of this.servers) await server.follow(at);
    if (this.#stirs !== before) await this.settled();
    for (const _ of this.#clock.due()) await this.settled();
  }

  /** Everything that goes on changes it. */
  get #stirs(): number {
    const own = this.traffic.stirs + this.events.length;
    const up = this.servers.filter((server) => server.up);
    return up.reduce((sum, { stirs }) => sum + stirs, own + up.length);
  }

  /** First the servers settle, then clients that look for another try: a master that is to be is elected by then. */
  async settled(): Promise<void> {
    for (let rounds = 0; rounds < ROUNDS_MAX; ) {
      rounds += await this.#serversSettled(ROUNDS_MAX - rounds);
      const before = this.#stirs;
      await this.clients.retry();
      await this.traffic.settled();
      if (this.#stirs === before) return;
    }
  }

  /**
   * Asks every server in turn until nobody has anything new; gives how many rounds that took. What a client sent before
   * a question was there before it, and what a server sent before its answer is there when that is.
   */
  async #serversSettled(roundsMax: number): Promise<number> {
    let rounds = 0;
    for (let quiet = 0; rounds < roundsMax && quiet < QUIET_ROUNDS; rounds++) {
      const before = this.#stirs;
      for (const server of this.servers) await server.follow(this.now());
      await this.traffic.settled();
      quiet = this.#stirs === before ? quiet + 1 : 0;
    }
    return rounds;
  }
}
