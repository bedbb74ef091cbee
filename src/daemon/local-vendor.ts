import { assert } from '../base/errors.ts';
import { type LedgerSnapshot, snapshot } from '../domain/ledger/snapshot.ts';
import type { VendorEntry } from './catalog.ts';
import type { FaultCounts } from './faults/fault-in-force.ts';
import type { VendorDaemon } from './vendor-daemon.ts';
import type { StartOrder, StartOutcome, VendorRunner } from './vendor-runner.ts';

/** Makes the daemon anew for each start: a restarted daemon remembers nothing. */
export type DaemonFactory = (
  entry: VendorEntry,
  start: { readonly restarts: number; readonly port: number | undefined },
) => VendorDaemon;

/** A vendor daemon inside the manager's process: the default, and all that single-port mode allows. */
export class LocalVendor implements VendorRunner {
  readonly name: string;
  readonly pid = process.pid;
  readonly follower = undefined;
  readonly #make: DaemonFactory;
  #entry: VendorEntry;
  #daemon: VendorDaemon | undefined;
  #exit: ((signal: number) => void) | undefined;
  /** Where it listened last: a restarted daemon comes back there, so that ready files stay true. */
  #lastPort: number | undefined;

  constructor(entry: VendorEntry, make: DaemonFactory) {
    this.name = entry.name;
    this.#entry = entry;
    this.#make = make;
  }

  get port(): number {
    return this.#daemon?.port ?? 0;
  }

  get fixedPort(): boolean {
    return this.#entry.port !== undefined;
  }

  get up(): boolean {
    return this.#daemon !== undefined;
  }

  get daemon(): VendorDaemon | undefined {
    return this.#daemon;
  }

  /** Takes a moment only: it is not broken off. */
  async start({ restarts, listening }: StartOrder): Promise<StartOutcome> {
    assert(!this.up, `${this.name} is started once at a time`);
    const port = this.#entry.port ?? this.#lastPort;
    const daemon = this.#make(this.#entry, { restarts, port });
    await daemon.start((bound) => listening(bound, this.pid));
    this.#daemon = daemon;
    this.#lastPort = daemon.port || undefined;
    return { kind: 'serving' };
  }

  async stop(signal: number): Promise<void> {
    const daemon = this.#daemon;
    this.#daemon = undefined;
    await daemon?.stop(signal);
  }

  async kill(): Promise<void> {
    const daemon = this.#daemon;
    if (daemon === undefined) return;
    this.#daemon = undefined;
    // It may have read its files again by itself, at midnight.
    this.#entry = daemon.entry;
    await daemon.crash();
    this.#exit?.(9);
  }

  async reread(entry: VendorEntry): Promise<void> {
    this.#daemon?.reread(entry);
    this.#entry = entry;
  }

  async clear(): Promise<void> {
    this.#daemon?.clear();
  }

  async begin(): Promise<void> {
    this.#daemon?.begin();
  }

  async borrowed(): Promise<number> {
    return this.#daemon?.borrowed ?? 0;
  }

  async snapshot(): Promise<LedgerSnapshot | undefined> {
    return this.#daemon && snapshot(this.#daemon.ledger);
  }

  async reopenLogs(): Promise<void> {}

  async arm(): Promise<void> {}

  /** Its daemon asks itself. */
  lease(): void {}

  async faultHits(): Promise<FaultCounts> {
    return new Map();
  }

  onExit(listener: (signal: number) => void): void {
    this.#exit = listener;
  }
}
