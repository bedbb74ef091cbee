import { type Clock, isMovable } from '../base/clock.ts';
import { adoptSetting, makeClock } from '../base/clock-setting.ts';
import { KnownError } from '../base/errors.ts';
import { snapshot } from '../domain/ledger/snapshot.ts';
import type { Catalog, VendorEntry } from './catalog.ts';
import { ClockMover } from './clock-mover.ts';
import { shortOfDescriptors } from './descriptors.ts';
import { EventFeed } from './event-feed.ts';
import { FaultBoard } from './faults/fault-board.ts';
import { Journal } from './journal.ts';
import type { LogFiles } from './log-files.ts';
import { managerLives } from './manager-watch.ts';
import { RareNotice } from './rare-notice.ts';
import type { Notice } from './server-config.ts';
import { ServerLogs } from './server-logs.ts';
import { Traffic } from './traffic.ts';
import { steady } from './triad/steady-clock.ts';
import { Turns } from './turns.ts';
import type { VendorDaemon } from './vendor-daemon.ts';
import { newVendorDaemon, readCatalogOf } from './vendor-factory.ts';
import type { ChildSetup, FromChild, Lease, Order, ToChild } from './vendor-process.ts';
import { endFailed, told } from './vendor-voice.ts';

function tell(message: FromChild): void {
  void told(message);
}

