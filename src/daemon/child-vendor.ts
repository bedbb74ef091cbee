import { type EpochMs, systemClock } from '../base/clock.ts';
import { settingOf } from '../base/clock-setting.ts';
import { assert, KnownError } from '../base/errors.ts';
import type { LedgerSnapshot } from '../domain/ledger/snapshot.ts';
import type { VendorEntry } from './catalog.ts';
import type { ArmedFault } from './faults/armed-fault.ts';
import type { FaultCounts } from './faults/fault-in-force.ts';
import type { Journal } from './journal.ts';
import type { ClockFollower, FollowOptions } from './server-clock.ts';
import type { Notice, ServerConfig } from './server-config.ts';
import {
  type ChildSetup,
  type Done,
  type Fork,
  type FromChild,
  forkDaemon,
  leaseUntil,
  type Order,
  type ProcessEnd,
  VendorProcess,
} from './vendor-process.ts';
import type { StartOrder, StartOutcome, VendorRunner } from './vendor-runner.ts';

/** How long a stopping process may say nothing before it is killed. */
const STOP_SILENCE_MS = 5_000;
/** How long a process may take to move its clock: 100,000 deadlines are a matter of seconds. */
const MOVE_MS = 60_000;

export interface ChildVendorOptions {
  readonly config: ServerConfig;
  readonly journal: Journal;
  readonly notice: Notice;
  /** What is armed when it starts. */
  readonly faults?: () => readonly ArmedFault[];
  /** As a member of a triad: until when it may grant. */
  readonly lease?: () => EpochMs;
  /** How the process comes about: a test may have it fail. */
  readonly fork?: Fork;
}

/** A vendor daemon in a process of its own (`--processes`), as real ones are: it can be killed by its pid. */
export class ChildVendor implements VendorRunner, ClockFollower {
  readonly name: string;
  readonly daemon = undefined;
  readonly #options: ChildVendorOptions;
  #entry: VendorEntry;
  #process: VendorProcess | undefined;
  #port = 0;
  #lastPort: number | undefined;
  #exit: ((signal: number) => void) | undefined;
  /** Who waits for orders to be carried out, in the order they were given. */
  readonly #orders: ((done: Done | undefined) => void)[] = [];
  #next: EpochMs | undefined;
  #faultCounts: FaultCounts = new Map();
  /** Told of every message while it stops. */
  #stillTalks: (() => void) | undefined;

  constructor(entry: VendorEntry, options: ChildVendorOptions) {
    this.name = entry.name;
    this.#entry = entry;
    this.#options = options;
  }

  get port(): number {
    return this.#port;
  }

  get fixedPort(): boolean {
    return this.#entry.port !== undefined;
  }

  get pid(): number {
    return this.#process?.pid ?? 0;
  }

  get up(): boolean {
    return this.#port !== 0;
  }

  get follower(): ClockFollower | undefined {
    return this.up ? this : undefined;
  }

  /** When the earliest appointment of its clock is, as it told last. */
  get next(): EpochMs | undefined {
    return this.#next;
  }

