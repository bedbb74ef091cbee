import type { Cancel, Clock, EpochMs } from '../../base/clock.ts';
import type { ArmedFault } from './armed-fault.ts';
import { type FaultCounts, FaultInForce } from './fault-in-force.ts';
import { SiteFaults } from './site-faults.ts';

/** The faults of one process: which of them are in force now, at its manager and its vendor daemons. */
export class FaultBoard {
  readonly #clock: Clock;
  /** By id, in the order they were armed; those whose time has not come or is over, too. */
  readonly #all = new Map<string, FaultInForce>();
  readonly #active = new Set<FaultInForce>();
  readonly #sites = new Map<string, SiteFaults>();
  readonly #listeners = new Set<() => void>();
  #timer: Cancel | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get all(): readonly FaultInForce[] {
    return [...this.#all.values()];
  }

  get active(): readonly FaultInForce[] {
    return [...this.#active];
  }

  isActive(fault: FaultInForce): boolean {
    return this.#active.has(fault);
  }

  /** The faults of a manager, or of a vendor's daemon: one object, however often the daemon is restarted. */
  site(server: 'manager' | 'vendor', vendor = ''): SiteFaults {
    const key = `${server} ${vendor.toLowerCase()}`;
    let site = this.#sites.get(key);
    if (site === undefined) {
      site = new SiteFaults(this.#clock, server, vendor);
      this.#sites.set(key, site);
      site.adopt(this.active);
    }
    return site;
  }

  /** Logs take no lines. */
  get logsFull(): boolean {
    return this.active.some(({ row }) => row.logs === true);
  }

  /** Calls `listener` when other faults are in force. */
  onChange(listener: () => void): void {
    this.#listeners.add(listener);
  }

  get counts(): FaultCounts {
    return new Map(this.all.map(({ armed: { id }, seen, hits }) => [id, { seen, hits }]));
  }

  /** These are armed, and no others; those that were already go on counting, as do those of `counts`. */
  put(list: readonly ArmedFault[], counts?: FaultCounts): void {
    const wanted = new Set(list.map(({ id }) => id));
    for (const id of [...this.#all.keys()]) if (!wanted.has(id)) this.#all.delete(id);
    for (const armed of list) {
      if (this.#all.has(armed.id)) continue;
      const fault = new FaultInForce(armed);
      const before = counts?.get(armed.id);
      if (before !== undefined) fault.goOn(before);
      this.#all.set(armed.id, fault);
    }
    this.refresh();
  }

  /** Looks which are in force now, and when that changes next. */
  refresh(): void {
    this.#timer?.();
    this.#timer = undefined;
    const now = this.#clock.now();
    const over = [...this.#active].filter((fault) => !this.#isDue(fault, now));
    for (const fault of over) this.#active.delete(fault);
    const begun = this.all.filter((fault) => !this.#active.has(fault) && this.#isDue(fault, now));
    for (const fault of begun) this.#active.add(fault);
    if (over.length > 0 || begun.length > 0) {
      for (const site of this.#sites.values()) site.adopt(this.active);
      for (const tell of this.#listeners) tell();
    }
    // What they held goes on when they hold no longer.
    for (const fault of over) fault.over();
    this.#arm(now);
  }

  #isDue(fault: FaultInForce, now: EpochMs): boolean {
    const { id, from, to = Number.POSITIVE_INFINITY } = fault.armed;
    return this.#all.get(id) === fault && !fault.isDone && from <= now && now < to;
  }

  #arm(now: EpochMs): void {
    const times = this.all.flatMap(({ armed: { from, to } }) =>
      to === undefined ? [from] : [from, to],
    );
    const next = Math.min(...times.filter((at) => at > now));
    if (Number.isFinite(next)) this.#timer = this.#clock.schedule(next, () => this.refresh());
  }

  /** Nothing of its own accord any more. */
  stop(): void {
    this.#timer?.();
    this.#timer = undefined;
  }
}
