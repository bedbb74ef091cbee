import type { Cancel, Clock } from '../../base/clock.ts';
import type { Call } from './call.ts';
import type { FaultInForce } from './fault-in-force.ts';
import type { ReplyFate } from './reply-fate.ts';
import type { ConnectionFate, FaultRow, Imposed, Lead, PortState } from './row.ts';

/** What a fault does to a connection. */
export interface Strike {
  readonly fate: ConnectionFate;
  readonly fault: FaultInForce;
}

/** What becomes of a call: nothing, when no fault strikes. */
export interface Verdict {
  readonly connection?: Strike;
  readonly replies: readonly ReplyFate[];
  /** By which the replies are held up: what ends with them. */
  readonly slowedBy: readonly FaultInForce[];
}

const untouched: Verdict = { replies: [], slowedBy: [] };

/**
 * The faults in force as far as one manager or one vendor daemon is concerned, sorted by where they take hold. Each
 * list is undefined while it is empty: that is all that is looked at while nothing is wrong.
 */
export class SiteFaults {
  readonly server: 'manager' | 'vendor';
  /** '' at a manager. */
  readonly vendor: string;
  /** Of connections and messages. */
  calls: readonly FaultInForce[] | undefined;
  redirects: readonly FaultInForce[] | undefined;
  checkouts: readonly FaultInForce[] | undefined;
  port: PortState | undefined;
  /** Kills the daemon, where a call is to do so. */
  crash: () => void = () => {};
  /** By which replies are late. */
  readonly clock: Clock;
  readonly #listeners = new Set<() => void>();

  constructor(clock: Clock, server: 'manager' | 'vendor', vendor = '') {
    this.clock = clock;
    this.server = server;
    this.vendor = vendor;
  }

  /** Puts these in force here, and no others. */
  adopt(all: readonly FaultInForce[]): void {
    const here = all.filter((fault) => fault.concerns(this.server, this.vendor));
    const having = (has: (row: FaultRow) => unknown) => {
      const list = here.filter(({ row }) => has(row) !== undefined);
      return list.length === 0 ? undefined : list;
    };
    this.calls = having(({ connection, reply }) => connection ?? reply);
    this.redirects = this.server === 'manager' ? having(({ redirect }) => redirect) : undefined;
    this.checkouts = this.server === 'vendor' ? having(({ checkout }) => checkout) : undefined;
    const shut = here
      .filter(({ row }) => row.port !== undefined)
      .filter((fault) => this.#isOwn(fault));
    this.port = shut[0]?.row.port;
    for (const tell of this.#listeners) tell();
  }

  /** A fault that names vendors, or that is about vendor daemons only, shuts no manager's port. */
  #isOwn({ row, values }: FaultInForce): boolean {
    if (this.server === 'vendor') return true;
    return values['vendor'] === undefined && row.port !== 'blocked';
  }

  /** Calls `listener` when other faults are in force. */
  onChange(listener: () => void): Cancel {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** What becomes of a connection or a call. Counts; draws what is left to chance. */
  verdict(call: Call): Verdict {
    const { calls } = this;
    if (calls === undefined) return untouched;
    const struck = calls.filter((fault) => fault.strikes(call));
    if (struck.length === 0) return untouched;
    const broken = struck.find(({ row }) => row.connection !== undefined);
    const replies = struck.filter(({ row }) => row.reply !== undefined);
    return {
      ...(broken === undefined
        ? {}
        : { connection: { fate: broken.row.connection!, fault: broken } }),
      replies: replies.map((fault) => {
        return fault.row.reply!(fault.values as never, fault.rngAt(this.server, this.vendor));
      }),
      slowedBy: replies,
    };
  }

  /** What becomes of a connection that comes. */
  atConnect(): Strike | undefined {
    if (this.calls === undefined) return undefined;
    const { server, vendor } = this;
    return this.verdict({ server, vendor, on: 'connect' }).connection;
  }

  /** Where a client is led that asks the manager for a vendor daemon. */
  lead(call: Call): Lead | undefined {
    const struck = this.redirects?.find((fault) => fault.strikes(call));
    return struck?.row.redirect?.(struck.values as never);
  }

  /** What is put into a checkout. */
  imposed(call: Call): readonly Imposed[] {
    const struck = this.checkouts?.filter((fault) => fault.strikes(call)) ?? [];
    return struck.map(({ row, values }) => row.checkout!(values as never));
  }
}
