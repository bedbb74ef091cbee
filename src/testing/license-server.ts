// For whoever compiles against our declarations with an older library: `await using`.
/// <reference lib="esnext.disposable" preserve="true" />

import type { Clock, EpochMs } from '../base/clock.ts';
import { makeClock, parseClock } from '../base/clock-setting.ts';
import { KnownError } from '../base/errors.ts';
import { didYouMean } from '../base/nearest.ts';
import type { GivenIdentity } from '../client/identity.ts';
import type { LicenseClient } from '../client/license-client.ts';
import { parseListenAddress } from '../control/http-address.ts';
import type { LicenseInput } from '../daemon/catalog.ts';
import type { ListedFault } from '../daemon/faults/listed-fault.ts';
import { type FaultInput, parseFaults } from '../daemon/faults/order.ts';
import { type JournalEntry, type JournalListener, listenerFailed } from '../daemon/journal.ts';
import type { RunningVendor } from '../daemon/running-vendor.ts';
import { startServer } from '../daemon/server.ts';
import type { Notice } from '../daemon/server-config.ts';
import type { LedgerSnapshot } from '../domain/ledger/snapshot.ts';
import { asTestServer } from './test-server.ts';

/** How to start a license server in a test. Everything but `licenses` may be left out. */
export interface LicenseServerOptions {
  /** License files, directories of *.lic, or `{ name, text }`. */
  readonly licenses: LicenseInput | readonly LicenseInput[];
  /** Options file, or `{ name, text }`, by vendor daemon name. */
  readonly options?: Readonly<Record<string, LicenseInput>>;
  /** Default 0: a free port, bound and kept. */
  readonly port?: number;
  /**
   * Default: the machine's clock. `manual` stands still until it is moved, `x60` runs 60 times as fast, each from
   * now on or, as in `manual@2030-01-07T09:00`, from that time; or a clock of your own.
   */
  readonly clock?: string | Clock;
  /** Where the control plane listens, such as `127.0.0.1:0`; without it there is none. */
  readonly http?: string;
  /** Debug log file; without it none is written, and the journal still has every event. */
  readonly log?: string;
  /** Lines of seats in the debug log end in version, address, pid, handle, seats in use and more. */
  readonly verboseLog?: boolean;
  readonly singlePort?: boolean;
  readonly lenient?: boolean;
  readonly advertise?: { readonly host: string; readonly port?: number };
  /** IANA name of the zone in which dates begin and end. */
  readonly timeZone?: string;
  /**
   * Told what happens to the server itself: a daemon died, a file was reread. Without it, only a listener of yours
   * that failed is told, as a warning of the process.
   */
  readonly notice?: Notice;
  /** How long a license must be out before lmremove may take it back (-64); 120 s unless given. */
  readonly lmremoveAgeSecondsMin?: number;
  /** Folder that keeps borrowed licenses over a restart; without it they end with the server. */
  readonly stateFolder?: string;
  /** What goes wrong from the start: `slow latency=200ms user=ann`, or `{ fault: 'slow', latency: '200ms' }`. */
  readonly faults?: readonly FaultInput[];
  /** Of all that faults leave to chance; the same seed gives the same. */
  readonly seed?: string;
}

/** The clock of a running server. */
export interface TestClock {
  now(): EpochMs;
  /**
   * Moves a clock that can be moved forward, by a duration such as `30d` or `1h30m`, or by milliseconds. Each thing
   * that falls due on the way happens at its own time. Resolves to the new time when everything that follows at
   * once has happened: clients in this process have heard, and what they said to it at once was heard.
   * @throws KnownError CLOCK_REAL on the machine's clock, USAGE for what is no duration
   */
  advance(by: string | number): Promise<EpochMs>;
  /** Sets it, forward or back: an ISO 8601 time of the zone of the server, `+1h` from now, or milliseconds. */
  set(to: string | EpochMs): Promise<EpochMs>;
}

/** What goes wrong in a running server. Everything is in force, or no longer, when a promise resolves. */
export interface TestFaults {
  /** @throws KnownError USAGE for a fault that is none */
  add(fault: FaultInput): Promise<ListedFault>;
  /** Those not cleared yet, with how often each has acted. */
  list(): Promise<readonly ListedFault[]>;
  /** Ends one by its id, or all; gives what was cleared. @throws KnownError USAGE for an id that none has */
  clear(id?: string): Promise<readonly ListedFault[]>;
}

