import { join } from 'node:path';
import { systemClock } from '../base/clock.ts';
import { SocketStand, type StandOptions } from './socket-stand.ts';
import { StepRefused } from './step-row.ts';
import { TargetServer } from './target-server.ts';

/** Clients in this process, on the machine's clock, of a server elsewhere. */
export class TargetStand extends SocketStand<TargetServer> {
  readonly servers: readonly TargetServer[];

  constructor({ servers, tell, target = '' }: StandOptions) {
    super(systemClock, tell);
    this.servers = servers.map(
      (setup) => new TargetServer(setup, join(this.folder, setup.name), target),
    );
  }

  async moveTo(): Promise<void> {
    throw new StepRefused('a clock that can be moved', 'the one of a server elsewhere (--target)');
  }

  /** Whoever reads why a server elsewhere refused, or does not answer, must read its own address. */
  protected override explained(line: string): string {
    return line;
  }

  /** Of a server elsewhere nobody can know; clients here have heard what had come. */
  settled(): Promise<void> {
    return this.traffic.settled();
  }
}
