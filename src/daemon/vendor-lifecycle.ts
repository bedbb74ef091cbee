import type { Cancel, Clock } from '../base/clock.ts';
import { KnownError } from '../base/errors.ts';
import type { VendorEntry } from './catalog.ts';
import type { ManagerLog } from './manager-log.ts';
import type { Notice } from './server-config.ts';
import type { Traffic } from './traffic.ts';
import { Turns } from './turns.ts';
import type { VendorRunner } from './vendor-runner.ts';

/** Deaths and failed starts in a row; then it stays down. Unverified: real managers are said to give up at ten. */
const FAILURES_MAX = 10;
/** A daemon that lived this long is no longer in a row of deaths. */
const SETTLED_MS = 60_000;
/**
 * Before a daemon that did not start is tried again, doubled each time: ten tries take five minutes, about as long
 * as a taken port is tried. Source: LAG, "Managing license server port numbers".
 */
const RETRY_MS = 1_000;
const RETRY_MS_MAX = 64_000;

export interface LifecycleOptions {
  readonly clock: Clock;
  readonly log: ManagerLog;
  readonly notice: Notice;
  readonly traffic: Traffic;
  /** What log lines name for a daemon that shares the manager's port. */
  readonly managerPort: () => number;
}

/** The notice of a daemon that died and serves again. */
export const vendorRestarted = 'vendor daemon restarted';

/**
 * The life of one vendor daemon: started, restarted when it dies, reread, killed, stopped. One thing at a time, in
 * the order asked, so that there is never a second daemon of the vendor; only a stop wins over what was asked
 * before it and has not ended.
 */
export class VendorLifecycle {
  readonly runner: VendorRunner;
  readonly #options: LifecycleOptions;
  readonly #turns = new Turns();
  /** Aborted by a stop; what is asked afterwards belongs to the next. */
  #era = new AbortController();
  /** The era in which the daemon that runs, or ran last, was started. */
  #startedIn = this.#era.signal;
  #failures = 0;
  /** Before the next try, if it should not start now. */
  #waitMs = RETRY_MS;
  #restarts = 0;
  /** Never, while it does not serve. */
  #servesSince = Number.POSITIVE_INFINITY;
  #retry: Cancel | undefined;
  /** How many want it down: faults. */
  #holds = 0;

