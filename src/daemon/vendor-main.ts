import type { Clock } from '../base/clock.ts';
import { makeClock } from '../base/clock-setting.ts';
import { KnownError } from '../base/errors.ts';
import type { Catalog, VendorEntry } from './catalog.ts';
import type { ChildSetup, FromChild, ToChild } from './child-vendor.ts';
import { DaemonLog } from './daemon-log.ts';
import { Journal, type JournalEvent } from './journal.ts';
import { LogFile } from './log-file.ts';
import type { VendorDaemon } from './vendor-daemon.ts';
import { newVendorDaemon, readCatalogOf } from './vendor-factory.ts';

/**
 * The process of one vendor daemon (`--processes`): told what to be by its manager, and gone when the manager
 * is. Events go back in batches of one turn of the event loop.
 */
function tell(message: FromChild): void {
  if (process.connected) process.send?.(message);
}

const notice = (what: string, details: Readonly<Record<string, unknown>>): void => {
  tell({ kind: 'notice', what, details: plainDetails(details) });
};

/** Details without what does not travel: an error becomes its text. */
function plainDetails(details: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(details).map(([name, value]) => [
      name,
      value instanceof Error ? value.message : value,
    ]),
  );
}

let batch: JournalEvent[] = [];
function gather(event: JournalEvent): void {
  if (batch.push(event) > 1) return;
  setImmediate(() => {
    tell({ kind: 'events', events: batch });
    batch = [];
  });
}

function entryOf(catalog: Catalog, vendor: string): VendorEntry {
  const entry = catalog.vendors.find(({ name }) => name.toLowerCase() === vendor.toLowerCase());
  if (entry) return entry;
  const text = `${vendor}: expected a VENDOR line for it, got none`;
  throw new KnownError('LICENSE_UNSERVABLE', text);
}

interface Running {
  readonly daemon: VendorDaemon;
  readonly file: LogFile | undefined;
  readonly setup: ChildSetup;
  readonly clock: Clock;
}
let running: Running | undefined;

async function start(setup: ChildSetup): Promise<void> {
  const { config } = setup;
  const clock = makeClock(setup.clock);
  const catalog = readCatalogOf(config, clock.now());
  const file = config.log ? new LogFile(config.log, notice) : undefined;
  file?.open();
  const style = config.logStyle ?? 'time';
  const journal = new Journal({ size: 1 });
  journal.listen(({ event }) => feed.push(event));
  const daemon = newVendorDaemon(entryOf(catalog, setup.vendor), {
    config,
    clock,
    catalog,
    journal,
    notice,
    restarts: setup.restarts,
    port: setup.port,
    log: new DaemonLog(setup.vendor, { file, clock, style }),
  });
  await daemon.start((port) => tell({ kind: 'listening', port }));
  running = { daemon, file, setup, clock };
  tell({ kind: 'ready', port: daemon.port });
}

async function stop(signal: number): Promise<void> {
  await running?.daemon.stop(signal);
  await running?.file?.close();
  // The last events are gathered for the next turn; they go out before the process ends.
  setImmediate(() => setImmediate(() => process.exit(0)));
}

function reread(): void {
  try {
    const { daemon, setup, clock } = running!;
    const catalog = readCatalogOf(setup.config, clock.now());
    daemon.reread(entryOf(catalog, setup.vendor));
    tell({ kind: 'reread' });
  } catch (error) {
    if (!(error instanceof KnownError)) throw error;
    tell({ kind: 'reread', failed: error.message });
  }
}

process.on('message', (message: ToChild) => {
  if (message.kind === 'stop') void stop(message.signal);
  else if (message.kind === 'reread') reread();
  else {
    start(message.setup).catch((error: unknown) => {
      if (!(error instanceof KnownError)) throw error;
      tell({ kind: 'failed', code: error.code, message: error.message });
      setImmediate(() => process.exit(1));
    });
  }
});

// A terminal's Ctrl-C goes to the whole group; the manager decides what it means.
process.on('SIGINT', () => {});
process.on('SIGTERM', () => void stop(15));
// No orphan outlives its manager.
process.on('disconnect', () => process.exit(1));
