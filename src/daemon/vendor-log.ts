import { hostname } from 'node:os';
import type { Cancel, Clock, EpochMs } from '../base/clock.ts';
import type { BorrowLost, LedgerEvent, SeatKept } from '../domain/ledger/events.ts';
import type { Client } from '../domain/ledger/model.ts';
import { unloggedEvents } from '../domain/options/in-force.ts';
import type { LoggedEvent } from '../domain/options/model.ts';
import type { Release } from '../text/banner.ts';
import {
  deniedLine,
  dequeuedLine,
  expiredLine,
  inLine,
  logClient,
  outLine,
  queuedLine,
  timestampLine,
  unsupportedLine,
} from '../text/debug-log.ts';
import {
  exitingLine,
  rereadTexts,
  resetTexts,
  vendorRereadLines,
  vendorShutdownLine,
} from '../text/debug-log-admin.ts';
import { firstClientLines, vendorStartLines } from '../text/debug-log-start.ts';
import { walkLogLines } from '../text/debug-log-walk.ts';
import { printable } from '../text/wording.ts';
import type { DaemonLog } from './daemon-log.ts';
import { inReason, loggedAs } from './logged-events.ts';
import { optionEchoesOf } from './option-echoes.ts';
import type { Peer } from './peer.ts';
import { SeatLines } from './seat-lines.ts';
import { expiredFeatures, listedFeatures, newlyExpired } from './served-features.ts';
import type { VendorDaemon } from './vendor-daemon.ts';
import { type VerboseEvent, verboseLogLine } from './verbose-log.ts';

/** Vendor daemons stamp the date every six hours, five minutes behind lmgrd. Source: public logs. */
const TIMESTAMP_FIRST_MS = (6 * 60 + 5) * 60_000;
const TIMESTAMP_EVERY_MS = 6 * 60 * 60_000;

/** Foreign messages told of per connection: what they are is clear from the first. */
const FOREIGN_TOLD_MAX = 1;

export interface VendorLogOptions {
  readonly vendor: string;
  readonly log: DaemonLog;
  readonly clock: Clock;
  readonly release: Release;
  readonly pid: number;
  readonly serverHost: string;
  readonly serverHostids: readonly string[];
  readonly licenseFiles: readonly string[];
  readonly restarts: number;
  /** Lines of seats have their verbose form. */
  readonly verbose: boolean;
}

/** One vendor daemon's debug log: its life, and each ledger event as the line FlexNet writes for it. */
export class VendorLog {
  readonly #options: VendorLogOptions;
  readonly #log: DaemonLog;
  readonly #seatLines = new SeatLines();
  readonly #cutShort = new Set<string>();
  readonly #foreign = new WeakMap<Peer, number>();
  #daemon: VendorDaemon | undefined;
  #anyClient = false;
  #unlogged: ReadonlySet<LoggedEvent> = new Set();
  #rereads = 0;
  #timestamp: Cancel | undefined;
  #startedAt: EpochMs = 0;

  constructor(options: VendorLogOptions) {
    this.#options = options;
    this.#log = options.log;
  }

  started(daemon: VendorDaemon): void {
    const { clock, release, pid, restarts, serverHost, serverHostids } = this.#options;
    const { entry, policy } = { entry: daemon.entry, policy: daemon.options.policy };
    this.#startedAt = clock.now();
    if (this.#options.verbose) this.#daemon = daemon;
    this.#unlogged = unloggedEvents(entry.options);
    const optionsFile = entry.options?.source.name;
    this.#log.lines(
      vendorStartLines({
        vendor: daemon.name,
        startedAt: this.#startedAt,
        pid,
        release,
        port: daemon.port,
        restarts,
        serverHost,
        ...(serverHostids.includes('ANY') ? {} : { lockedTo: serverHostids }),
        ...(optionsFile === undefined ? {} : { optionsFile }),
        host: hostname(),
        lmgrdVersion: release.version,
        expired: expiredFeatures(daemon.ledger, daemon.now()),
        features: listedFeatures(daemon.ledger),
        caseSensitive: policy.caseSensitive,
        selectTimeoutSeconds: daemon.settings.selectTimeoutSeconds,
        optionEchoes: optionEchoesOf(daemon.ledger),
        optionsComplaints: entry.optionsComplaints,
      }),
    );
    this.#stampLater(this.#startedAt + TIMESTAMP_FIRST_MS);
  }