  constructor(runner: VendorRunner, options: LifecycleOptions) {
    this.runner = runner;
    this.#options = options;
    runner.onExit((signal) => this.#exited(signal));
  }

  /** Starts it unless it is up. @throws KnownError when it cannot start, or dies each time before it serves */
  start(): Promise<void> {
    return this.#inTurn((era) => this.#launch(era));
  }

  /**
   * Puts changed files in force; a daemon that is down is started. Source: LAG, "lmreread".
   * @throws KnownError when it cannot take them or cannot start, or is stopped meanwhile
   */
  reread(entry: VendorEntry): Promise<void> {
    return this.#inTurn(async (era) => {
      await this.runner.reread(entry, era);
      if (era.aborted) {
        const text = `${this.runner.name}: expected a vendor daemon that goes on, got one that is stopped`;
        throw new KnownError('ADMIN_REFUSED', text);
      }
      try {
        await this.#launch(era);
      } catch (error) {
        this.#didNotStart(error);
        throw error;
      }
    });
  }

  /** As `start`; when it cannot, it is tried again after a while. */
  keepUp(): Promise<void> {
    return this.#inTurn(async (era) => {
      try {
        await this.#launch(era);
      } catch (error) {
        this.#didNotStart(error);
      }
    });
  }

  /** Puts changed files in force for the next start, without one. */
  prepare(entry: VendorEntry): Promise<void> {
    return this.#inTurn((era) => this.runner.reread(entry, era));
  }

  /** Ends it as kill -9 does; then it is restarted. Nothing, when it is down. */
  kill(): Promise<void> {
    return this.#inTurn(async (era) => {
      if (this.runner.up && !era.aborted) await this.runner.kill();
    });
  }

  /** Ends it as `kill` does, and keeps it down until `letUp`, whoever starts or rereads it. */
  holdDown(): Promise<void> {
    this.#holds++;
    return this.kill();
  }

  /** Nobody of those who held it down does so any more: it is started. Harmless when nobody did. */
  letUp(): Promise<void> {
    this.#holds = Math.max(0, this.#holds - 1);
    return this.#inTurn(async (era) => {
      this.#failures = 0;
      if (!this.runner.up) await this.#restart(era);
    });
  }

  /** Resolves when all that was asked is done. */
  settled(): Promise<void> {
    return this.#turns.take(async () => {});
  }

  /** Orderly end. What was asked before and has not begun is not done; a start under way is broken off. */
  stop(signal: number): Promise<void> {
    this.#era.abort();
    this.#era = new AbortController();
    this.#retry?.();
    return this.#inTurn(async () => {
      this.#failures = 0;
      this.#restarts = 0;
      const { name, pid, up } = this.runner;
      if (!up) return;
      this.#options.log.shuttingDown(name, pid, signal);
      await this.runner.stop(signal);
      this.#options.log.vendorStopped(name);
    });
  }

  /** Ends it as kill -9 does, together with who would restart it. */
  crash(): Promise<void> {
    this.#era.abort();
    this.#era = new AbortController();
    this.#retry?.();
    return this.#inTurn(() => this.runner.kill());
  }

  /** Its seats come back and its clients are cut off, if it is up; `begin` follows. */
  clear(): Promise<void> {
    return this.#inTurn(async () => {
      this.#failures = 0;
      this.#waitMs = RETRY_MS;
      this.#restarts = 0;
      this.#retry?.();
      await this.runner.clear();
    });
  }

  /** As after a start, which it gets if it is down. @throws KnownError when it cannot start */
  begin(): Promise<void> {
    return this.#inTurn(async (era) => {
      if (this.runner.up) await this.runner.begin();
      else await this.#launch(era);
    });
  }

  #inTurn(step: (era: AbortSignal) => Promise<void>): Promise<void> {
    const era = this.#era.signal;
    return this.#options.traffic.during(this.#turns.take(() => step(era)));
  }

  /** Until it serves; one that dies before that is started anew. */
  async #launch(era: AbortSignal): Promise<void> {
    const { runner } = this;
    while (!runner.up && !era.aborted && this.#holds === 0) {
      this.#retry?.();
      this.#startedIn = era;
      const restarts = this.#restarts;
      const listening = (port: number, pid: number) => this.#listening(restarts, port, pid);
      const outcome = await runner.start({ restarts, listening, aborted: era });
      if (outcome.kind === 'serving') return this.#serving(restarts);
      if (era.aborted) return;
      this.#died(outcome.signal);
      if (this.#failures > FAILURES_MAX) {
        const text = `${runner.name}: expected a vendor daemon that serves, got one that dies at each start`;
        throw new KnownError('NET_UNREACHABLE', text);
      }
    }
  }

  #listening(restarts: number, port: number, pid: number): void {
    const { log, managerPort } = this.#options;
    const { name, fixedPort } = this.runner;
    if (restarts > 0) log.vendorRestarted(name, port || managerPort(), pid);
    else log.vendorStarted(name, port || managerPort(), fixedPort, pid);
  }

  #serving(restarts: number): void {
    this.#servesSince = this.#options.clock.now();
    this.#waitMs = RETRY_MS;
    if (restarts === 0) return;
    const { name: vendor, port, pid } = this.runner;
    this.#options.notice(vendorRestarted, { vendor, port, pid, restarts }, 'info');
  }

  #exited(signal: number): void {
    // It was to stop anyway.
    if (this.#startedIn.aborted) return;
    this.#died(signal);
    void this.#inTurn((era) => this.#restart(era));
  }

  #died(signal: number): void {
    const { name: vendor } = this.runner;
    this.#options.log.vendorDied(vendor, signal);
    this.#options.notice('vendor daemon died', { vendor, signal });
    const settled = this.#options.clock.now() - this.#servesSince > SETTLED_MS;
    this.#servesSince = Number.POSITIVE_INFINITY;
    this.#failures = settled ? 1 : this.#failures + 1;
    this.#restarts++;
  }

  async #restart(era: AbortSignal): Promise<void> {
    if (era.aborted) return;
    if (this.#failures > FAILURES_MAX) return this.#giveUp();
    try {
      await this.#launch(era);
    } catch (error) {
      this.#didNotStart(error);
    }
  }

  /** It is down now; clients hear -97 until one of the next tries succeeds. */
  #didNotStart(error: unknown): void {
    const { clock, notice } = this.#options;
    this.#failures++;
    notice('vendor daemon does not start', { vendor: this.runner.name, error });
    if (this.#failures > FAILURES_MAX) return this.#giveUp();
    this.#retry?.();
    this.#retry = clock.schedule(clock.now() + this.#waitMs, () => {
      void this.#inTurn((era) => this.#restart(era));
    });
    this.#waitMs = Math.min(2 * this.#waitMs, RETRY_MS_MAX);
  }

  #giveUp(): void {
    this.#options.log.vendorGivenUp(this.runner.name);
    this.#options.notice('vendor daemon stays down until lmreread', { vendor: this.runner.name });
    this.#failures = 0;
    this.#waitMs = RETRY_MS;
    this.#restarts = 0;
  }
}
