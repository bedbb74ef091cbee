import type { EpochMs } from '../base/clock.ts';
import { KnownError } from '../base/errors.ts';
import { askControl, readControl } from '../control/control-client.ts';
import type { JournalEntry } from '../daemon/journal.ts';
import type { LedgerSnapshot } from '../domain/ledger/snapshot.ts';
import { type ServerProcess, startServerProcess } from './server-process.ts';
import type { ServerSetup } from './setup.ts';
import { SocketServer, type VendorPort } from './socket-server.ts';
import type { ServerFiles, StandFault, StandFeature } from './stand.ts';
import { featuresOf } from './stand-features.ts';

export interface ProcessParts {
  /** A folder for its files. */
  readonly folder: string;
  readonly seed: string;
  readonly now: () => EpochMs;
  readonly onEvent: (server: string, entry: JournalEntry) => void;
}

/** A license server of a scenario in a process of its own, steered over its control plane. */
export class ProcessServer extends SocketServer {
  readonly #parts: ProcessParts;
  #process: ServerProcess | undefined;
  #vendorPorts: readonly VendorPort[] = [];
  /** The last event that was told, of this process. */
  #heard = 0;
  #stirs = 0;
  #next: EpochMs | undefined;
  #lastWords: Promise<void> = Promise.resolve();

  constructor(setup: ServerSetup, parts: ProcessParts) {
    super(setup, parts.folder);
    this.#parts = parts;
  }

  get up(): boolean {
    return this.#process !== undefined;
  }

  get vendorPorts(): readonly VendorPort[] {
    return this.#vendorPorts;
  }

  /** When something falls due next. */
  get next(): EpochMs | undefined {
    return this.#next;
  }

  /** Grows with everything that goes on in it. */
  get stirs(): number {
    return this.#stirs;
  }

  protected async launch(): Promise<void> {
    const started = await startServerProcess(this.#words(), this.file(''));
    this.#process = started;
    this.port = started.port;
    this.#vendorPorts = started.vendors;
    this.#heard = 0;
    this.#lastWords = this.#hearLastWords(started);
    void started.ended.then(() => {
      if (this.#process === started) this.#process = undefined;
      this.#next = undefined;
    });
  }

  #words(): readonly string[] {
    const { lenient, singlePort, lmremoveAge, timeZone, triad } = this.setup;
    const options = Object.entries(this.optionFiles);
    return [
      this.file('license.lic'),
      ...options.flatMap(([vendor, file]) => ['--options', `${vendor}=${file}`]),
      ...['--host', '127.0.0.1', '--port', `${this.port}`, '--http', '127.0.0.1:0'],
      ...['--clock', `manual@${new Date(this.#parts.now()).toISOString()}`],
      ...['--log', `+${this.file('debug.log')}`, '--state', this.file('state')],
      `--seed=${this.#parts.seed}`,
      ...(lenient ? ['--lenient'] : []),
      ...(singlePort ? ['--single-port'] : []),
      ...(timeZone === undefined ? [] : ['--time-zone', timeZone]),
      ...(lmremoveAge === undefined ? [] : ['--lmremove-min-age', `${lmremoveAge}`]),
      ...(triad === undefined ? [] : ['--triad-member', this.name, '--triad-hosts', LOOPBACK]),
    ];
  }

  /** Asked from the start on: a server that stops has no time for questions. */
  async #hearLastWords({ http }: ServerProcess): Promise<void> {
    try {
      const answer = await askControl(new URL(http), 'POST', '/stopped', { from: 1 });
      this.#hear(answer as Happenings);
    } catch (error) {
      // It was killed.
      if (!(error instanceof KnownError)) throw error;
    }
  }

  /** Moves its clock and hears what happened; resolves also when it has ended meanwhile. */
  async follow(to: EpochMs): Promise<void> {
    const { up } = this;
    if (!up) return;
    for (;;) {
      const before = this.#heard;
      const answer = await this.#ask('POST', '/clock/step', { to, from: this.#heard + 1 });
      if (answer === undefined) return;
      const { next } = answer as Happenings & { readonly next: number | null };
      this.#next = next ?? undefined;
      this.#hear(answer as Happenings);
      if (this.#heard - before < PAGE) return;
    }
  }

  #hear({ journal, stirs }: Happenings): void {
    for (const entry of journal) {
      if (entry.number <= this.#heard) continue;
      this.#heard = entry.number;
      this.#parts.onEvent(this.name, entry);
    }
    this.#stirs = stirs;
  }

  /** Undefined when it ends before it answers. */
  async #ask(method: 'GET' | 'POST' | 'DELETE', path: string, body?: unknown): Promise<unknown> {
    const own = this.#process;
    if (own === undefined) throw this.down();
    try {
      return await askControl(new URL(own.http), method, path, body, ANSWER_BYTES_MAX);
    } catch (error) {
      if (!(error instanceof KnownError) || error.code !== 'NET_UNREACHABLE') throw error;
      await own.ended;
      await this.#lastWords;
      return undefined;
    }
  }

  async stop(): Promise<void> {
    await this.#end('SIGTERM');
  }

  async kill(): Promise<void> {
    await this.#end('SIGKILL');
  }

  async #end(signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
    const own = this.#process;
    if (own === undefined) return;
    own.child.kill(signal);
    await own.ended;
    await this.#lastWords;
  }

  async killDaemon(vendor: string | undefined): Promise<void> {
    await this.#ask('POST', '/vendors/kill', vendor === undefined ? {} : { vendor });
  }

  async reread(files: ServerFiles): Promise<void> {
    if (!this.up) throw this.down();
    this.write(files);
    await this.#ask('POST', '/reread', {});
    const health = await this.#ask('GET', '/health');
    if (health === undefined) return;
    this.#vendorPorts = (health as { readonly vendors: readonly VendorPort[] }).vendors;
  }

  async arm(fault: string): Promise<void> {
    await this.#ask('POST', '/faults', { fault });
  }

  async faults(): Promise<readonly StandFault[]> {
    const answer = await this.#ask('GET', '/faults');
    return (answer as { readonly faults: readonly StandFault[] } | undefined)?.faults ?? [];
  }

  protected async clear(id: string): Promise<void> {
    await this.#ask('DELETE', '/faults', { id });
  }

  async silence(user: string, host: string): Promise<number> {
    const answer = await this.#ask('POST', '/clients/silence', { user, host });
    return (answer as { readonly silenced: number } | undefined)?.silenced ?? 0;
  }

  async features(): Promise<readonly StandFeature[]> {
    if (!this.up) return [];
    const answer = await this.#ask('GET', '/ledgers');
    const { ledgers } = (answer ?? { ledgers: [] }) as { ledgers: readonly LedgerSnapshot[] };
    return featuresOf(ledgers);
  }

  async metrics(): Promise<string> {
    const own = this.#process;
    if (own === undefined || !this.up) return '';
    return readControl(new URL(own.http), '/metrics', ANSWER_BYTES_MAX);
  }

  protected async flushed(): Promise<void> {
    if (this.up) await this.follow(this.#parts.now());
  }
}

/** Hosts of the three members. */
const LOOPBACK = '127.0.0.1,127.0.0.1,127.0.0.1';
/** Events of one answer, as the control plane gives them. */
const PAGE = 1_000;
/** A ledger of many thousand seats. */
const ANSWER_BYTES_MAX = 64 * 1024 * 1024;

interface Happenings {
  readonly journal: readonly JournalEntry[];
  readonly stirs: number;
}
