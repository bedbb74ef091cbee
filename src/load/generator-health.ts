import { type IntervalHistogram, monitorEventLoopDelay, performance } from 'node:perf_hooks';
import type { Health } from '../report/bundle.ts';
import { rounded } from '../report/rounding.ts';

/** The sampling of the lag itself takes a timer each time. */
const RESOLUTION_MS = 10;

/** Watches how the generator's own event loop and processor fare. */
export class HealthWatch {
  readonly #delay: IntervalHistogram = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  #cpu = process.cpuUsage();
  #use = performance.eventLoopUtilization();
  #since = performance.now();

  start(): void {
    this.#delay.enable();
    this.#delay.reset();
    this.#cpu = process.cpuUsage();
    this.#use = performance.eventLoopUtilization();
    this.#since = performance.now();
  }

  /** So far. */
  read(): Health {
    const { user, system } = process.cpuUsage(this.#cpu);
    const tookMs = Math.max(performance.now() - this.#since, 1);
    const use = performance.eventLoopUtilization(this.#use).utilization;
    return {
      lagP50Ms: this.#lag(50),
      lagP99Ms: this.#lag(99),
      lagMaxMs: this.#lag(100),
      loopUse: rounded(use),
      cpu: rounded((user + system) / 1000 / tookMs),
    };
  }

  stop(): void {
    this.#delay.disable();
  }

  /** The sampler's own interval is not lag. */
  #lag(percentile: number): number {
    const ms = this.#delay.percentile(percentile) / 1e6 - RESOLUTION_MS;
    return Number.isFinite(ms) && this.#delay.count > 0 ? rounded(Math.max(ms, 0)) : 0;
  }
}
