import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { systemClock } from '../base/clock.ts';
import { type ClockSetting, settingOf } from '../base/clock-setting.ts';
import { KnownError } from '../base/errors.ts';
import type { VendorEntry } from './catalog.ts';
import type { Journal, JournalEvent } from './journal.ts';
import type { Notice, ServerConfig } from './server-config.ts';
import type { RereadSources, VendorRunner } from './vendor-runner.ts';

/** What the manager tells a daemon in a process of its own. */
export type ToChild =
  | { readonly kind: 'start'; readonly setup: ChildSetup }
  | { readonly kind: 'reread' }
  | { readonly kind: 'stop'; readonly signal: number };

export interface ChildSetup {
  readonly vendor: string;
  readonly restarts: number;
  readonly port?: number;
  /** Agrees with the manager's at this moment. */
  readonly clock: ClockSetting;
  /** Without clock and notice, which do not travel. */
  readonly config: Omit<ServerConfig, 'clock' | 'notice'>;
}

/** What it tells the manager. */
export type FromChild =
  | { readonly kind: 'listening'; readonly port: number }
  | { readonly kind: 'ready'; readonly port: number }
  | { readonly kind: 'failed'; readonly code: string; readonly message: string }
  | { readonly kind: 'events'; readonly events: readonly JournalEvent[] }
  | { readonly kind: 'reread'; readonly failed?: string }
  | { readonly kind: 'notice'; readonly what: string; readonly details: Record<string, unknown> };

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

/** How long an orderly stop may take before the process is killed. */
const STOP_MS = 5_000;

/** A vendor daemon in a process of its own (`--processes`), as real ones are: it can be killed by its pid. */
export class ChildVendor implements VendorRunner {
  readonly name: string;
  readonly daemon = undefined;
  #entry: VendorEntry;
  readonly #config: ServerConfig;
  readonly #journal: Journal;
  readonly #notice: Notice;
  #child: ChildProcess | undefined;
  #port = 0;
  #lastPort: number | undefined;
  #exit: ((signal: number) => void) | undefined;
  #rereadDone: ((failed: string | undefined) => void) | undefined;

  constructor(entry: VendorEntry, config: ServerConfig, journal: Journal, notice: Notice) {
    this.name = entry.name;
    this.#entry = entry;
    this.#config = config;
    this.#journal = journal;
    this.#notice = notice;
  }

  get port(): number {
    return this.#port;
  }

  get fixedPort(): boolean {
    return this.#entry.port !== undefined;
  }

  get pid(): number {
    return this.#child?.pid ?? 0;
  }

  get up(): boolean {
    return this.#port !== 0;
  }

  start(restarts: number, listening: (port: number, pid: number) => void): Promise<void> {
    const child = fork(fileURLToPath(new URL('./vendor-main.js', import.meta.url)), [], {
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
    this.#child = child;
    const { clock = systemClock, notice: _notice, log, ...config } = this.#config;
    const port = this.#entry.port ?? this.#lastPort;
    const setup: ChildSetup = {
      vendor: this.name,
      restarts,
      clock: settingOf(clock),
      ...(port === undefined ? {} : { port }),
      // The manager has emptied the log already.
      config: log === undefined ? config : { ...config, log: { ...log, append: true } },
    };
    this.#tell({ kind: 'start', setup });
    return new Promise((resolve, reject) => {
      child.on('message', (message: FromChild) => {
        if (message.kind === 'listening') listening(message.port, child.pid ?? 0);
        else if (message.kind === 'ready') {
          this.#port = message.port;
          this.#lastPort = message.port;
          resolve();
        } else if (message.kind === 'failed') {
          reject(new KnownError(message.code as 'NET_PORT_IN_USE', message.message));
        } else this.#hear(message);
      });
      child.once('exit', (status, signal) => {
        reject(new KnownError('NET_UNREACHABLE', `${this.name}: the daemon's process ended early`));
        this.#ended(child, status, signal);
      });
    });
  }

  #hear(message: FromChild): void {
    if (message.kind === 'events') {
      for (const event of message.events) this.#journal.push(this.name, event);
    } else if (message.kind === 'notice') this.#notice(message.what, message.details);
    else if (message.kind === 'reread') this.#rereadDone?.(message.failed);
  }

  #ended(child: ChildProcess, status: number | null, signal: NodeJS.Signals | null): void {
    if (this.#child !== child) return;
    const wasUp = this.up;
    this.#child = undefined;
    this.#port = 0;
    this.#rereadDone?.('the daemon ended');
    if (wasUp) this.#exit?.(signal ? (signalNumbers[signal] ?? 1) : -(status ?? 0));
  }

  #tell(message: ToChild): void {
    this.#child?.send(message, () => {
      // A child that is gone is noticed by its exit.
    });
  }

  async stop(signal: number): Promise<void> {
    const child = this.#child;
    if (child === undefined) return;
    const gone = new Promise<void>((done) => child.once('exit', () => done()));
    this.#tell({ kind: 'stop', signal });
    this.#child = undefined;
    this.#port = 0;
    const killer = setTimeout(() => child.kill('SIGKILL'), STOP_MS);
    await gone;
    clearTimeout(killer);
  }

  async kill(): Promise<void> {
    const child = this.#child;
    if (child === undefined) return;
    const gone = new Promise<void>((done) => child.once('exit', () => done()));
    child.kill('SIGKILL');
    await gone;
  }

  async reread(entry: VendorEntry, _sources: RereadSources): Promise<void> {
    this.#entry = entry;
    if (!this.up) return;
    const failed = await new Promise<string | undefined>((done) => {
      this.#rereadDone = done;
      this.#tell({ kind: 'reread' });
    });
    this.#rereadDone = undefined;
    if (failed !== undefined) throw new KnownError('LICENSE_UNSERVABLE', failed);
  }

  onExit(listener: (signal: number) => void): void {
    this.#exit = listener;
  }
}
