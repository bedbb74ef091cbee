import { join } from 'node:path';
import { type EpochMs, ManualClock } from '../base/clock.ts';
import { InProcessServer } from './in-process-server.ts';
import { SocketStand, type StandOptions } from './socket-stand.ts';

/** Servers and clients in this process, on one clock that is moved by hand, with real sockets between them. */
export class InProcessStand extends SocketStand<InProcessServer> {
  readonly servers: readonly InProcessServer[];
  readonly #clock: ManualClock;

  constructor({ servers, start, seed, tell }: StandOptions) {
    const clock = new ManualClock(start);
    super(clock, tell);
    this.#clock = clock;
    this.servers = servers.map(
      (setup) =>
        new InProcessServer(setup, {
          clock,
          traffic: this.traffic,
          folder: join(this.folder, setup.name),
          seed,
          onEvent: (server, { vendor, event }) => this.events.push({ server, vendor, event }),
        }),
    );
  }

  async moveTo(at: EpochMs): Promise<void> {
    const server = this.servers.find(({ up }) => up)?.server;
    if (server) await server.clock.set(at);
    else {
      for (const _ of this.#clock.moments(at)) await this.traffic.settled();
    }
    await this.settled();
  }

  settled(): Promise<void> {
    return this.traffic.settled();
  }
}
