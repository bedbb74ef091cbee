import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { EpochMs } from '../base/clock.ts';
import type { ClockSetting } from '../base/clock-setting.ts';
import type { LedgerSnapshot } from '../domain/ledger/snapshot.ts';
import type { ArmedFault } from './faults/armed-fault.ts';
import type { JournalEvent } from './journal.ts';
import type { NoticeLevel, ServerConfig } from './server-config.ts';

/** What the manager tells a daemon in a process of its own. */
export type ToChild =
  | { readonly kind: 'start'; readonly setup: ChildSetup }
  | { readonly kind: 'stop'; readonly signal: number }
  /** As a master's: it may grant until then. */
  | { readonly kind: 'lease'; readonly until: Lease }
  /** The move of its clock that is under way is to end where it has come to. */
  | { readonly kind: 'halt' }
  | Order;

/** What it is to do and to say when it is done, in the order told. */
export type Order =
  | { readonly kind: 'reread' }
  | { readonly kind: 'clear' }
  | { readonly kind: 'begin' }
  | { readonly kind: 'reopen' }
  /** These faults are armed, and no others. */
  | { readonly kind: 'arm'; readonly faults: readonly ArmedFault[] }
  /** Nothing but to say how things stand. */
  | { readonly kind: 'report' }
  /** The same, and what its ledger has. */
  | { readonly kind: 'snapshot' }
  /** Its clock is to go to `to`, and from there on as `setting` has it. */
  | { readonly kind: 'move'; readonly to: EpochMs; readonly setting?: ClockSetting };

/** A time of the clock that its triad keeps its promises by; null: without end, for infinity does not travel. */
export type Lease = EpochMs | null;

export function leaseUntil(until: EpochMs): Lease {
  return until === Number.POSITIVE_INFINITY ? null : Math.max(until, 0);
}

export interface ChildSetup {
  readonly vendor: string;
  readonly restarts: number;
  readonly port?: number;
  /** As a member of a triad. */
  readonly lease?: Lease;
  readonly faults: readonly ArmedFault[];
  /** What they have counted in the process before this one. */
  readonly faultCounts: PlainFaultCounts;
  /** Agrees with the manager's at this moment. */
  readonly clock: ClockSetting;
  /** Without clock and notice, which do not travel. */
  readonly config: Omit<ServerConfig, 'clock' | 'notice'>;
}

/** `FaultCounts` as it travels. */
export type PlainFaultCounts = readonly (readonly [
  string,
  { readonly seen: number; readonly hits: number },
])[];

/** What it tells the manager. */
export type FromChild =
  | { readonly kind: 'listening'; readonly port: number }
  /** `next`: its earliest appointment. */
  | { readonly kind: 'ready'; readonly port: number; readonly next: EpochMs | undefined }
  | { readonly kind: 'failed'; readonly code: string; readonly message: string }
  | { readonly kind: 'events'; readonly events: readonly JournalEvent[] }
  | Done
  | {
      readonly kind: 'notice';
      readonly what: string;
      readonly details: Record<string, unknown>;
      readonly level: NoticeLevel;
    }
  /** What its faults have counted. */
  | { readonly kind: 'counts'; readonly counts: PlainFaultCounts }
  | { readonly kind: 'stopped' };

/** An order was carried out, or why not. */
export interface Done {
  readonly kind: 'done';
  readonly failed?: string;
  readonly next: EpochMs | undefined;
  /** Licenses that are borrowed. */
  readonly borrowed: number;
  /** Of `snapshot` only. */
  readonly ledger?: LedgerSnapshot;
}

/** How a process ended: of a signal, or with a negative exit status; or why there never was one. */
export type ProcessEnd =
  | { readonly kind: 'died'; readonly signal: number }
  | { readonly kind: 'unborn'; readonly error: Error };

/** Signals by number, as far as a daemon ends by them. */
const signalNumbers: Readonly<Record<string, number>> = {
  SIGHUP: 1,
  SIGINT: 2,
  SIGQUIT: 3,
  SIGABRT: 6,
  SIGKILL: 9,
  SIGSEGV: 11,
  SIGTERM: 15,
};

/** Makes the process of a daemon. It may throw, or give one that never was: then 'error' tells why. */
export type Fork = () => ChildProcess;

/** `vendor-main.js` under this Node, on our standard streams. */
export const forkDaemon: Fork = () =>
  fork(fileURLToPath(new URL('./vendor-main.js', import.meta.url)), [], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });

/** The process of one vendor daemon, from its birth to its end. */
export class VendorProcess {
  readonly #child: ChildProcess | undefined;
  /** Resolves when it is gone and all that it said was heard. */
  readonly ended: Promise<ProcessEnd>;

  constructor(forkIt: Fork, hear: (message: FromChild) => void) {
    try {
      const child = forkIt();
      this.#child = child;
      child.on('message', hear);
      this.ended = endOf(child);
    } catch (error) {
      this.ended = Promise.resolve({ kind: 'unborn', error: error as Error });
    }
  }

  /** 0 when there is none. */
  get pid(): number {
    return this.#child?.pid ?? 0;
  }

  tell(message: ToChild): void {
    // One that was never born has no channel; one that is gone is noticed by its end.
    if (this.#child?.connected) this.#child.send(message, () => {});
  }

  kill(): void {
    this.#child?.kill('SIGKILL');
  }
}

function endOf(child: ChildProcess): Promise<ProcessEnd> {
  return new Promise((resolve) => {
    child.on('error', (error) => {
      // Else it is a signal that could not be sent.
      if (child.pid === undefined) resolve({ kind: 'unborn', error });
    });
    child.once('exit', (status, signal) => {
      const number = signal ? (signalNumbers[signal] ?? 1) : 0 - (status ?? 0);
      const gone = (): void => resolve({ kind: 'died', signal: number });
      // What it said last may still be on its way.
      if (child.connected) child.once('disconnect', gone);
      else gone();
    });
  });
}
