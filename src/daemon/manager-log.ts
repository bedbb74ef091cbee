import { hostname } from 'node:os';
import type { Cancel, Clock } from '../base/clock.ts';
import type { Release } from '../text/banner.ts';
import { timestampLine } from '../text/debug-log.ts';
import {
  daemonStoppedLines,
  exitingLine,
  rereadTexts,
  resetTexts,
  shutdownRequestedLines,
  shuttingDownLine,
} from '../text/debug-log-admin.ts';
import { daemonDiedLines, daemonRestartedLine } from '../text/debug-log-faults.ts';
import { daemonLaunchLines, daemonPortLine, lmgrdStartLines } from '../text/debug-log-start.ts';
import type { DaemonLog } from './daemon-log.ts';

/** lmgrd stamps the date every 360 minutes from its start. Source: public logs; old option -s. */
const TIMESTAMP_EVERY_MS = 360 * 60_000;

/** The license manager's part of the debug log. */
export class ManagerLog {
  readonly #log: DaemonLog;
  readonly #clock: Clock;
  #timestamp: Cancel | undefined;

  constructor(log: DaemonLog, clock: Clock) {
    this.#log = log;
    this.#clock = clock;
  }

  /** For lines of other parts of the manager. */
  get lines(): DaemonLog {
    return this.#log;
  }

  started(start: {
    readonly port: number;
    readonly release: Release;
    readonly licenseFiles: readonly string[];
    readonly commandLine: readonly string[];
    readonly triad: boolean;
    readonly localOnly: boolean;
  }): void {
    const startedAt = this.#clock.now();
    this.#log.lines(
      lmgrdStartLines({
        ...start,
        startedAt,
        pid: process.pid,
        host: hostname(),
        platform: 'linux',
        service: false,
      }),
    );
    this.#stampLater(startedAt + TIMESTAMP_EVERY_MS);
  }

  #stampLater(at: number): void {
    this.#timestamp = this.#clock.schedule(at, () => {
      this.#log.line(timestampLine(this.#clock.now()));
      this.#stampLater(at + TIMESTAMP_EVERY_MS);
    });
  }

  vendorStarted(vendor: string, port: number, fixedPort: boolean, pid: number): void {
    this.#log.lines(daemonLaunchLines({ vendor, port, fixedPort, pid, platform: 'linux' }));
    this.#log.line(daemonPortLine(vendor, port));
  }

  vendorDied(vendor: string, signal: number): void {
    this.#log.lines(daemonDiedLines(vendor, signal));
  }

  vendorRestarted(vendor: string, port: number, pid: number): void {
    this.#log.line(daemonRestartedLine({ vendor, port, pid }));
    this.#log.line(daemonPortLine(vendor, port));
  }

  /** After too many crashes in a row the daemon stays down. Wording of ours. */
  vendorGivenUp(vendor: string): void {
    this.#log.line(`${vendor} died too often in a row; it stays down until lmreread`);
  }

  rereadRequested(user: string, host: string): void {
    this.#log.line(rereadTexts.requested(user, host));
  }

  rereadDone(): void {
    this.#log.lines(rereadTexts.lmgrdDone);
  }

  rereadFailed(reason: string): void {
    this.#log.line(`fauxlm: reread failed, the license files in force stay so: ${reason}`);
  }

  resetRequested(): void {
    this.#log.line(resetTexts.requested);
  }

  /** After a reset, on a clock that may stand elsewhere. */
  begun(): void {
    this.stop();
    const now = this.#clock.now();
    this.#log.line(timestampLine(now));
    this.#stampLater(now + TIMESTAMP_EVERY_MS);
  }

  /** Readers take a time before the last for the next day: this tells them better. */
  clockWentBack(): void {
    this.#log.line(timestampLine(this.#clock.now()));
  }

  shutdownRequested(user: string, host: string): void {
    this.#log.lines(shutdownRequestedLines(user, host));
  }

  shuttingDown(vendor: string, pid: number, signal: number): void {
    this.#log.line(shuttingDownLine({ vendor, pid, signal }));
  }

  vendorStopped(vendor: string): void {
    this.#log.lines(daemonStoppedLines(vendor, hostname()));
  }

  cutShort(what: string): void {
    this.#log.line(`fauxlm: the ${what} is longer than one reply; the rest is left out`);
  }

  exiting(signal: number): void {
    this.#timestamp?.();
    this.#log.line(exitingLine(signal));
  }

  stop(): void {
    this.#timestamp?.();
  }
}