  async start({ restarts, listening, aborted }: StartOrder): Promise<StartOutcome> {
    assert(this.#process === undefined, `${this.name} is started once at a time`);
    let failed: KnownError | undefined;
    const served = new Promise<'serving'>((resolve) => {
      this.#process = new VendorProcess(this.#options.fork ?? forkDaemon, (message) => {
        if (message.kind === 'listening') listening(message.port, this.pid);
        else if (message.kind === 'failed') failed = failure(message);
        else if (message.kind === 'ready') {
          this.#port = message.port;
          this.#lastPort = message.port;
          this.#next = message.next;
          resolve('serving');
        } else this.#hear(message);
      });
    });
    const process = this.#process!;
    const ended = process.ended.then((end) => this.#ended(end));
    const breakOff = (): void => process.kill();
    aborted.addEventListener('abort', breakOff, { once: true });
    process.tell({ kind: 'start', setup: this.#setup(restarts) });
    const first = await Promise.race([served, ended]);
    aborted.removeEventListener('abort', breakOff);
    if (first === 'serving') return { kind: 'serving' };
    if (failed) throw failed;
    if (first.kind === 'unborn') throw unborn(this.name, first.error);
    return first;
  }

  #setup(restarts: number): ChildSetup {
    const {
      clock = systemClock,
      notice: _notice,
      traffic: _traffic,
      log,
      ...config
    } = this.#options.config;
    const { lease } = this.#options;
    const port = this.#entry.port ?? this.#lastPort;
    return {
      vendor: this.name,
      restarts,
      clock: settingOf(clock),
      faults: this.#options.faults?.() ?? [],
      faultCounts: [...this.#faultCounts],
      ...(port === undefined ? {} : { port }),
      ...(lease === undefined ? {} : { lease: leaseUntil(lease()) }),
      // The manager has emptied the log already.
      config: log === undefined ? config : { ...config, log: { ...log, append: true } },
    };
  }

  #hear(message: FromChild): void {
    this.#stillTalks?.();
    const { journal, notice } = this.#options;
    if (message.kind === 'events') {
      for (const event of message.events) journal.push(this.name, event);
    } else if (message.kind === 'counts') this.#faultCounts = new Map(message.counts);
    else if (message.kind === 'notice') notice(message.what, message.details, message.level);
    else if (message.kind === 'done') {
      this.#next = message.next;
      this.#orders.shift()?.(message);
    }
  }

  #ended(end: ProcessEnd): ProcessEnd {
    const served = this.up;
    this.#process = undefined;
    this.#port = 0;
    this.#next = undefined;
    // Whoever restarts it has it read the files, and sets its clock.
    for (const gone of this.#orders.splice(0)) gone(undefined);
    if (served && end.kind === 'died') this.#exit?.(end.signal);
    return end;
  }

  async stop(signal: number): Promise<void> {
    const process = this.#process;
    if (process === undefined) return;
    // Nobody is sent there any more, and its end is no news.
    this.#port = 0;
    const killer = setTimeout(() => process.kill(), STOP_SILENCE_MS);
    this.#stillTalks = () => killer.refresh();
    process.tell({ kind: 'stop', signal });
    await process.ended;
    clearTimeout(killer);
    this.#stillTalks = undefined;
  }

  async kill(): Promise<void> {
    this.#process?.kill();
    await this.#process?.ended;
  }

  async reread(entry: VendorEntry, aborted: AbortSignal): Promise<void> {
    if (this.up && !aborted.aborted) {
      const done = await orAborted(this.#order({ kind: 'reread' }), aborted);
      if (done?.failed !== undefined) throw new KnownError('LICENSE_UNSERVABLE', done.failed);
    }
    this.#entry = entry;
  }

  async clear(): Promise<void> {
    await this.#order({ kind: 'clear' });
  }

  async begin(): Promise<void> {
    await this.#order({ kind: 'begin' });
  }

  async borrowed(): Promise<number> {
    return (await this.#order({ kind: 'report' }))?.borrowed ?? 0;
  }

  async snapshot(): Promise<LedgerSnapshot | undefined> {
    return (await this.#order({ kind: 'snapshot' }))?.ledger;
  }

  async reopenLogs(): Promise<void> {
    await this.#order({ kind: 'reopen' });
  }

  async arm(faults: readonly ArmedFault[]): Promise<void> {
    await this.#order({ kind: 'arm', faults });
  }

  lease(until: EpochMs): void {
    this.#process?.tell({ kind: 'lease', until: leaseUntil(until) });
  }

  async faultHits(): Promise<FaultCounts> {
    await this.#order({ kind: 'report' });
    return this.#faultCounts;
  }

  /** @throws KnownError NET_TIMEOUT when it does not follow; why it was aborted */
  async moveTo(to: EpochMs, { setting, aborted }: FollowOptions = {}): Promise<void> {
    const moved = this.#order({ kind: 'move', to, ...(setting === undefined ? {} : { setting }) });
    const halt = (): void => this.#process?.tell({ kind: 'halt' });
    aborted?.addEventListener('abort', halt, { once: true });
    const what = `${this.name}: expected its clock to follow`;
    const done = await inTime(moved, what, MOVE_MS).finally(() => {
      aborted?.removeEventListener('abort', halt);
    });
    aborted?.throwIfAborted();
    if (done?.failed !== undefined) throw new Error(`${this.name}: ${done.failed}`);
  }

  /** Resolves when it is carried out; with undefined when the process is not there, or ends before. */
  #order(order: Order): Promise<Done | undefined> {
    const process = this.#process;
    if (!this.up || process === undefined) return Promise.resolve(undefined);
    return new Promise((resolve) => {
      this.#orders.push(resolve);
      process.tell(order);
    });
  }

  onExit(listener: (signal: number) => void): void {
    this.#exit = listener;
  }
}

/** What `work` gives, or undefined once `signal` is aborted. */
async function orAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T | undefined> {
  const over = new AbortController();
  const aborted = new Promise<undefined>((resolve) => {
    const options = { once: true, signal: over.signal };
    signal.addEventListener('abort', () => resolve(undefined), options);
  });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    // An era may be long: it must not keep a listener for each reread.
    over.abort();
  }
}

function inTime<T>(work: Promise<T>, what: string, ms: number): Promise<T> {
  return new Promise((resolve, reject) => {
    const late = setTimeout(() => {
      reject(new KnownError('NET_TIMEOUT', `${what} within ${ms / 1_000} s, got no answer`));
    }, ms);
    work.then(resolve, reject).finally(() => clearTimeout(late));
  });
}

function failure({ code, message }: { readonly code: string; readonly message: string }) {
  return new KnownError(code as 'NET_PORT_IN_USE', message);
}

function unborn(vendor: string, cause: Error): KnownError {
  const text = `${vendor}: expected a process of its own, got: ${cause.message}`;
  return new KnownError('NET_UNREACHABLE', text, { vendor }, { cause });
}
