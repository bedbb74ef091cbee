import type { Clock } from '../base/clock.ts';
import { KnownError } from '../base/errors.ts';
import type { LicenseInput } from '../daemon/catalog.ts';
import { type JournalEntry, type JournalListener, listenerFailed } from '../daemon/journal.ts';
import { type LicenseServer, type RunningVendor, startServer } from '../daemon/server.ts';
import type { Notice } from '../daemon/server-config.ts';
import { type LedgerSnapshot, snapshot } from '../domain/ledger/snapshot.ts';
import { vendorPolicy } from '../domain/vendors/index.ts';

/** How to start a license server in a test. Everything but `licenses` may be left out. */
export interface LicenseServerOptions {
  /** License files, directories of *.lic, or `{ name, text }`. */
  readonly licenses: LicenseInput | readonly LicenseInput[];
  /** Options file, or `{ name, text }`, by vendor daemon name. */
  readonly options?: Readonly<Record<string, LicenseInput>>;
  /** Default 0: a free port, bound and kept. */
  readonly port?: number;
  /** Default: a clock of its own that runs in real time; a ManualClock stands still until moved. */
  readonly clock?: Clock;
  /** Debug log file; without it none is written, and the journal still has every event. */
  readonly log?: string;
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
}

/** A running license server, and what a test wants to know of it. */
export interface TestLicenseServer {
  /** `port@host`, for `-c` and LM_LICENSE_FILE. */
  readonly address: string;
  readonly port: number;
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
 * @throws KnownError for files that cannot be read or served (LICENSE_UNSERVABLE names lint's finding), or a
 * port in use.
 */
export async function startLicenseServer(
  options: LicenseServerOptions,
): Promise<TestLicenseServer> {
  const { licenses, log, port = 0, notice = warnOfListeners, ...others } = options;
  const server = await startServer({
    ...others,
    notice,
    licenses: Array.isArray(licenses)
      ? (licenses as readonly LicenseInput[])
      : [licenses as LicenseInput],
    port,
    ...(log === undefined ? {} : { log: { path: log, append: true } }),
  });
  return asTestServer(server);
}

/** An assertion in a listener must not fail unheard. */
const warnOfListeners: Notice = (what, { error }) => {
  if (what !== listenerFailed) return;
  const reason = error instanceof Error ? error.message : String(error);
  process.emitWarning(`fauxlm: ${what}: ${reason}`);
};

function asTestServer(server: LicenseServer): TestLicenseServer {
  const stop = (): Promise<void> => server.stop();
  return {
    address: server.address,
    port: server.port,
    get vendors() {
      return server.vendors;
    },
    env: environmentOf(server),
    journal: (from) => server.journal.entries(from),
    listen: (listener) => server.journal.listen(listener),
    snapshot: (vendor) => snapshotOf(server, vendor),
    reread: () => server.reread(),
    killVendor: (name) => server.killVendor(name),
    stop,
    [Symbol.asyncDispose]: stop,
  };
}

function snapshotOf(server: LicenseServer, vendor: string): LedgerSnapshot {
  const daemon = server.daemon(vendor);
  if (daemon) return snapshot(daemon.ledger);
  const known = server.vendors.map(({ name }) => name).join(', ');
  throw new KnownError('USAGE', `expected a vendor daemon that is up of ${known}, got ${vendor}`);
}

/** The variables by which clients of these daemons find the server. */
export function environmentOf(server: LicenseServer): Readonly<Record<string, string>> {
  const variables = server.vendors.flatMap(({ name }) => vendorPolicy(name).environmentVariables);
  const names = ['LM_LICENSE_FILE', ...variables];
  return Object.fromEntries(names.map((name) => [name, server.address]));
}