/** One of several tests that use a server at the same time: what it does is undone without the others noticing. */
export interface TestServerSession {
  /**
   * A client of this session, which its reset closes.
   * @throws KnownError as `connectClient` does
   */
  connect(as?: GivenIdentity & { readonly vendor?: string }): Promise<LicenseClient>;
  /** Puts a fault in force until the reset. It acts on everybody whom its words mean. @throws KnownError USAGE */
  addFault(fault: FaultInput): Promise<ListedFault>;
  /** Events of its clients since its latest reset, oldest first. */
  journal(): readonly JournalEntry[];
  /** Closes its clients, so that what they hold comes back, ends its faults, and forgets its events. */
  reset(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

/** A running license server, and what a test wants to know of it. */
export interface TestLicenseServer {
  /** `port@host`, for `-c` and LM_LICENSE_FILE. */
  readonly address: string;
  readonly port: number;
  /** The control plane, such as `http://127.0.0.1:8080`; undefined without `http`. */
  readonly http: string | undefined;
  readonly clock: TestClock;
  /** What goes wrong: docs/faults.md. */
  readonly faults: TestFaults;
  readonly vendors: readonly RunningVendor[];
  /** LM_LICENSE_FILE and each vendor's own variable, for a child process. */
  readonly env: Readonly<Record<string, string>>;
  /** Every event so far, oldest first (the latest 100,000), numbered from 1. */
  journal(from?: number): readonly JournalEntry[];
  /** Calls `listener` with each new event; gives back what ends that. */
  listen(listener: JournalListener): () => void;
  /** Features, pools and who holds what of a vendor daemon, now, as plain data. */
  snapshot(vendor: string): LedgerSnapshot;
  /** Reads the license and options files again, as lmreread does. */
  reread(): Promise<void>;
  /**
   * As at the start, for the next test: no seats out, no clients, no faults, the first time, an empty journal.
   * Ports, files and options in force stay.
   */
  reset(): Promise<void>;
  /** Begins a session for a test that shares the server: its reset undoes what it did, and nothing else. */
  session(): TestServerSession;
  /** Ends a vendor daemon as kill -9 would; the manager restarts it. */
  killVendor(name: string): Promise<void>;
  /** Stops it; harmless when it has stopped. `await using` does it for you. */
  stop(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

/**
 * Starts a license server inside this process, on a port of its own: as many as you like may run at once, none
 * outlives the process, and nothing is shared between them.
 *
 * ```ts
 * const server = await startLicenseServer({ licenses: 'fixtures/licenses/ansys.lic' });
 * spawn('my-tool', { env: { ...process.env, ...server.env } });
 * expect(server.journal().map(({ event }) => event.kind)).toContain('seatTaken');
 * await server.stop();
 * ```
 * @throws KnownError USAGE for options that are none, FILE_UNREADABLE or LICENSE_UNSERVABLE (naming lint's finding)
 * for files, NET_PORT_IN_USE.
 */
export async function startLicenseServer(
  options: LicenseServerOptions,
): Promise<TestLicenseServer> {
  checkOptions(options);
  const { licenses, log, port = 0, notice = warnOfListeners, clock, http, ...rest } = options;
  const { faults = [], ...others } = rest;
  const orders = parseFaults(faults, 'faults');
  const address = http === undefined ? undefined : parseListenAddress(http, 'http');
  const server = await startServer({
    ...others,
    ...(clock === undefined ? {} : { clock: clockOf(clock, options.timeZone) }),
    notice,
    licenses: Array.isArray(licenses)
      ? (licenses as readonly LicenseInput[])
      : [licenses as LicenseInput],
    port,
    ...(log === undefined ? {} : { log: { path: log, append: true } }),
  });
  try {
    await server.faults.addAll(orders, 'faults');
    if (address === undefined) return asTestServer(server, undefined);
    const { startControlPlane } = await import('../control/control-plane.ts');
    return asTestServer(server, await startControlPlane(server, address));
  } catch (error) {
    await server.stop();
    throw error;
  }
}

/** The clock that an option means. @throws KnownError USAGE */
export function clockOf(clock: string | Clock, timeZone: string | undefined): Clock {
  return typeof clock === 'string' ? makeClock(parseClock(clock, 'clock', timeZone)) : clock;
}

/** One row per option: a misspelled one would be in force nowhere, and nobody would hear of it. */
const optionNames: Readonly<Record<keyof LicenseServerOptions, true>> = {
  licenses: true,
  options: true,
  port: true,
  clock: true,
  http: true,
  log: true,
  verboseLog: true,
  singlePort: true,
  lenient: true,
  advertise: true,
  timeZone: true,
  notice: true,
  lmremoveAgeSecondsMin: true,
  stateFolder: true,
  faults: true,
  seed: true,
};

/** What the types say, for those who have none. */
function checkOptions(options: unknown): void {
  const given = (options ?? {}) as Readonly<Record<string, unknown>>;
  const { licenses, port = 0 } = given;
  for (const name of Object.keys(given)) {
    if (Object.hasOwn(optionNames, name)) continue;
    const known = Object.keys(optionNames);
    const text = `startLicenseServer: expected options among ${known.join(', ')}, got "${name}"`;
    throw new KnownError('USAGE', text + didYouMean(name, known));
  }
  const list: readonly unknown[] = Array.isArray(licenses) ? licenses : [licenses];
  if (list.length === 0 || !list.every(isLicenseInput)) {
    const wanted = 'a license file, a directory, { name, text }, or a list of them';
    const got = Array.isArray(licenses) ? `a list of ${licenses.length}` : typeof licenses;
    throw new KnownError('USAGE', `startLicenseServer, licenses: expected ${wanted}, got ${got}`);
  }
  if (!(Number.isInteger(port) && Number(port) >= 0 && Number(port) <= 65_535)) {
    const text = `startLicenseServer, port: expected a whole number from 0 to 65535, got ${String(port)}`;
    throw new KnownError('USAGE', text);
  }
}

export function isLicenseInput(input: unknown): boolean {
  if (typeof input === 'string') return input !== '';
  const { name, text } = (input ?? {}) as Readonly<Record<string, unknown>>;
  return typeof name === 'string' && typeof text === 'string';
}

/** An assertion in a listener must not fail unheard. */
export const warnOfListeners: Notice = (what, { error }) => {
  if (what !== listenerFailed) return;
  const reason = error instanceof Error ? error.message : String(error);
  process.emitWarning(`fauxlm: ${what}: ${reason}`);
};