const notice: Notice = (what, details, level = 'warn') => {
  tell({ kind: 'notice', what, details: plainDetails(details), level });
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

const rarely = new RareNotice(notice);
const feed = new EventFeed({
  send: (events) => told({ kind: 'events', events }),
  lost: (events) => {
    if (events === undefined) rarely.tell('events are lost: the manager takes them too slowly');
    else rarely.tell('the manager takes events again', { lost: events });
  },
});

function entryOf(catalog: Catalog, vendor: string): VendorEntry {
  const entry = catalog.vendors.find(({ name }) => name.toLowerCase() === vendor.toLowerCase());
  if (entry) return entry;
  const text = `${vendor}: expected a VENDOR line for it, got none`;
  throw new KnownError('LICENSE_UNSERVABLE', text);
}

interface Running {
  readonly daemon: VendorDaemon;
  readonly setup: ChildSetup;
  readonly logs: LogFiles;
  readonly clock: Clock;
  /** Undefined on the machine's clock. */
  readonly mover: ClockMover | undefined;
  readonly board: FaultBoard;
}
let running: Running | undefined;

/** As a member of a triad: until when it may grant, told by its manager again and again. */
let lease: Lease = 0;

async function start(setup: ChildSetup): Promise<void> {
  const { config } = setup;
  const clock = makeClock(setup.clock);
  const catalog = readCatalogOf(config, clock.now());
  const traffic = new Traffic();
  const ownClock = traffic.ownClock(clock);
  const promises = steady(clock, ownClock);
  if (setup.lease !== undefined) lease = setup.lease;
  const logs = new ServerLogs(config, { clock: ownClock, notice, writer: setup.vendor });
  logs.open();
  const board = boardOf(setup, ownClock, logs.files);
  const journal = new Journal({ size: 1 });
  journal.listen(({ event }) => feed.push(event));
  const daemon = newVendorDaemon(entryOf(catalog, setup.vendor), {
    assumesHeartbeats: isMovable(clock),
    config,
    clock: ownClock,
    catalog,
    journal,
    traffic,
    faults: board.site('vendor', setup.vendor),
    notice,
    restarts: setup.restarts,
    port: setup.port,
    mayGrant:
      setup.lease === undefined
        ? managerLives
        : () => managerLives() && (lease === null || promises.now() < lease),
    logs: logs.files,
    log: logs.of(setup.vendor),
  });
  await daemon.start((port) => tell({ kind: 'listening', port }));
  const { files } = logs;
  const mover = isMovable(clock) ? new ClockMover(clock, { traffic, logs: files }) : undefined;
  running = { daemon, setup, logs: files, clock, mover, board };
  tell({ kind: 'ready', port: daemon.port, next: mover?.next });
}

/** The faults of this process. */
function boardOf(
  { vendor, faults, faultCounts }: ChildSetup,
  clock: Clock,
  logs: LogFiles,
): FaultBoard {
  const board = new FaultBoard(clock);
  board.onChange(() => logs.setFull(board.logsFull));
  board.put(faults, new Map(faultCounts));
  board.site('vendor', vendor).crash = () => {
    // The next process is not to begin to count anew.
    void told({ kind: 'counts', counts: [...board.counts] }).then(() => {
      process.kill(process.pid, 'SIGKILL');
    });
  };
  return board;
}

let stopping = false;

/** Told twice, as by its manager and by a signal to the whole group, it stops once. */
function stop(signal: number): void {
  if (stopping) return;
  stopping = true;
  void stopInOrder(signal);
}

async function stopInOrder(signal: number): Promise<void> {
  await running?.daemon.stop(signal);
  await running?.logs.close();
  await feed.drained();
  await told({ kind: 'stopped' });
  process.exit(0);
}

/** What each order takes. Everything that comes of it has been told, and is in the log, when it is done. */
const orders: {
  readonly [Kind in Order['kind']]: (
    order: Extract<Order, { kind: Kind }>,
    running: Running,
    aborted: AbortSignal,
  ) => void | Promise<void>;
} = {
  reread(_order, { daemon, setup, clock }) {
    const catalog = readCatalogOf(setup.config, clock.now());
    daemon.reread(entryOf(catalog, setup.vendor));
  },
  clear: (_order, { daemon }) => daemon.clear(),
  begin: (_order, { daemon }) => daemon.begin(),
  reopen: (_order, { logs }) => logs.reopen(),
  async arm({ faults }, { board, daemon }) {
    board.put(faults);
    await daemon.host.settled();
  },
  report: () => {},
  snapshot: () => {},
  async move({ to, setting }, { clock, mover }, aborted) {
    await mover?.moveTo(to, { aborted });
    if (setting !== undefined) adoptSetting(clock, setting);
  },
};

const turns = new Turns();
/** Ends what was ordered last. */
let halt = new AbortController();

async function carryOut(order: Order, aborted: AbortSignal): Promise<void> {
  let failed: string | undefined;
  try {
    await orders[order.kind](order as never, running!, aborted);
  } catch (error) {
    if (order.kind === 'reread' && !(error instanceof KnownError)) throw error;
    failed = error instanceof Error ? error.message : String(error);
  }
  await running!.logs.flushed();
  await feed.drained();
  tell({ kind: 'counts', counts: [...running!.board.counts] });
  const next = running!.mover?.next;
  const { borrowed, ledger } = running!.daemon;
  const asked = order.kind === 'snapshot' ? { ledger: snapshot(ledger) } : {};
  tell({ kind: 'done', next, borrowed, ...asked, ...(failed === undefined ? {} : { failed }) });
}

process.on('message', (message: ToChild) => {
  if (message.kind === 'stop') stop(message.signal);
  else if (message.kind === 'halt') halt.abort();
  else if (message.kind === 'lease') lease = message.until;
  else if (message.kind !== 'start') {
    halt = new AbortController();
    const { signal } = halt;
    void turns.take(() => carryOut(message, signal));
  } else {
    start(message.setup).catch((error: unknown) => {
      const known = error instanceof KnownError ? error : shortOfDescriptors(error);
      if (known === undefined) throw error;
      void endFailed(known);
    });
  }
});

// A terminal's Ctrl-C goes to the whole group; the manager decides what it means.
process.on('SIGINT', () => {});
process.on('SIGTERM', () => stop(15));
// As the manager's: a terminal that goes away is the manager's business.
process.on('SIGHUP', () => running?.logs.reopen());
// No orphan outlives its manager, not even one whose manager ended before this line was reached.
process.on('disconnect', () => process.exit(1));
if (!process.connected) process.exit(1);