  #stampLater(at: EpochMs): void {
    this.#timestamp = this.#options.clock.schedule(at, () => {
      this.#log.line(timestampLine(this.#options.clock.now()));
      this.#stampLater(at + TIMESTAMP_EVERY_MS);
    });
  }

  rereading(): void {
    this.#log.line(rereadTexts.vendorBegins);
  }

  reread(daemon: VendorDaemon, mechanism: 'Manual' | 'Automatic'): void {
    const optionsFile = daemon.entry.options?.source.name;
    this.#unlogged = unloggedEvents(daemon.entry.options);
    this.#cutShort.clear();
    this.#log.lines(
      vendorRereadLines({
        vendor: daemon.name,
        at: this.#options.clock.now(),
        count: ++this.#rereads,
        mechanism,
        selectTimeoutSeconds: daemon.settings.selectTimeoutSeconds,
        licenseFiles: this.#options.licenseFiles,
        ...(optionsFile === undefined ? {} : { optionsFile }),
        host: hostname(),
        features: listedFeatures(daemon.ledger),
        updated: [...daemon.ledger.features.values()].map(({ name }) => name),
        optionEchoes: optionEchoesOf(daemon.ledger),
        optionsComplaints: daemon.entry.optionsComplaints,
        expired: expiredFeatures(daemon.ledger, daemon.now()),
      }),
    );
  }

  /** What was in force stays so. */
  rereadFailed(why: string): void {
    this.#log.line(`fauxlm: the license files cannot be read again: ${printable(why)}`);
  }

  /** After a midnight at which nothing was to be read. */
  rereadNothing(): void {
    this.#log.line(rereadTexts.vendorEnds);
  }

  /** FlexNet knows no reset; wording of ours. */
  resetting(): void {
    this.#log.line(resetTexts.vendor);
  }

  /** After a reset, on a clock that may stand elsewhere. */
  begun(): void {
    this.stop();
    this.#startedAt = this.#options.clock.now();
    this.#rereads = 0;
    this.#log.line(timestampLine(this.#startedAt));
    this.#stampLater(this.#startedAt + TIMESTAMP_FIRST_MS);
  }

  shuttingDown(): void {
    this.#log.line(vendorShutdownLine);
  }

  exiting(signal: number): void {
    this.stop();
    this.#log.line(exitingLine(signal));
  }

  /** No more lines of its own accord. */
  stop(): void {
    this.#timestamp?.();
  }

  /** Two notices that daemons give once, at their first client. */
  clientConnected(): void {
    if (this.#anyClient) return;
    this.#anyClient = true;
    this.#log.lines(firstClientLines);
  }

  /**
   * A client that says what fauxlm does not know, most likely a vendor's own software that wants its handshake.
   * FlexNet has no line for that; ours has UNSUPPORTED's form, so that log readers file it as what it is.
   */
  unsupportedClient(peer: Peer, type: number): void {
    const told = this.#foreign.get(peer) ?? 0;
    this.#foreign.set(peer, told + 1);
    if (told >= FOREIGN_TOLD_MAX) return;
    const client = peer.client
      ? logClient(peer.client.user, peer.client.host)
      : `?@${peer.remoteAddress}`;
    const feature = `message 0x${type.toString(16).padStart(4, '0')}`;
    this.#log.line(
      unsupportedLine({ feature, client, key: 'NO VENDOR HANDSHAKE' }, { major: -140, minor: 702 }),
    );
  }

  /** Once per kind of reply and reread: a public reply has a 16-bit length and carries what fits. */
  cutShort(what: string): void {
    if (this.#cutShort.has(what)) return;
    this.#cutShort.add(what);
    this.#log.line(`fauxlm: the ${what} is longer than one reply; the rest is left out`);
  }

  /** False when nobody reads the lines. */
  get written(): boolean {
    return this.#log.written;
  }

  /** How a checkout is going to be decided, in lines that log readers take for a summary. */
  walk(lines: readonly string[]): void {
    this.#log.lines(walkLogLines(this.#options.vendor, lines));
  }

  event(event: LedgerEvent): void {
    if (!this.#log.written || this.#isUnlogged(event)) return;
    const usual = this.#daemon === undefined ? this.#seatLines.usual(event) : undefined;
    if (usual !== undefined) return this.#log.rawLine(usual, event.at);
    switch (event.kind) {
      case 'seatTaken':
        return this.#seatLine(outLine(this.#seat(event)), event);
      case 'seatReturned':
        return this.#seatLine(inLine(this.#seat(event), inReason[event.reason]), event);
      case 'checkoutDenied':
        return this.#seatLine(deniedLine(this.#seat({ ...event, data: '' }), event.refusal), event);
      case 'featureUnsupported':
        return this.#log.line(
          unsupportedLine(
            { feature: event.feature, client: this.#client(event.client) },
            event.refusal,
          ),
        );
      case 'poolCapacityChanged':
        return this.#log.lines(newlyExpired(event).map(expiredLine));
      case 'seatKept':
        return event.cut ? this.#log.line(this.#cutLine(event), event.at) : undefined;
      case 'checkoutQueued':
        return this.#seatLine(queuedLine(this.#seat(event)), event);
      case 'checkoutDequeued':
        return this.#seatLine(dequeuedLine(this.#seat(event)), event);
      case 'borrowLost':
        return this.#log.line(this.#lostLine(event), event.at);
      case 'borrowConfirmed':
      case 'checkinRefused':
      case 'sessionQuieted':
        return undefined;
    }
  }

  #seatLine(line: string, event: VerboseEvent): void {
    const daemon = this.#daemon;
    this.#log.line(daemon === undefined ? line : verboseLogLine(daemon, line, event), event.at);
  }

  /** FlexNet is said to warn of this, in words nobody has published. Source: LAG, "LINGER". */
  #cutLine({ feature, client }: SeatKept): string {
    return `fauxlm: "${feature}" expires before the linger of ${this.#client(client)} would be over`;
  }

  /** FlexNet has no line for that; ours. */
  #lostLine({ feature, client }: BorrowLost): string {
    return `fauxlm: "${feature}" borrowed by ${this.#client(client)} is over, or licensed no more`;
  }

  #isUnlogged({ kind }: LedgerEvent): boolean {
    if (this.#unlogged.size === 0) return false;
    const logged = loggedAs[kind];
    return logged !== undefined && this.#unlogged.has(logged);
  }

  #seat(event: {
    readonly feature: string;
    readonly client: Client;
    readonly count: number;
    readonly data: string;
  }) {
    const { feature, count, data } = event;
    return { feature, client: this.#client(event.client), count, data };
  }

  #client(client: Client): string {
    return this.#seatLines.nameOf(client);
  }
}
