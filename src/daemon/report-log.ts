import { hostname } from 'node:os';
import type { Clock, EpochMs } from '../base/clock.ts';
import type { LedgerEvent } from '../domain/ledger/events.ts';
import { plainEvent } from './journal.ts';
import type { LogFile } from './log-file.ts';

/** Of the form of the lines; a change that a reader must know of raises it. */
const VERSION = 1;
/** Names that are remembered under HIDE_USER; then they are given anew. */
const HIDDEN_NAMES_MAX = 100_000;

export interface ReportLogOptions {
  readonly vendor: string;
  readonly file: LogFile;
  readonly clock: Clock;
  /** HIDE_USER: users are told apart, not named. */
  readonly hideUser: boolean;
}

/**
 * A daemon's report log (REPORTLOG): a JSON line for every event of its ledger, in the open form of
 * docs/reportlog.md where FlexNet's is encrypted.
 */
export class ReportLog {
  readonly #options: ReportLogOptions;
  readonly #hidden = new Map<string, string>();
  #hiddenCount = 0;

  constructor(options: ReportLogOptions) {
    this.#options = options;
    const { hideUser } = options;
    const facts = { version: VERSION, host: hostname(), pid: process.pid, hideUser };
    this.#line({ kind: 'reportOpened', ...facts });
  }

  event(event: LedgerEvent): void {
    const plain = plainEvent(event);
    if (!this.#options.hideUser || !('client' in plain)) return this.#line(plain, plain.at);
    const client = { ...plain.client, user: this.#hiddenName(plain.client.user) };
    this.#line({ ...plain, client }, plain.at);
  }

  /** Handles begin anew, and time may have gone back. */
  reset(): void {
    this.#line({ kind: 'reset' });
  }

  closing(): void {
    this.#line({ kind: 'reportClosed' });
  }

  #line(fields: object, at: EpochMs = this.#options.clock.now()): void {
    this.#options.file.write(reportLine(this.#options.vendor, at, fields));
  }

  #hiddenName(user: string): string {
    let name = this.#hidden.get(user);
    if (name === undefined) {
      if (this.#hidden.size >= HIDDEN_NAMES_MAX) this.#hidden.clear();
      name = `user${++this.#hiddenCount}`;
      this.#hidden.set(user, name);
    }
    return name;
  }
}

/** One line: its time as people read it and the daemon first, then the event as the journal has it. */
export function reportLine(vendor: string, at: EpochMs, fields: object): string {
  const time = new Date(at).toISOString();
  return `${JSON.stringify({ time, vendor, at, ...fields })}\n`;
}
