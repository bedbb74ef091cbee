import { parseLmstat } from '../text/lmstat-parser/parse-lmstat.ts';
import { runLmutil } from './lmutil-call.ts';
import type { ServerSetup } from './setup.ts';
import { SocketServer } from './socket-server.ts';
import type { StandFault, StandFeature } from './stand.ts';
import type { StepRefused } from './step-row.ts';

/** A license server elsewhere, which serves what it serves: what it is asked over the network is all there is. */
export class TargetServer extends SocketServer {
  readonly up = true;
  readonly vendorPorts = [];
  readonly #target: string;

  constructor(setup: ServerSetup, folder: string, target: string) {
    super(setup, folder);
    this.#target = target;
    this.port = Number(/^(\d+)@/.exec(target)?.[1] ?? 0);
  }

  override get address(): string {
    return this.#target;
  }

  override async start(): Promise<void> {}

  protected async launch(): Promise<void> {}

  async stop(): Promise<void> {}

  async kill(): Promise<void> {
    throw this.#elsewhere();
  }

  async killDaemon(): Promise<void> {
    throw this.#elsewhere();
  }

  async reread(): Promise<void> {
    throw this.#elsewhere();
  }

  async arm(): Promise<void> {
    throw this.#elsewhere();
  }

  async faults(): Promise<readonly StandFault[]> {
    return [];
  }

  protected async clear(): Promise<void> {}

  async silence(): Promise<number> {
    throw this.#elsewhere();
  }

  /** As its lmstat tells. */
  async features(): Promise<readonly StandFeature[]> {
    const { out } = await runLmutil(['lmstat', '-a', '-c', this.#target], {
      now: () => Date.now(),
      env: {},
      as: { user: 'admin', host: 'desk' },
    });
    const vendors = parseLmstat(out).servers.flatMap((server) => server.vendors);
    return vendors.flatMap(({ features }) =>
      features.map((feature) => ({
        name: feature.name,
        used: feature.kind === 'counted' ? feature.used : 0,
        waiting: feature.pools.reduce((sum, { queued }) => sum + queued.length, 0),
        reserved: 0,
        pools: [],
      })),
    );
  }

  protected async flushed(): Promise<void> {
    throw this.#elsewhere();
  }

  #elsewhere(): StepRefused {
    return this.refused('a server of the scenario', 'one elsewhere (--target)');
  }
}
